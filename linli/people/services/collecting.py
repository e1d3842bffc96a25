"""A household is checked at its door: who is still there, and the answers that had grown old."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.idempotency import fingerprint, once
from linli.people.events import HouseholdChecked, PersonCorrected
from linli.people.models import Fact, FieldSubject, FieldValue, Household, KnownFrom, Person
from linli.people.rules import normalise_phone
from linli.people.rules.import_rows import read_day
from linli.people.selectors import collecting as asked
from linli.people.selectors.finding import REGISTER
from linli.people.selectors.register import persons_of_home
from linli.people.services.contacts import phone_or_refuse
from linli.people.services.counting import hold
from linli.people.services.moving import move_out
from linli.people.services.register import correct_person, record_death
from linli.places.selectors.homes import HomeAt, get_home

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer whose subject was changed since the phone fetched it."""

    code: str
    label: str
    sent: str
    here: str


class Clashes(Exception):
    """Nothing was written: somebody has to look at both. version: of the household, as it was looked at."""

    def __init__(self, clashes: tuple[Clash, ...], version: int) -> None:
        super().__init__("changed meanwhile")
        self.clashes = clashes
        self.version = version


@transaction.atomic
def check_household(
    *,
    home_id: UUID,
    answers: Mapping[str, Any],
    version: int | None = None,
    known_at: datetime | None = None,
    source: str = KnownFrom.FIELD,
    at: datetime,
    actor: Actor,
    now: datetime,
    key: str = "",
) -> Household:
    """Take the answers of a check: who has moved or died, and facts with the moment they were said.

    answers: by item code, as `check_items` gave them; what is empty was not answered.
    version: of the household that the form was made from; None doesn't ask. The same key is once.
    known_at: when its people were last changed, as the form knew them; None doesn't ask.
    Errors: NotAllowed, NotFound, BadInput, Clashes.
    """
    home = get_home(home_id)
    actor.require(REGISTER, home.area_path)

    def make() -> UUID:
        return _check(home, _Check(answers, version, source, min(at, now), known_at), actor, now).pk

    said = fingerprint(home_id)
    household_id, _is_new = once("people.check", key, said, make)
    return Household.objects.get(pk=household_id)


@dataclass(frozen=True, slots=True)
class _Check:
    answers: Mapping[str, Any]
    version: int | None
    source: str
    at: datetime
    known_at: datetime | None = None


