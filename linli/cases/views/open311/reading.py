"""What another system sends: a form as the standard has it, or the same names as JSON or XML.

Everything becomes one flat set of names with one or more values. Bodies are small, their depth is
bounded, and XML may declare nothing: no document type, no entities.
"""

import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from linli.cases.views.open311.writing import Refusals
from linli.kernel import clock
from linli.kernel.errors import BadInput, DomainError
from linli.kernel.forms import clean_text

MOST_BYTES: Final = 256 * 1024
# Four photos as phones take them, and what stands between them.
MOST_BYTES_WITH_PHOTOS: Final = 32 * 1024 * 1024
MOST_DEPTH: Final = 6
MOST_VALUES: Final = 500
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d*\])?")
_ZONE: Final = re.compile(r" (\d\d:?\d\d)$")  # a plus sign that an address turned into a space

Values = dict[str, list[str]]


class TooLarge(DomainError):
    """More than a report with its photos."""

    status = 413
    code = "too_large"


class Fields:
    """The names and values of a request; nothing given and an empty value are the same."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = {
            name: [text for one in given if (text := clean_text(one).strip())]
            for name, given in values.items()
        }

    def get(self, name: str, *others: str) -> str:
        """Return the last value of the first of these names that has one, or ""."""
        for one in (name, *others):
            if self._values.get(one):
                return self._values[one][-1]
        return ""

    def all(self, name: str) -> list[str]:
        """Return the values of a name; what stands in one, separated by commas, is several."""
        parts = [part.strip() for one in self._values.get(name, ()) for part in one.split(",")]
        return [part for part in parts if part]

    def several(self, name: str) -> list[str]:
        """Return the values of a name as they were given, once each; a name may end in []."""
        given = [*self._values.get(name, ()), *self._values.get(f"{name}[]", ())]
        return list(dict.fromkeys(given))

    def attributes(self) -> dict[str, list[str]]:
        """Return the answers to a service's questions: attribute[code]=…, also attribute[code][]=…"""
        found: dict[str, list[str]] = {}
        for name, values in self._values.items():
            match = _ATTRIBUTE.fullmatch(name)
            if match and values:
                found.setdefault(match[1], []).extend(values)
        return found

    def moment(self, name: str) -> datetime | None:
        """Return a moment in W3C form with its zone; a day is its first moment here. Errors: BadInput."""
        text = _ZONE.sub(r"+\1", self.get(name))
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise _wrong_moment(name) from None
        if found.tzinfo is None:
            if len(text) > 10:
                raise _wrong_moment(name)
            found = found.replace(tzinfo=clock.BEIJING)
        if not 1990 <= found.year <= 2200:
            raise _wrong_moment(name)
        return found

    def number(self, name: str) -> float | None:
        """Return a number. Errors: BadInput."""
        text = self.get(name)
        if not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise BadInput(_("%(name)s 要是一个数字。") % {"name": name}, field=name)
        return found

    def whole(self, name: str, default: int, most: int) -> int:
        """Return a whole number from 1 to `most`. Errors: BadInput."""
        text = self.get(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
            raise BadInput(
                _("%(name)s 要是 1 到 %(most)d 的整数。") % {"name": name, "most": most}, field=name
            )
        return int(text)


def read(request: HttpRequest) -> Fields:
    """Return what a request says: its address, and the body of a POST, which wins.

    Errors: TooLarge (before anything is read), Refusals (what can't be understood).
    """
    values = {name: request.GET.getlist(name) for name in request.GET}
    if request.method == "POST":
        _check_size(request)
        values |= _body(request)
    if sum(map(len, values.values())) > MOST_VALUES:
        raise Refusals([_("一次发来的参数太多了。")])
    return Fields(values)


def _check_size(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length", "")
    is_form = request.content_type == "multipart/form-data"
    most = MOST_BYTES_WITH_PHOTOS if is_form else MOST_BYTES
    if length.isdigit() and int(length[:12]) > most:
        raise TooLarge(_("一次最多收 %(n)s KB。") % {"n": f"{most // 1024:,}"})


def _body(request: HttpRequest) -> Values:
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return _form(request)
    reader = {
        "application/json": _json,
        "application/xml": _xml,
        "text/xml": _xml,
    }.get(request.content_type or "")
    if reader is None:
        raise Refusals([_(
            "Content-Type 要是 application/x-www-form-urlencoded、multipart/form-data、"
            "application/json 或 text/xml。"
        )])  # fmt: skip
    try:
        return _flat(reader(request.body))
    except RecursionError:  # lists in lists that JSON itself still reads
        raise Refusals([_("内容嵌套太深。")]) from None


def _form(request: HttpRequest) -> Values:
    try:
        return {name: request.POST.getlist(name) for name in request.POST}
    except (MultiPartParserError, SuspiciousOperation, UnicodeError):
        raise Refusals([_("表单没有读懂：请用 UTF-8，参数不要太多。")]) from None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise Refusals([_("JSON 没有读懂。")]) from None


def _xml(body: bytes) -> Any:
    """Read elements as their text or as what is in them; an element that is there twice is a list."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    root: Any = None
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(body), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > MOST_DEPTH:
                raise Refusals([_("XML 嵌套太深。")])
            root = element
    except (DefusedXmlException, ParseError, ValueError, LookupError):
        raise Refusals([_("XML 没有读懂，或者带有不允许的声明。")]) from None
    return _tree(root)


def _tree(element: Any) -> Any:
    if not len(element):
        return element.text or ""
    found: dict[str, Any] = {}
    for below in element:
        found.setdefault(str(below.tag), []).append(_tree(below))
    return {name: one[0] if len(one) == 1 else one for name, one in found.items()}


def _flat(tree: Any) -> Values:
    """Return names and values of a body; answers to questions may stand below `attribute(s)`."""
    inner = _unwrapped(tree)
    if not isinstance(inner, dict):
        raise Refusals([_("内容要是一组名称和值。")])
    found: Values = {}
    for name, value in inner.items():
        if name in ("attribute", "attributes"):
            for code, answer in _answers(value):
                found.setdefault(f"attribute[{code}]", []).extend(_texts(answer))
        else:
            found[str(name)] = _texts(value)
    return found


def _unwrapped(tree: Any) -> Any:
    """Return what is inside the standard's wrappers: [{…}], <service_requests><request>…"""
    for _level in range(3):
        if isinstance(tree, list) and len(tree) == 1:
            tree = tree[0]
        elif isinstance(tree, dict) and len(tree) == 1:
            (name,) = tree
            if name not in (
                "service_requests",
                "request",
                "service_request_updates",
                "request_update",
            ):
                break
            tree = tree[name]
    return tree


def _answers(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield codes and answers from {"code": answer} or [{"code": …, "value": …}], wrapped or not."""
    if isinstance(value, dict) and set(value) == {"attribute"}:
        value = value["attribute"]
    many = value if isinstance(value, list) else [value]
    for one in many:
        if not isinstance(one, dict):
            raise Refusals([_("attribute 要写成代码和值。")])
        if "code" in one:
            yield str(one["code"]), one.get("value", one.get("values", ""))
        else:
            yield from ((str(code), answer) for code, answer in one.items())


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)][:MOST_VALUES]
    if isinstance(value, dict):
        raise Refusals([_("内容要是一组名称和值。")])
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [] if value is None else [str(value)]


def _wrong_moment(name: str) -> BadInput:
    return BadInput(
        _("%(name)s 要写成 2026-03-02T09:00:00+08:00 这样，带时区。") % {"name": name}, field=name
    )
