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
