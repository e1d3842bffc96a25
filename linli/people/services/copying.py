"""The subject's own copy: everything we keep about somebody, as a page and as a file.

A room above adds its part in a module that is loaded at start:

    @copying.gives("cases")
    def reports(owner: Owner) -> list[Section]: ...

Source: Personal Information Protection Law, article 45; issue 4, people.
"""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import clock, events, sheets, throttle
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, TooMany
from linli.people.events import CopyGiven
from linli.people.models import (
    Account,
    ConsentPurpose,
    Contact,
    Fact,
    GivenHow,
    Person,
    PersonTag,
    Relation,
    Residence,
    Reveal,
)
from linli.people.selectors.contacts import contact_ids_of_account
from linli.people.selectors.privacy import Owner, consents_of, looks, own, owner_of_person
from linli.people.selectors.register import SENSITIVE
from linli.people.services.contacts import check_purpose
from linli.places.selectors.homes import homes_at

FORMATS: Final = ("json", "xlsx")
NEEDED: Final = ("people.reveal", SENSITIVE)  # to make somebody else's
A_DAY: Final = 20  # copies of one person; a script that asks on and on is no subject


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the copy: what it is about, its columns, its rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of the copy."""

    name: str
    content_type: str
    content: bytes


Provider = Callable[[Owner], Sequence[Section]]
_providers: dict[str, Provider] = {}


def gives(name: str) -> Callable[[Provider], Provider]:
    """Register what gives sections; one name, one provider."""

    def register(provider: Provider) -> Provider:
        _providers[name] = provider
        return provider

    return register


def sections_of(owner: Owner) -> list[Section]:
    """Return everything that is kept about somebody, empty tables left out."""
    found = [section for provider in _providers.values() for section in provider(owner)]
    return [section for section in found if section.rows]


def own_sections(actor: Actor) -> list[Section]:
    """Return what is kept about the signed-in resident, for the page. Errors: NotFound."""
    return sections_of(own(actor))


@transaction.atomic
def take_copy(
    *,
    file_format: str,
    person_id: UUID | None = None,
    purpose: str = "",
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Copy:
    """Make the copy as a file: for oneself, or by staff for a person who asks at the desk.

    Staff say why, which is kept like every look at a record; the person sees it.
    Errors: NotFound, NotAllowed, BadInput, TooMany.
    """
    if file_format not in FORMATS:
        raise BadInput(_("选 JSON 或 Excel。"), field="file_format")
    owner = own(actor) if person_id is None else owner_of_person(person_id, actor)
    if not throttle.allow(f"people.copy:{actor.who}", A_DAY, timedelta(days=1)):
        raise TooMany(_("今天已经下载过很多次了，明天再来。"))
    if person_id is not None:
        _note_look(person_id, purpose, note, actor, now)
    sections = sections_of(owner)
    content = _json(sections, now) if file_format == "json" else _xlsx(sections)
    event = CopyGiven(
        subject_id=owner.person_id or owner.account_id or UUID(int=0),
        file_format=file_format,
        is_by_desk=person_id is not None,
    )
    events.record(event, actor=actor, at=now)
    types = {"json": "application/json", "xlsx": sheets.XLSX_TYPE}
    return Copy(f"linli-{clock.local(now):%Y-%m-%d}.{file_format}", types[file_format], content)


def _note_look(person_id: UUID, purpose: str, note: str, actor: Actor, now: datetime) -> None:
    person = Person.objects.get(pk=person_id)
    home = homes_at([person.home_id])[person.home_id]
    # The copy has everything: the number, what is told of health, in clear.
    for duty in NEEDED:
        actor.require(duty, home.area_path)
    check_purpose(purpose, note)
    Reveal.objects.create(
        person=person,
        parts="contact,facts,id",
        account_id=actor.who,
        purpose=purpose,
        note=" ".join(note.split())[:200],
        subject_id=person_id,
        area_path=home.area_path,
        revealed_at=now,
    )


@gives("people")
def _people(owner: Owner) -> list[Section]:
    found = []
    if owner.person_id:
        found += _of_person(Person.objects.get(pk=owner.person_id))
    if owner.account_id:
        found += _of_account(owner.account_id)
    return [*found, _consents(owner), _looks(owner)]


def _of_person(person: Person) -> list[Section]:
    homes = list(Residence.objects.filter(person=person).order_by("id"))
    labels = homes_at({person.home_id, *(row.home_id for row in homes)})
    facts = Fact.objects.filter(person=person).select_related("field").order_by("field__order")
    tags = PersonTag.objects.filter(person=person).select_related("kind").order_by("id")
    relations = Relation.objects.filter(person=person, ended_at=None).order_by("id")
    return [
        Section(
            _("登记资料"),
            (_("项目"), _("内容")),
            (
                (_("姓名"), person.name),
                (_("证件号码"), person.id_number),
                (_("生日"), _day(person.born_on)),
                (_("电话"), person.phone),
                (_("住址"), labels[person.home_id].label),
                (_("状态"), person.get_state_display()),
                (_("来源"), person.get_source_display()),
                (_("最近核对"), _day(clock.local(person.checked_at).date())),
            ),
        ),
        Section(
            _("居住"),
            (_("住处"), _("怎么住"), _("从"), _("到")),
            tuple(
                (
                    labels[row.home_id].label,
                    row.get_kind_display(),
                    _day(row.starts_on),
                    _day(row.ends_on),
                )
                for row in homes
            ),
        ),
        Section(
            _("采集的情况"),
            (_("项目"), _("内容"), _("什么时候")),
            tuple((row.field.name, row.value, _day(row.known_at)) for row in facts),
        ),
        Section(
            _("标签"),
            (_("标签"), _("从"), _("到")),
            tuple((row.kind.name, _day(row.recorded_at), _day(row.ended_at)) for row in tags),
        ),
        Section(
            _("联系人"),
            (_("关系"), _("姓名"), _("电话")),
            tuple((row.get_kind_display(), row.name, row.phone) for row in relations),
        ),
    ]


def _of_account(account_id: UUID) -> list[Section]:
    account = Account.objects.get(pk=account_id)
    contacts = Contact.objects.filter(pk__in=contact_ids_of_account(account_id)).order_by("id")
    return [
        Section(
            _("账号"),
            (_("项目"), _("内容")),
            (
                (_("姓名"), account.name),
                (_("电话"), account.phone),
                (_("开通"), _day(account.created_at)),
                (_("最近登录"), _day(account.signed_in_at)),
            ),
        ),
        Section(
            _("反映事情时留的联系方式"),
            (_("姓名"), _("电话"), _("住址"), _("什么时候")),
            tuple((one.name, one.phone, one.address, _day(one.created_at)) for one in contacts),
        ),
    ]


def _consents(owner: Owner) -> Section:
    return Section(
        _("同意"),
        (_("同意什么"), _("版本"), _("从"), _("怎么给的"), _("撤回")),
        tuple(
            (
                str(ConsentPurpose(row.purpose).label),
                row.version,
                _day(row.given_at),
                str(GivenHow(row.given_how).label),
                _day(row.withdrawn_at),
            )
            for row in consents_of(owner)
        ),
    )


def _looks(owner: Owner) -> Section:
    return Section(
        _("谁看过"),
        (_("什么时候"), _("哪个岗位"), _("看了什么"), _("为什么")),
        tuple(
            (f"{clock.local(one.when):%Y-%m-%d %H:%M}", one.post, one.what, one.purpose)
            for one in looks(owner)
        ),
    )


def _json(sections: Sequence[Section], now: datetime) -> bytes:
    said = {
        "made_at": now.isoformat(),
        "sections": [
            {
                "title": one.title,
                "rows": [dict(zip(one.header, row, strict=True)) for row in one.rows],
            }
            for one in sections
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


def _xlsx(sections: Sequence[Section]) -> bytes:
    from openpyxl import Workbook  # 7 MB in every process, and copies are made now and then

    book = Workbook(write_only=True)
    for one in sections:
        sheet = book.create_sheet(one.title[:31])
        sheet.append(list(one.header))
        for row in one.rows:
            sheet.append([sheets.safe_cell(cell) for cell in row])
    if not sections:
        book.create_sheet(_("没有资料"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _day(at: Any) -> str:
    if isinstance(at, datetime):
        at = clock.local(at).date()
    return at.isoformat() if isinstance(at, date) else ""
