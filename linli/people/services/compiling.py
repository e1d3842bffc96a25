"""A form from above is compiled from what is known, each answer with its source and its age."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock, masking, runs, tables
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people.models import (
    FieldKind,
    FieldSubject,
    Household,
    KnownFrom,
    Person,
    PersonState,
    TagKind,
    UpperForm,
)
from linli.people.selectors import collecting as asked
from linli.people.selectors.finding import REGISTER, in_scope
from linli.people.selectors.register import SENSITIVE
from linli.people.services.contacts import check_reveal_of_many, record_reveal_of_many
from linli.people.services.looking import CONTACT, ID, InFull
from linli.places.selectors.homes import homes_at

COMPILE: Final = "people.form"
_SOME: Final = 500
# What of a person asks for more than a name and a phone do.
_PART: Final = {"id_number": ID, "born_on": ID}


def start_compiling(
    *, code: str, purpose: str = "", note: str = "", actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Compile a form for everybody in the actor's area as a run; masked unless a purpose is said.

    Errors: NotAllowed, NotFound, BadInput.
    """
    actor.require(REGISTER)
    form = asked.find_form(code)
    if form is None:
        raise NotFound(_("没有这张报表。"))
    if purpose:
        check_reveal_of_many(purpose=purpose, note=note, actor=actor)
    data = {"form": code, "purpose": purpose, "note": note}
    return runs.start(
        COMPILE, title=_("汇总“%(name)s”") % {"name": form.name}, data=data, actor=actor, now=now,
        key=key, duty=REGISTER,
    )  # fmt: skip


def carry_compiling(run: runs.Running) -> None:
    """Write the file of a form: a row per person or household, what is stale marked so."""
    form = asked.find_form(run.data["form"])
    if form is None:
        raise NotFound(_("没有这张报表。"))
    # Columns that the actor may not see anywhere stay out of the file; of the rest, each row shows
    # what may be seen where it lies.
    fields = {one.code: one for one in asked.fields_of(run.actor, None)}
    wanted = [fields[code] for code in form.fields if code in fields]
    header = [_("住址"), *(name for one in wanted for name in (one.name, _("来源和日期")))]
    now, in_full = run.now, InFull(run.actor, is_asked=bool(run.data["purpose"]))
    name = f"{form.name} {clock.local(now):%Y-%m-%d}.xlsx"
    with run.open_result(name, tables.TYPES["xlsx"]) as file:
        rows = _rows(form, wanted, run.actor, now, in_full)
        count = tables.write(file, "xlsx", form.name, header, rows, tell=run.progress)
    if in_full.count:
        record_reveal_of_many(
            count=in_full.count, purpose=run.data["purpose"], note=run.data["note"], subject_id=run.id,
            actor=run.actor, now=now,
        )  # fmt: skip
    run.say(_("共 %(n)d 行，来源和日期都在旁边；标“过期”的上门时再问。") % {"n": count})


def _rows(
    form: UpperForm, fields: Sequence[FieldKind], actor: Actor, now: datetime, in_full: InFull
) -> Iterator[list[Any]]:
    is_person = form.subject == FieldSubject.PERSON
    kinds = TagKind.objects.filter(code=form.tag_code, is_sensitive=True)
    by_secret = bool(form.tag_code) and kinds.exists()
    last = UUID(int=0)
    while True:
        subjects = _some(form, actor, last)
        if not subjects:
            return
        last = subjects[-1].pk
        ids = [one.pk for one in subjects]
        facts = asked.facts_of(people=ids) if is_person else asked.facts_of(households=ids)
        homes = homes_at(one.home_id for one in subjects)
        for one in subjects:
            path, person = homes[one.home_id].area_path, one if is_person else None
            if by_secret and not actor.can(SENSITIVE, path):
                continue  # that somebody is in the list would tell
            row, parts = [homes[one.home_id].label], in_full.parts(path)
            for field in fields:
                if not asked.may_see(field, actor, path):
                    row += ["", _("不归您看")]
                    continue
                fact, part = facts.get((one.pk, field.pk)), _PART.get(field.column, CONTACT)
                row += _cells(field, person, fact, now, is_full=part in parts)
            yield row


def _some(form: UpperForm, actor: Actor, after: UUID) -> list[Any]:
    if form.subject == FieldSubject.HOUSEHOLD:
        households = Household.objects.filter(in_scope(actor), pk__gt=after).order_by("id")
        return list(households[:_SOME])
    people = Person.objects.filter(in_scope(actor), pk__gt=after, state=PersonState.HERE)
    if form.tag_code:
        people = people.filter(tags__kind__code=form.tag_code, tags__ended_at=None)
    return list(people.order_by("id")[:_SOME])


def _cells(
    field: FieldKind, person: Person | None, fact: Any, now: datetime, *, is_full: bool
) -> list[str]:
    value = asked.value_of(field, person, fact)
    if not value:
        return ["", ""]
    known_at, source = asked.known_since(field, person, fact)
    assert known_at is not None
    words = f"{KnownFrom(source).label} {clock.local(known_at):%Y-%m-%d}"
    if asked.is_stale(field, value, known_at, now):
        words += _("（过期）")
    if not is_full:
        value = masking.mask_name(value) if field.column == "name" else asked.masked(field, value)
    return [value, words]
