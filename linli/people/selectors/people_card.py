"""What a person's page shows beside the card: who belongs to them, which tags there are to give."""

from dataclasses import dataclass
from uuid import UUID

from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.people.models import Relation, RelationKind, TagKind
from linli.people.selectors.register import SENSITIVE, Mark


@dataclass(frozen=True, slots=True)
class RelationLine:
    """Who belongs to somebody, masked."""

    id: UUID
    kind: str
    name: str
    phone: str
    person_id: UUID | None
    is_contact: bool


def relations_of(person_id: UUID) -> list[RelationLine]:
    """Return who belongs to a person now; the caller may see the person."""
    rows = Relation.objects.filter(person_id=person_id, ended_at=None).select_related("other")
    return [
        RelationLine(
            id=row.pk,
            kind=str(RelationKind(row.kind).label),
            name=masking.mask_name(row.other.name if row.other else row.name),
            phone=masking.mask_phone(row.other.phone if row.other else row.phone),
            person_id=row.other_id,
            is_contact=row.is_contact,
        )
        for row in rows.order_by("-is_contact", "id")
    ]


def tag_kinds(actor: Actor, area_path: str) -> list[Mark]:
    """Return the tags that the actor may give at a place, in order."""
    rows = TagKind.objects.filter(is_active=True)
    if not actor.can(SENSITIVE, area_path):
        rows = rows.filter(is_sensitive=False)
    columns = ("code", "name", "is_sensitive")
    return [Mark(*row) for row in rows.order_by("order", "code").values_list(*columns)]


def tag_choices(actor: Actor, area_path: str) -> list[tuple[str, str]]:
    """Return the tags that the actor may give at a place, as forms offer them."""
    return [(one.code, one.name) for one in tag_kinds(actor, area_path)]


def tag_ids(actor: Actor, area_path: str) -> dict[str, UUID]:
    """Return the tags that the actor may give at a place, by code."""
    codes = [code for code, _name in tag_choices(actor, area_path)]
    return dict(TagKind.objects.filter(code__in=codes).values_list("code", "id"))
