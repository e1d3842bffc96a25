"""The one collection form: what is known and how old it is, what has to be asked, what forms save."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as field_
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.field.selectors.items import Choice, Item, ItemKind
from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.people.models import (
    Fact,
    FieldKind,
    FieldSubject,
    FieldValue,
    Household,
    KnownFrom,
    Person,
    PersonState,
    Sex,
    UpperForm,
)
from linli.people.selectors.finding import in_scope
from linli.people.selectors.register import SENSITIVE, PersonLine

STILL, MOVED, DIED = "still", "moved", "died"
_KINDS: Final = {
    FieldValue.CHOICE: ItemKind.CHOICE,
    FieldValue.YES_NO: ItemKind.YES_NO,
    FieldValue.NUMBER: ItemKind.NUMBER,
}
_FILLED: Final = {
    "name": Q(),
    "id_number": ~Q(id_hash=""),
    "sex": ~Q(sex=""),
    "born_on": Q(born_on__isnull=False),
    "phone": ~Q(phone_tail=""),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a field: the value, since when and from where; "" is not known yet."""

    field: FieldKind
    subject_id: UUID
    whose: str  # the person's name, masked; "" of the household
    value: str
    known_at: datetime | None
    source: str
    is_stale: bool
    clear: str = field_(default="", repr=False)  # to compare with; no page shows it

    @property
    def code(self) -> str:
        """Return the item's code on pages, phones and in ODK."""
        own = f"f_{self.field.code}"
        return (
            own if self.field.subject == FieldSubject.HOUSEHOLD else f"{own}_{self.subject_id.hex}"
        )


def fields_of(actor: Actor, area_path: str | None) -> list[FieldKind]:
    """Return the dictionary in order; sensitive fields only for who may see them at a place.

    area_path: of the household; None asks whether the actor may see them anywhere, for a list whose
    rows are then looked at one by one (`may_see`).
    """
    rows = FieldKind.objects.filter(is_active=True)
    if not actor.can(SENSITIVE, area_path):
        rows = rows.filter(is_sensitive=False)
    return list(rows.order_by("order", "code"))


def may_see(field: FieldKind, actor: Actor, area_path: str) -> bool:
    """Tell whether the actor may see the answers to a field at a place."""
    return not field.is_sensitive or actor.can(SENSITIVE, area_path)


def known_of_home(
    household: Household | None,
    people: Sequence[PersonLine],
    actor: Actor,
    now: datetime,
    *,
    area_path: str,
) -> list[Known]:
    """Return what is known of a household and of who lives in it, masked, field by field."""
    fields = fields_of(actor, area_path)
    found: list[Known] = []
    if household is not None:
        own = [one for one in fields if one.subject == FieldSubject.HOUSEHOLD]
        facts = facts_of(households=[household.pk])
        found += [_known(field, household.pk, "", None, facts=facts, now=now) for field in own]
    rows = {one.pk: one for one in Person.objects.filter(pk__in=[line.id for line in people])}
    facts = facts_of(people=list(rows))
    for line in people:
        found += [
            _known(field, line.id, line.name_masked, rows[line.id], facts=facts, now=now)
            for field in fields
            if field.subject == FieldSubject.PERSON and field.column != "name"
        ]
    return found


def facts_of(
    *, people: Collection[UUID] = (), households: Collection[UUID] = ()
) -> dict[tuple[UUID, UUID], Fact]:
    """Return facts by subject and field."""
    rows = Fact.objects.filter(Q(person_id__in=people) | Q(household_id__in=households))
    return {(row.person_id or row.household_id, row.field_id): row for row in rows}


def check_items(people: Sequence[PersonLine], known: Sequence[Known]) -> tuple[Item, ...]:
    """Return what is looked at and asked at a door: who is still there, and only what is stale."""
    choices = (
        Choice(code=STILL, label=_("还住这里")),
        Choice(code=MOVED, label=_("搬走了"), is_bad=True),
        Choice(code=DIED, label=_("去世了"), is_bad=True),
    )
    who = [
        Item(
            code=f"p_{line.id.hex}",
            label=line.name_masked + (f" {line.age} {_('岁')}" if line.age is not None else ""),
            kind=ItemKind.CHOICE,
            choices=choices,
            is_required=True,
        )
        for line in people
    ]
    return (*who, *(_item(one) for one in known if one.is_stale))


def value_of(field: FieldKind, person: Person | None, fact: Fact | None) -> str:
    """Return the answer in clear: of the person's column, or of the fact."""
    if field.column and person is not None:
        value = getattr(person, field.column)
        if field.column == "sex":
            return str(Sex(value).label) if value else ""
        return str(value) if value else ""
    return fact.value if fact else ""


def is_stale(field: FieldKind, value: str, known_at: datetime | None, now: datetime) -> bool:
    """Tell whether a field has to be asked: not known, or known for longer than it keeps."""
    if not value or known_at is None:
        return True
    return bool(field.shelf_days) and now - known_at > timedelta(days=field.shelf_days)