def _check(home: HomeAt, check: _Check, actor: Actor, now: datetime) -> Household:
    household = hold([home], now)[home.id]
    said = {
        code: str(value).strip() for code, value in check.answers.items() if value not in ("", None)
    }
    if check.version not in (None, household.version) or check.known_at is not None:
        _refuse_clashes(household, home, said, check, actor)
    take = partial(_take, household, home, check=check, actor=actor, now=now)
    changed = [code for code, value in sorted(said.items()) if take(code, value)]
    household.refresh_from_db()
    household.checked_at, household.checked_by = check.at, actor.who
    household.version += 1
    household.save(update_fields=["checked_at", "checked_by", "version"])
    event = HouseholdChecked(
        subject_id=household.pk, area_path=home.area_path, changed=",".join(changed),
        version=household.version, source=check.source,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return household


def _take(
    household: Household,
    home: HomeAt,
    code: str,
    value: str,
    *,
    check: _Check,
    actor: Actor,
    now: datetime,
) -> bool:
    """Take one answer; tell whether it changed anything."""
    if code.startswith("p_"):
        return _take_presence(home, _id(code[2:]), value, check, actor, now=now)
    name, _dash, whose = code.removeprefix("f_").rpartition("_")
    person_id = _id(whose) if len(whose) == 32 else None
    field = _field(name if person_id else code.removeprefix("f_"), actor, home.area_path)
    if (field.subject == FieldSubject.PERSON) != (person_id is not None):
        raise BadInput(_("这一项的写法认不出来，换一种写法试试。"), field=code)
    value = _checked(field, value)
    if field.column and person_id is not None:
        facts = {field.column: _as_column(field.column, value)}
        correct_person(
            person_id=person_id, facts=facts, source=check.source, at=check.at, actor=actor, now=now
        )
        value = ""
    elif (
        person_id is not None and not Person.objects.filter(pk=person_id, home_id=home.id).exists()
    ):
        raise BadInput(_("这个人不在这一户了。"), field=code)
    return _keep(field, value, person_id, household, check=check, actor=actor)


def _take_presence(
    home: HomeAt, person_id: UUID, value: str, check: _Check, actor: Actor, *, now: datetime
) -> bool:
    day = clock.local(check.at).date()
    if value == asked.MOVED:
        move_out(person_id=person_id, home_id=home.id, ends_on=day, actor=actor, now=now)
    elif value == asked.DIED:
        record_death(person_id=person_id, died_on=day, actor=actor, now=now)
    elif value == asked.STILL:
        Person.objects.filter(pk=person_id, home_id=home.id, checked_at__lt=check.at).update(
            checked_at=check.at
        )
        return False
    else:
        raise BadInput(_("选一下还住不住在这里。"), field=f"p_{person_id.hex}")
    return True


def _keep(
    field: Any,
    value: str,
    person_id: UUID | None,
    household: Household,
    *,
    check: _Check,
    actor: Actor,
) -> bool:
    whose: dict[str, Any] = {"person_id": person_id} if person_id else {"household": household}
    known = Fact.objects.filter(field=field, **whose).first()
    is_new = known is None or known.value != value
    if known is None:
        known = Fact(field=field, **whose)
    elif known.known_at > check.at and not is_new:
        return False
    known.value, known.known_at = value, check.at
    known.source, known.account_id = check.source, actor.who
    known.save()
    return is_new


def _refuse_clashes(
    household: Household, home: HomeAt, said: Mapping[str, str], check: _Check, actor: Actor
) -> None:
    changed: set[str] = set()
    for event in events.timeline(household.pk):
        if event.name == HouseholdChecked.name and event.data["version"] > (check.version or 0):
            changed |= set(event.data["changed"].split(","))
    changed |= _corrected(said, check, actor, home.area_path)
    here = {one.id: one for one in persons_of_home(home.id)}
    people, path = list(here.values()), home.area_path
    found = asked.known_of_home(household, people, actor, check.at, area_path=path)
    known = {one.code: one for one in found}
    clashes = []
    for code, value in said.items():
        if code.startswith("p_"):
            if value == asked.STILL and _id(code[2:]) not in here:
                clashes.append(Clash(code, _("还住不住"), _("还住这里"), _("已不在这一户")))
        elif code in changed and code in known and _differs(known[code], value):
            one = known[code]
            label = f"{one.whose} {one.field.name}".strip()
            clashes.append(Clash(code, label, _shown(value), one.value))
    if clashes:
        raise Clashes(tuple(clashes), household.version)


def _differs(known: asked.Known, value: str) -> bool:
    """Tell whether an answer is another one than is known: in clear, as pages show it masked."""
    if not known.clear:
        return False
    if known.field.value == FieldValue.PHONE or known.field.column == "phone":
        value = normalise_phone(value) or value
    elif known.field.value == FieldValue.DATE or known.field.column == "born_on":
        value = str(read_day(value) or value)
    elif known.field.column == "id_number":
        value = value.replace(" ", "").upper()
    return _shown(value) != known.clear


def _corrected(said: Mapping[str, str], check: _Check, actor: Actor, area_path: str) -> set[str]:
    """Return the answers about columns of people that were corrected after the form was made."""
    since = check.known_at
    if since is None:
        return set()
    columns = {one.code: one.column for one in asked.fields_of(actor, area_path) if one.column}
    found = set()
    for code in said:
        name, _dash, whose = code.removeprefix("f_").rpartition("_")
        if name in columns and len(whose) == 32:
            rows = events.timeline(_id(whose))
            found |= {
                code
                for row in rows
                if row.name == PersonCorrected.name
                and row.happened_at > since
                and columns[name] in row.data["changed"].split(",")
            }
    return found


def _field(code: str, actor: Actor, area_path: str) -> Any:
    found = next((one for one in asked.fields_of(actor, area_path) if one.code == code), None)
    if found is None:
        raise BadInput(_("这一项现在不用问了。"), field=f"f_{code}")
    return found


def _checked(field: Any, value: str) -> str:
    if field.value == FieldValue.PHONE:
        return phone_or_refuse(value, field=f"f_{field.code}")
    if field.value == FieldValue.DATE:
        day = read_day(value)
        if day is None:
            raise BadInput(_("日期写成 2019-05-01。"), field=f"f_{field.code}")
        return day.isoformat()
    if field.value == FieldValue.CHOICE and value not in field.choices:
        raise BadInput(_("这个选项现在没有了，另选一个。"), field=f"f_{field.code}")
    if field.value == FieldValue.NUMBER and not value.lstrip("-").replace(".", "", 1).isdigit():
        raise BadInput(_("这里写一个数字。"), field=f"f_{field.code}")
    if len(value) > LONGEST:
        raise BadInput(_("最多写 %(n)d 个字。") % {"n": LONGEST}, field=f"f_{field.code}")
    return _shown(value) if field.value == FieldValue.YES_NO else value


def _as_column(column: str, value: str) -> Any:
    if column == "born_on":
        return read_day(value)
    return {"男": "m", "女": "f"}.get(value, "") if column == "sex" else value


def _shown(value: str) -> str:
    return {"yes": _("是"), "no": _("否"), "True": _("是"), "False": _("否")}.get(value, value)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(_("没有找到这一项。")) from None
