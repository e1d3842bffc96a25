"""A request as sent, as the report of the pages: service, place, words, answers, contact."""

import re
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.cases.rules import MANY, SPOT_LIMIT
from linli.cases.selectors import Source
from linli.cases.selectors import open311 as selectors
from linli.cases.services.intake import Report
from linli.cases.views.open311.catalogue import options_of
from linli.cases.views.open311.edge import Call
from linli.cases.views.open311.reading import Fields
from linli.cases.views.open311.writing import Refusals
from linli.kernel.errors import BadInput, DomainError
from linli.places import selectors as places
from linli.places.selectors import Where
from linli.places.selectors.where import grid_at

# The sending system asked its reporter; what it told them is its own, so the version names the door.
CONSENT: Final = "open311-1"
ANSWER_LIMIT: Final = 200
MEDIA_MOST: Final = 4
_CJK = re.compile("[\u3400-\u9fff]")


def report_of(call: Call, key: str) -> Report:
    """Return the report that a request makes. Errors: Refusals, which tell all that is wrong at once."""
    fields, wrong = call.fields, _Wrong()
    category = wrong.of(_category, call)
    where = wrong.of(_where, call)
    answers = wrong.of(_answers, fields, category, wrong) if category else ()
    words = fields.get("description")
    if not words:
        wrong.messages.append(_("description 没有写：发生了什么。"))
    wrong.check()
    assert category is not None
    assert where is not None
    spot = fields.get("address_string")
    if len(spot) > SPOT_LIMIT:
        words, spot = f"{words}\n{_('地址')}：{spot}", spot[: SPOT_LIMIT - 1] + "…"
    email = fields.get("email")
    return Report(
        category_id=category.pk,
        text=words,
        where=where,
        source=Source.API,
        spot=spot,
        answers=tuple(answers or ()),
        name=_name(fields),
        phone=fields.get("phone"),
        address=email,
        consent_version=CONSENT if _name(fields) or fields.get("phone") or email else "",
        key=key,
    )


def media_of(fields: Fields) -> list[str]:
    """Return the addresses of photos to fetch; commas are part of an address. Errors: BadInput."""
    found = fields.several("media_url")
    if len(found) > MEDIA_MOST:
        raise BadInput(_("media_url 最多 %(n)d 个。") % {"n": MEDIA_MOST}, field="media_url")
    for one in found:
        if not one.startswith(("http://", "https://")) or len(one) > 1000:
            raise BadInput(_("media_url 要是 http 或 https 的地址。"), field="media_url")
    return found


class _Wrong:
    """What is wrong with a request, gathered, so that it is told in one answer."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.first: DomainError | None = None

    def of(self, read: Any, *given: Any) -> Any:
        """Return what a reader gives, or None where it refused."""
        try:
            return read(*given)
        except DomainError as error:
            self.first = self.first or error
            self.messages += error.messages if isinstance(error, Refusals) else [error.message]
            return None

    def check(self) -> None:
        """Refuse when something was wrong: what is not there keeps its own status."""
        if self.first is not None and self.first.status == 404:
            raise self.first
        if self.messages:
            raise Refusals(self.messages)


def _category(call: Call) -> Any:
    code = call.fields.get("service_code")
    if not code:
        raise BadInput(_("service_code 没有写。"), field="service_code")
    return selectors.get_service(code, call.actor)


# Where


def _where(call: Call) -> Where:
    fields = call.fields
    if fields.get("address_id"):
        return _of_code(call)
    lat, lon = fields.number("lat"), fields.number("long")
    if (lat is None) != (lon is None):
        raise BadInput(_("lat 和 long 要一起写。"), field="lat")
    if lat is None and not fields.get("address_string"):
        raise BadInput(
            _("写明在哪里：lat 和 long，或 address_string，或 address_id（点位码）。"), field="lat"
        )
    community = call.community or _community_at(lat, lon)
    return places.where_of(community_id=community.pk, lat=lat, lon=lon)


def _of_code(call: Call) -> Where:
    found = places.find_place_code(call.fields.get("address_id"))
    is_elsewhere = (
        found is not None and call.community is not None and found.community_id != call.community.pk
    )
    if found is None or found.ended_at is not None or is_elsewhere:
        raise BadInput(_("address_id 不是这里的点位码。"), field="address_id")
    return places.where_of_code(found)


def _community_at(lat: float | None, lon: float | None) -> Any:
    """Return the community that a point lies in, by its own outline or a grid's; the only one, if so."""
    here = list(places.communities())
    if lat is not None and lon is not None:
        for community in here:
            if grid_at([community, *places.grids_of(community.pk)], lat, lon):
                return community
    if len(here) == 1:
        return here[0]
    raise BadInput(
        _("说不准是哪个社区：请用 jurisdiction_id 写明社区，或写 address_id（点位码）。"),
        field="jurisdiction_id",
    )


# What the service asks


def _answers(fields: Fields, category: Any, wrong: _Wrong) -> list[tuple[str, str]]:
    given = fields.attributes()
    asked = selectors.questions(category)
    codes = {one.code for one in asked}
    wrong.messages += [
        _("%(code)s 没有 attribute[%(name)s] 这一问。") % {"code": category.code, "name": name}
        for name in sorted(set(given) - codes)
    ]
    found = []
    for question in asked:
        answer = wrong.of(_answer, question, given.get(question.code, []))
        if answer:
            found.append((str(question.text), str(answer)))
    return found


def _answer(question: Any, given: list[str]) -> str:
    name = f"attribute[{question.code}]"
    if not given:
        if question.is_required:
            raise BadInput(
                _("%(name)s 没有写：%(text)s") % {"name": name, "text": question.text}, field=name
            )
        return ""
    if str(question.kind) == "choices":
        chosen = list(dict.fromkeys(given))
        for one in chosen:
            _check_answer(question, name, one)
        return MANY.join(chosen)
    if len(given) > 1:
        raise BadInput(_("%(name)s 只能有一个值。") % {"name": name}, field=name)
    _check_answer(question, name, given[0])
    return given[0]


def _check_answer(question: Any, name: str, answer: str) -> None:
    options = options_of(question)
    if options and answer not in options:
        told = {"name": name, "options": "、".join(options)}
        raise BadInput(_("%(name)s 要是其中一个：%(options)s。") % told, field=name)
    if str(question.kind) == "number" and not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", answer):
        raise BadInput(_("%(name)s 要是一个数字。") % {"name": name}, field=name)
    if len(answer) > ANSWER_LIMIT:
        raise BadInput(
            _("%(name)s 最多 %(n)d 个字。") % {"name": name, "n": ANSWER_LIMIT}, field=name
        )


def _name(fields: Fields) -> str:
    first, last = fields.get("first_name"), fields.get("last_name")
    if _CJK.search(first + last):
        return last + first
    return f"{first} {last}".strip()
