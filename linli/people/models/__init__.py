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
from linli.people.models.privacy import (
    Consent,
    ConsentPurpose,
    ConsentWording,
    GivenHow,
    PersonLink,
    RetentionAction,
    RetentionRule,
)

__all__ = [
    "Account",
    "AccountKind",
    "Consent",
    "ConsentPurpose",
    "ConsentWording",
    "Contact",
    "Duplicate",
    "DuplicateReason",
    "DuplicateState",
    "Fact",
    "FieldKind",
    "FieldSubject",
    "FieldValue",
    "GivenHow",
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
    "PersonLink",
    "PersonState",
    "PersonTag",
    "PersonText",
    "Purpose",
    "RegisterTally",
    "Relation",
    "RelationKind",
    "Residence",
    "ResidenceKind",
    "RetentionAction",
    "RetentionRule",
    "Reveal",
    "Sex",
    "TagKind",
    "UpperForm",
]
