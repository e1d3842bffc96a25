"""What the people room tells the others: ids and facts, never a name, a phone or a code.

`subject_id` is the account, or the contact where one was revealed.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCreated(Event):
    """Somebody can sign in from now on."""

    name: ClassVar[str] = "people.account.created"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEnded(Event):
    """Somebody cannot sign in any more; what they held falls vacant."""

    name: ClassVar[str] = "people.account.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged(Event):
    """Name, phone or mail address were changed; `changed` names the fields."""

    name: ClassVar[str] = "people.account.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLifted(Event):
    """The account got a post above its area: only who manages that wider area may reset it now."""

    name: ClassVar[str] = "people.account.lifted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(Event):
    """Too many wrong passwords or codes in a row."""

    name: ClassVar[str] = "people.account.locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlocked(Event):
    """Somebody in charge let the account try again at once."""

    name: ClassVar[str] = "people.account.unlocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in; `way` is password, totp or code."""

    name: ClassVar[str] = "people.account.signed_in"
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(Event):
    """All sessions of the account were ended."""

    name: ClassVar[str] = "people.account.sessions_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """The password was changed by its owner, or reset by somebody in charge."""

    name: ClassVar[str] = "people.account.password_changed"
    is_reset: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TotpChanged(Event):
    """One-time codes were turned on or off."""

    name: ClassVar[str] = "people.account.totp_changed"
    is_on: bool
    is_reset: bool = False  # turned off by somebody in charge, with a new first password


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRevealed(Event):
    """Somebody saw a contact in full; the reveal's row has the words."""

    name: ClassVar[str] = "people.contact.revealed"
    purpose: str
    about_id: UUID | None = None
    reveal_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsExported(Event):
    """Somebody took a list with so many contacts in full; `subject_id` is the run that wrote it."""

    name: ClassVar[str] = "people.contacts.exported"
    purpose: str
    count: int
    reveal_id: UUID | None = None


# The register. The subject is the person, or the household where one is named. Sensitive tags are
# told without their name.


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRegistered(Event):
    """Somebody is known to the register from now on."""

    name: ClassVar[str] = "people.person.registered"
    home_id: UUID
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCorrected(Event):
    """What is known of somebody was corrected or found to be right; `changed` names the columns."""

    name: ClassVar[str] = "people.person.corrected"
    changed: str
    version: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Event):
    """Somebody came to a home (`way` "in") or left one ("out"); home_id: which one.

    is_gone: lives nowhere in the register's places now.
    """

    name: ClassVar[str] = "people.person.moved"
    way: str
    home_id: UUID
    kind: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDied(Event):
    """Somebody has died."""

    name: ClassVar[str] = "people.person.died"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMerged(Event):
    """The subject was found to be the same person as `into_id`, who is the one from now on."""

    name: ClassVar[str] = "people.person.merged"
    into_id: UUID
    merge_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonParted(Event):
    """A merge was a mistake: the subject is somebody of their own again, not `from_id`."""

    name: ClassVar[str] = "people.person.parted"
    from_id: UUID
    merge_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTagged(Event):
    """Somebody was given a tag; "" where it is sensitive."""

    name: ClassVar[str] = "people.person.tagged"
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUntagged(Event):
    """A tag was taken off; "" where it is sensitive."""

    name: ClassVar[str] = "people.person.untagged"
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRevealed(Event):
    """Somebody saw a person in full; the reveal's row has the words."""

    name: ClassVar[str] = "people.person.revealed"
    purpose: str
    parts: str
    reveal_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationChanged(Event):
    """Who belongs to somebody was entered, or ended."""

    name: ClassVar[str] = "people.person.relation_changed"
    relation_id: UUID
    is_ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdChecked(Event):
    """Somebody looked at the door whether what is known of a household still holds."""

    name: ClassVar[str] = "people.household.checked"
    changed: str
    version: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateDecided(Event):
    """Somebody looked at two records that may be one person; the subject is the pair."""

    name: ClassVar[str] = "people.duplicate.decided"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListImported(Event):
    """A list of people was confirmed; what came of its rows is told row by row."""

    name: ClassVar[str] = "people.list.imported"
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDiscarded(Event):
    """An uploaded list was thrown away."""

    name: ClassVar[str] = "people.list.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """Somebody agreed to a purpose, to that version of the words; the subject is the consent."""

    name: ClassVar[str] = "people.consent.given"
    purpose: str
    version: str
    how: str
    person_id: UUID | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """Somebody took a consent back: rooms above stop using it; `changed_count` rows were emptied here."""

    name: ClassVar[str] = "people.consent.withdrawn"
    purpose: str
    how: str
    person_id: UUID | None = None
    owner_id: UUID | None = None
    changed_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLinked(Event):
    """Staff saw in person that a resident's account and a record are one; or ended that (`how`)."""

    name: ClassVar[str] = "people.person.linked"
    owner_id: UUID
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyGiven(Event):
    """Somebody, or staff for them, took the copy of what is kept about them."""

    name: ClassVar[str] = "people.copy.given"
    file_format: str
    is_by_desk: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionChanged(Event):
    """How long a kind of data is kept was set; the subject is the rule."""

    name: ClassVar[str] = "people.retention.changed"
    kind: str
    months: int
    action: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionApplied(Event):
    """Data whose time was over was deleted or anonymised; the subject is the rule."""

    name: ClassVar[str] = "people.retention.applied"
    kind: str
    action: str
    count: int
    before: str
