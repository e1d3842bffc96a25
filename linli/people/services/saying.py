"""What is said of a person, read and checked: name, identity number, birthday, phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import BadInput
from linli.people.models import IdKind, Person, Sex
from linli.people.rules.identity import (
    IdMistake,
    IdNumber,
    clean_name,
    is_name,
    name_key,
    read_id_number,
)
from linli.people.selectors.finding import hash_of
from linli.people.services.contacts import phone_or_refuse

EARLIEST: Final = date(1890, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What is said of a person when they are registered; the number tells birthday and sex."""

    name: str
    id_number: str = ""
    id_kind: str = IdKind.RESIDENT
    sex: str = ""
    born_on: date | None = None
    phone: str = ""


def put(person: Person, facts: Mapping[str, Any], now: datetime) -> list[str]:
    """Put what is said into the row; return the columns that changed, hashes not counted.

    facts: any of name, id_kind, id_number, sex, born_on, phone. Errors: BadInput.
    """
    wanted = checked(facts, today=clock.local(now).date(), id_kind=person.id_kind)
    changed = [name for name, value in wanted.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, wanted[name])
    person.name_hash = hash_of("name", name_key(person.name))
    person.id_hash = hash_of("id", person.id_number)
    person.phone_hash = hash_of("phone", person.phone)
    person.phone_tail = person.phone[-4:]
    return changed


def checked(facts: Mapping[str, Any], *, today: date, id_kind: str) -> dict[str, Any]:
    """Return what is said in its one form. Errors: BadInput, the field named."""
    wanted = dict(facts)
    if "name" in wanted:
        wanted["name"] = _name(wanted["name"])
    if "phone" in wanted:
        wanted["phone"] = phone_or_refuse(wanted["phone"])
    if wanted.get("sex", "") not in Sex.values:
        raise BadInput(_("性别选一下男或女。"), field="sex")
    if "born_on" in wanted:
        _check_birthday(wanted["born_on"], today)
    if "id_number" in wanted:
        _put_number(wanted, wanted.get("id_kind", id_kind), today)
    return wanted


def id_words(mistake: IdMistake) -> str:
    """Return what is wrong with an identity number, and what to do."""
    return str(
        {
            IdMistake.LENGTH: _("身份证号要有 18 位，数一数是不是漏了或多了。"),
            IdMistake.SIGNS: _("身份证号只有数字，最后一位可以是 X，检查一下有没有写错的字。"),
            IdMistake.DATE: _("身份证号里的出生日期不存在，检查第 7 到 14 位。"),
            IdMistake.FUTURE: _("身份证号里的出生日期还没有到，检查第 7 到 14 位。"),
            IdMistake.CHECK_DIGIT: _(
                "身份证号的校验位对不上，一定有一位写错了，对着证件核对一遍。"
            ),
        }[mistake]
    )


def _name(text: str) -> str:
    name = clean_name(text)
    if not is_name(name):
        raise BadInput(_("姓名要有两个字以上，只写名字，不带数字和说明。"), field="name")
    return name


def _check_birthday(born_on: date | None, today: date) -> None:
    if born_on is not None and not EARLIEST <= born_on <= today:
        raise BadInput(_("出生日期不对，检查一下年份。"), field="born_on")


def _put_number(wanted: dict[str, Any], id_kind: str, today: date) -> None:
    number = "".join(str(wanted["id_number"]).split()).upper()
    wanted["id_number"] = number[:40]
    if not number or id_kind != IdKind.RESIDENT:
        return
    found = read_id_number(number, today=today)
    if not isinstance(found, IdNumber):
        raise BadInput(id_words(found), field="id_number")
    if wanted.get("born_on") not in (None, found.born_on):
        raise BadInput(_("出生日期和身份证号里的不一样，核对一下。"), field="born_on")
    if wanted.get("sex", "") not in ("", found.sex):
        raise BadInput(_("性别和身份证号里的不一样，核对一下。"), field="sex")
    wanted |= {"id_number": found.number, "born_on": found.born_on, "sex": found.sex}