def known_since(
    field: FieldKind, person: Person | None, fact: Fact | None
) -> tuple[datetime | None, str]:
    """Return when and from where a field is known; a column's age is the record's or its own fact's."""
    if fact is not None:
        return fact.known_at, fact.source
    if field.column and person is not None:
        return person.checked_at, person.source
    return None, ""


# What forms ask again and again


@dataclass(frozen=True, slots=True)
class Saving:
    """What compiling a form saves. repeated: fields that other forms ask for as well."""

    form: UpperForm
    names: tuple[str, ...]
    repeated: tuple[str, ...]
    asked: int  # answers that collecting anew would ask for, in a year
    known: int  # of these, known and fresh
    minutes: int  # saved in a year


def savings(actor: Actor, now: datetime) -> list[Saving]:
    """Return what each form from above costs when it is collected anew, and what compiling saves."""
    fields = {one.code: one for one in FieldKind.objects.filter(is_active=True)}
    forms = list(UpperForm.objects.filter(is_active=True).order_by("code"))
    times = Counter(code for form in forms for code in form.fields)
    scope = in_scope(actor)
    here = Person.objects.filter(scope, state=PersonState.HERE)
    totals = {
        FieldSubject.PERSON: here.count(),
        FieldSubject.HOUSEHOLD: Household.objects.filter(scope).count(),
    }
    fresh = {code: _fresh_count(fields[code], here, actor, now) for code in times if code in fields}
    return [_saving(form, fields, times, totals, fresh) for form in forms]


def _saving(
    form: UpperForm,
    fields: dict[str, FieldKind],
    times: Counter[str],
    totals: dict[Any, int],
    fresh: dict[str, int],
) -> Saving:
    codes = [code for code in form.fields if code in fields]
    seconds = sum(fields[code].seconds * fresh[code] for code in codes) * form.per_year
    return Saving(
        form=form,
        names=tuple(fields[code].name for code in codes),
        repeated=tuple(fields[code].name for code in codes if times[code] > 1),
        asked=sum(totals[fields[code].subject] for code in codes) * form.per_year,
        known=sum(fresh[code] for code in codes) * form.per_year,
        minutes=seconds // 60,
    )


def _fresh_count(field: FieldKind, here: Any, actor: Actor, now: datetime) -> int:
    since = now - timedelta(days=field.shelf_days) if field.shelf_days else None
    if field.column:
        rows = here.filter(_FILLED[field.column])
        return int((rows.filter(checked_at__gte=since) if since else rows).count())
    of = "person" if field.subject == FieldSubject.PERSON else "household"
    scope = in_scope(actor)
    facts = Fact.objects.filter(field=field, **{f"{of}__isnull": False})
    if since is not None:
        facts = facts.filter(known_at__gte=since)
    owners = (Person if of == "person" else Household).objects.filter(scope)
    return int(facts.filter(**{f"{of}__in": owners}).aggregate(n=Count("pk"))["n"])


def find_form(code: str) -> UpperForm | None:
    """Return a form from above by its code, or None."""
    return UpperForm.objects.filter(code=code, is_active=True).first()


def _known(
    field: FieldKind,
    subject_id: UUID,
    whose: str,
    person: Person | None,
    *,
    facts: dict[tuple[UUID, UUID], Fact],
    now: datetime,
) -> Known:
    fact = facts.get((subject_id, field.pk))
    value = value_of(field, person, fact)
    known_at, source = known_since(field, person, fact)
    stale = is_stale(field, value, known_at, now)
    label = str(KnownFrom(source).label) if source and value else ""
    since = known_at if value else None
    return Known(field, subject_id, whose, masked(field, value), since, label, stale, value)


def masked(field: FieldKind, value: str) -> str:
    """Return an answer as a page shows it without a reason."""
    if field.column == "id_number":
        return masking.mask_id_number(value)
    if field.column == "born_on":
        return value[:4]
    return masking.mask_phone(value) if field.value == FieldValue.PHONE else value


def _item(known: Known) -> Item:
    field = known.field
    hint = field.hint
    if known.value and known.known_at is not None:
        hint = _("%(day)s 问到的是：%(value)s") % {
            "day": f"{known.known_at:%Y-%m-%d}",
            "value": known.value,
        }
    return Item(
        code=known.code,
        label=f"{known.whose} · {field.name}" if known.whose else field.name,
        kind=_KINDS.get(FieldValue(field.value), ItemKind.TEXT),
        choices=tuple(Choice(code=one, label=one) for one in field.choices),
        hint=hint,
    )


def by_subject(known: Sequence[Known]) -> dict[str, list[Known]]:
    """Return what is known and fresh, grouped by whose it is."""
    found: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        if not one.is_stale:
            found[one.whose].append(one)
    return dict(found)
