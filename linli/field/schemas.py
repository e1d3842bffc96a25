"""What a phone sends, read strictly: nothing of another shape reaches a service."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from linli.field import rules
from linli.field.services.submissions import Delivery
from linli.kernel.errors import BadInput
from linli.kernel.forms import clean_text

T = TypeVar("T")
MOST_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 4
_KIND: Final = re.compile(r"[a-z_]{1,29}\.[a-z_]{1,29}")
_VERSION: Final = re.compile(r"[ -~]{0,60}")  # printable; PostgreSQL takes no NUL
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
# A phone that lost its battery begins in 1970, or in the year of its make.
_CLOCKS: Final = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


def read_json(body: bytes) -> dict[str, Any]:
    """Return the object that a phone sent. Errors: BadInput."""
    if len(body) > MOST_BYTES:
        raise BadInput(_("这条记录太大了，分成几条再交。"))
    try:
        said = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadInput(_("内容不是一份完整的 JSON。")) from None
    if not isinstance(said, dict):
        raise BadInput(_("内容要是一个对象。"))
    return said


def read_delivery(said: dict[str, Any], *, now: datetime) -> Delivery:
    """Return the submission that a phone sent. Errors: BadInput, with the field."""
    return Delivery(
        id=_field(said, "id", UUID),
        kind=_field(said, "kind", _matching(_KIND)),
        title=_field(said, "title", _line, "")[:120],
        subject_id=_field(said, "subject_id", _maybe_id, None),
        base_version=_field(said, "base_version", _matching(_VERSION), ""),
        answers=_field(said, "answers", _answers),
        told=_field(said, "told", _told, ()),
        photos=_field(said, "photos", _photos, ()),
        said_at=_field(said, "made_at", read_moment),
        after=_field(said, "after", _ids, ()),
        skew=read_skew(str(said.get("phone_now", "")), now) or timedelta(0),
    )


def read_moment(text: Any) -> datetime:
    """Return a moment as ISO 8601 has it, aware. Errors: ValueError."""
    moment = datetime.fromisoformat(_text(text))
    if moment.tzinfo is None or not _CLOCKS[0] <= moment <= _CLOCKS[1]:
        raise ValueError("No moment that a clock shows.")
    return moment


def read_skew(text: str, now: datetime) -> timedelta | None:
    """Return what to add to the phone's clock, which shows `text`; None when it says nothing."""
    try:
        return rules.skew_of(read_moment(text), now)
    except ValueError:
        return None


_MISSING: Final = object()


def _field(said: dict[str, Any], name: str, read: Callable[[Any], T], default: Any = _MISSING) -> T:
    value = said.get(name)
    if value is None:
        if default is _MISSING:
            raise BadInput(_("%(name)s 还没有填。") % {"name": name}, field=name)
        return default
    try:
        return read(value)
    except (ValueError, TypeError, AttributeError):
        raise BadInput(_("%(name)s 的写法不对。") % {"name": name}, field=name) from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("A text was expected.")
    return value


def _line(value: Any) -> str:
    return clean_text(_text(value))


def _matching(pattern: re.Pattern[str]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not pattern.fullmatch(_text(value)):
            raise ValueError("Another shape was expected.")
        return str(value)

    return read


def _maybe_id(value: Any) -> UUID | None:
    return UUID(value) if _text(value) else None


def _ids(value: Any) -> tuple[UUID, ...]:
    return tuple(UUID(_text(one)) for one in _list(value))


def _photos(value: Any) -> tuple[tuple[str, UUID], ...]:
    code = _matching(_CODE)
    return tuple((code(item), UUID(_text(one))) for item, one in map(_list, _list(value)))


def _told(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_line(label)[:120], _line(said)) for label, said in map(_list, _list(value)))


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("A list was expected.")
    return value


def _answers(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("An object was expected.")
    cleaned: dict[str, Any] = _cleaned(value, MOST_DEPTH)
    return cleaned


def _cleaned(value: Any, room: int) -> Any:
    if isinstance(value, str):
        return clean_text(value.encode("utf-8", "ignore").decode())
    if isinstance(value, list | dict) and not room:
        raise ValueError("Nested too deeply.")
    if isinstance(value, list):
        return [_cleaned(one, room - 1) for one in value]
    if isinstance(value, dict):
        return {clean_text(str(key))[:60]: _cleaned(one, room - 1) for key, one in value.items()}
    return value


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")
