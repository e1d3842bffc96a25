"""The register as a list, with the columns that a list to be imported has; masked unless said why."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock, masking, runs, tables
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.people.models import HeadRelation, Person, PersonState, Residence, ResidenceKind, Sex
from linli.people.rules.import_rows import label_of
from linli.people.selectors.finding import REGISTER, in_scope
from linli.people.selectors.register import marks_of
from linli.people.services.contacts import check_reveal_of_many, record_reveal_of_many
from linli.people.services.looking import CONTACT, ID, InFull
from linli.places.selectors.homes import homes_at

EXPORT: Final = "people.export"
COLUMNS: Final = (
    "name", "id_number", "sex", "born_on", "phone", "estate", "building", "entrance", "home",
    "relation", "kind", "starts_on", "tags",
)  # fmt: skip
_SOME: Final = 500
_KINDS: Final = {
    frozenset(["lives", "owns"]): "自住",
    frozenset(["rents"]): "租住",
    frozenset(["owns"]): "产权人",
    frozenset(["lives"]): "居住",
}


def start_export(
    *, file_format: str, purpose: str = "", note: str = "", actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for everybody who lives in the actor's area as a file; masked unless a purpose is said, and
    then in full where the actor may see each part.

    Errors: NotAllowed, BadInput.
    """
    actor.require(REGISTER)
    if file_format not in tables.TYPES:
        raise BadInput(_("选 Excel 或 CSV。"), field="file_format")
    if purpose:
        check_reveal_of_many(purpose=purpose, note=note, actor=actor)
    data = {"file_format": file_format, "purpose": purpose, "note": note}
    return runs.start(
        EXPORT, title=_("导出居民名单"), data=data, actor=actor, now=now, key=key, duty=REGISTER
    )


def carry_export(run: runs.Running) -> None:
    """Write the list, some hundred people at a time."""
    kind, in_full = run.data["file_format"], InFull(run.actor, is_asked=bool(run.data["purpose"]))
    name = f"{_('居民名单')} {clock.local(run.now):%Y-%m-%d}.{kind}"
    header = [label_of(column) for column in COLUMNS]
    with run.open_result(name, tables.TYPES[kind]) as file:
        rows = _rows(run.actor, in_full)
        count = tables.write(file, kind, _("居民名单"), header, rows, tell=run.progress)
    if in_full.count:
        record_reveal_of_many(
            count=in_full.count, purpose=run.data["purpose"], note=run.data["note"], subject_id=run.id,
            actor=run.actor, now=run.now,
        )  # fmt: skip
    hidden = "" if in_full.count else _("姓名、号码已遮住。")
    run.say(_("共 %(n)d 人。") % {"n": count} + hidden)


def _rows(actor: Actor, in_full: InFull) -> Iterator[list[Any]]:
    last = UUID(int=0)
    while True:
        people = Person.objects.filter(in_scope(actor), pk__gt=last, state=PersonState.HERE)
        some = list(people.order_by("id")[:_SOME])
        if not some:
            return
        last = some[-1].pk
        homes = homes_at(one.home_id for one in some)
        marks = marks_of({one.pk: homes[one.home_id].area_path for one in some}, actor)
        stays: dict[UUID, list[Residence]] = {}
        rows = Residence.objects.filter(person_id__in=[one.pk for one in some], ended_at=None)
        for row in rows.order_by("id"):
            stays.setdefault(row.person_id, []).append(row)
        for one in some:
            held = [row for row in stays.get(one.pk, []) if row.home_id == one.home_id]
            tags = "、".join(str(mark) for mark in marks.get(one.pk, ()))
            yield [
                *_own(one, in_full.parts(homes[one.home_id].area_path)),
                *_of_home(homes[one.home_id]),
                *_of_stay(held),
                tags,
            ]


def _own(one: Person, parts: Collection[str]) -> list[Any]:
    sex = str(Sex(one.sex).label) if one.sex else ""
    name, phone = one.name, one.phone
    if CONTACT not in parts:
        name, phone = masking.mask_name(name), masking.mask_phone(phone)
    if ID in parts:
        return [name, one.id_number, sex, one.born_on, phone]
    year = str(one.born_on.year) if one.born_on else ""
    return [name, masking.mask_id_number(one.id_number), sex, year, phone]


def _of_home(home: Any) -> list[str]:
    return [home.estate, home.building, home.entrance, home.number]


def _of_stay(held: list[Residence]) -> list[Any]:
    lives = [row for row in held if row.kind != ResidenceKind.OWNS]
    relation = next((row.relation for row in lives if row.relation), "")
    words = (
        str(HeadRelation(relation).label)
        if relation in ("head", "spouse", "child", "parent")
        else ""
    )
    since = next((row.starts_on for row in held if row.starts_on), None)
    return [words, _KINDS.get(frozenset(row.kind for row in held), ""), since]
