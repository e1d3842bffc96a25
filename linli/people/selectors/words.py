"""The words of the register that forms offer: sexes, relations, reasons."""

from linli.people.models import (
    HeadRelation,
    KnownFrom,
    MoveReason,
    RelationKind,
    ResidenceKind,
    Sex,
)

__all__ = ["HeadRelation", "KnownFrom", "MoveReason", "RelationKind", "ResidenceKind", "Sex"]
