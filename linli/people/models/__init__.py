"""The tables of people. Each model says of every column whether it is personal.

`PERSONAL` names the column's mask, `NOT_PERSONAL` lists the rest; a test finds a column in neither.
"""

from linli.people.models.accounts import (
    Account,
    AccountKind,
    Contact,
    LoginIdentity,
    OneTimeCode,
    Purpose,
    Reveal,
)
from linli.people.models.collecting import Fact, FieldKind, FieldSubject, FieldValue, UpperForm
from linli.people.models.households import (
    Household,
    PersonTag,
    PersonText,
    RegisterTally,
    TagKind,
)
from linli.people.models.keeping import (
    Duplicate,
    DuplicateReason,
    DuplicateState,
    ImportState,
    Merge,
    PersonImport,
)
from linli.people.models.persons import (
    HeadRelation,
    IdKind,
    KnownFrom,
    MoveReason,
    Person,
    PersonState,
    Relation,
    RelationKind,
    Residence,
    ResidenceKind,
    Sex,
)

__all__ = [
    "Account",
    "AccountKind",
    "Contact",
    "Duplicate",
    "DuplicateReason",
    "DuplicateState",
    "Fact",
    "FieldKind",
    "FieldSubject",
    "FieldValue",
    "HeadRelation",
    "Household",
    "IdKind",
    "ImportState",
    "KnownFrom",
    "LoginIdentity",
    "Merge",
    "MoveReason",
    "OneTimeCode",
    "Person",
    "PersonImport",
    "PersonState",
    "PersonTag",
    "PersonText",
    "Purpose",
    "RegisterTally",
    "Relation",
    "RelationKind",
    "Residence",
    "ResidenceKind",
    "Reveal",
    "Sex",
    "TagKind",
    "UpperForm",
]
