"""Tells somebody something: the page at once, a phone, a mailbox or a group robot as they want it.

Nothing here goes out: deliveries wait with a due time, and the sender takes them (sending.py). So a
gateway that is down never undoes or delays the change that is told.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from linli.kernel import clock
from linli.kernel.ids import new_id
from linli.kernel.rows import insert_all, insert_unknown
from linli.messages import rules
from linli.messages.errors import MissingFact
from linli.messages.models import Audience, Channel, Delivery, Notice
from linli.messages.selectors import catalogue
from linli.messages.selectors.catalogue import Words
from linli.messages.services.leaving import DueTimes, Way, hash_address
from linli.messages.services.recipients import AddressBook, Recipient, robot, robots

TITLE_LENGTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is to be told, and to whom: accounts, a contact, an organisation's robots.

    audience: reporter, handler, desk or lead; chooses the words (templates.yaml, or an area's own).
    key: the same key tells each recipient once, however often it is told.
    facts: what the words may name; `link` is added from the argument. A sentence without its fact
    is left out. link: a path of ours, or a full address.
    area_path: where it happened: chooses an area's own words and quiet hours, and who sees the log.
    """

    event_name: str
    audience: str
    key: str
    facts: Mapping[str, str]
    link: str
    subject_id: UUID | None
    now: datetime
    account_ids: Collection[UUID] = ()
    contact_id: UUID | None = None
    organisation_id: UUID | None = None
    is_urgent: bool = False
    area_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """What is told, the same to all."""

    event_name: str
    key: str
    words: Mapping[str, Words]
    facts: Mapping[str, str]
    link: str
    subject_id: UUID | None
    area_path: str
    is_urgent: bool
    now: datetime

    def text(self, channel: str) -> str:
        """Return the filled words with an address that works outside. Errors: MissingFact."""
        facts = {**self.facts, "link": absolute(self.link)}
        longest = rules.SMS_FACT_LENGTH if channel == Channel.SMS else 0
        text = rules.fill(self.words[channel].body, facts, longest=longest)
        if not text:
            raise MissingFact(f"{self.event_name} over {channel} has only {sorted(self.facts)}")
        if channel in (Channel.MAIL, Channel.ROBOT) and self.link and facts["link"] not in text:
            text = f"{text}\n{facts['link']}"
        return text


def tell(**what: Any) -> list[UUID]:
    """Tell one thing, whose parts are those of a Telling; return ids of the new notices.

    Errors: UnknownMessage, MissingFact.
    """
    return tell_all([Telling(**what)])


@transaction.atomic(savepoint=False)
def tell_all(tellings: Sequence[Telling]) -> list[UUID]:
    """Tell several things together, each recipient once; return ids of the new notices.

    Much quicker than one by one: addresses are read, and notices written, for all at once.
    Errors: UnknownMessage, MissingFact.
    """
    messages = [(one, message) for one in tellings if (message := _message(one))]
    book = AddressBook(
        contact_ids=[one.contact_id for one, _ in messages if one.contact_id],
        account_ids=[account for one, _ in messages for account in one.account_ids],
    )
    return _write([
        (message, recipient)
        for one, message in messages
        for recipient in (
            *book.accounts(one.account_ids, message.words),
            *book.contact(one.contact_id, message.words, one.audience),
            *robots(one.organisation_id, message.words),
        )
    ])  # fmt: skip


def _message(one: Telling) -> _Message | None:
    words = catalogue.words_for(one.event_name, one.audience, one.area_path)
    if not words:  # Switched off by the community.
        return None
    return _Message(
        event_name=one.event_name, key=one.key, words=words, facts=one.facts, link=one.link,
        subject_id=one.subject_id, area_path=one.area_path, now=one.now,
        is_urgent=one.is_urgent or any(word.is_urgent for word in words.values()),
    )  # fmt: skip


def tell_robot(robot_id: UUID, address: str, *, name: str, area_path: str, now: datetime) -> UUID:
    """Say in one group that somebody tries the robot; return the notice."""
    message = _Message(
        event_name="messages.robot.tried",
        key=f"try:{robot_id.hex}:{new_id().hex}",
        words=catalogue.words_for("messages.robot.tried", Audience.DESK, area_path),
        facts={"name": name},
        link="",
        subject_id=robot_id,
        area_path=area_path,
        is_urgent=True,
        now=now,
    )
    (notice_id,) = _write([(message, robot(robot_id, address))])
    return notice_id


def absolute(link: str) -> str:
    """Return the link as it works in a text message."""
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link


# What is written


def _write(told: Sequence[tuple[_Message, Recipient]]) -> list[UUID]:
    """Write what is new. Telling twice is rare: the database's key finds it, no question before."""
    by_key = {f"{message.key}:{one.suffix}": (message, one) for message, one in told}
    new = insert_unknown([_notice(message, key, one) for key, (message, one) in by_key.items()])
    leaving = [
        (message, notice, way)
        for notice in new
        for message, one in [by_key[notice.key]]
        for way in one.ways
    ]
    due = DueTimes((way for message, _, way in leaving if not message.is_urgent), _first(told))
    insert_all([
        _delivery(message, notice, way, due.of(
            way, area_path=message.area_path, is_urgent=message.is_urgent, now=message.now
        ))
        for message, notice, way in leaving
    ])  # fmt: skip
    return [notice.id for notice in new]


def _first(told: Sequence[tuple[_Message, Recipient]]) -> datetime | None:
    return min((message.now for message, _ in told), default=None)


def _notice(message: _Message, key: str, one: Recipient) -> Notice:
    words = message.words.get(Channel.PAGE) or next(iter(message.words.values()))
    title = rules.fill(words.title, message.facts) or catalogue.label_of(message.event_name)
    # A reporter's link is a secret and stays out of rows in clear; staff open cases by their posts.
    is_secret = one.contact_id is not None
    return Notice(
        id=new_id(),
        key=key,
        account_id=one.account_id,
        contact_id=one.contact_id,
        robot_id=one.robot_id,
        event_name=message.event_name,
        subject_id=message.subject_id,
        area_path=message.area_path,
        title=rules.clip(title, TITLE_LENGTH),
        body=rules.fill(words.body, {**message.facts, "link": "" if is_secret else message.link}),
        link="" if is_secret else message.link,
        is_urgent=message.is_urgent,
        created_at=message.now,
    )


def _delivery(message: _Message, notice: Notice, way: Way, due_at: datetime) -> Delivery:
    return Delivery(
        id=new_id(),
        notice=notice,
        channel=way.channel,
        line=way.line,
        address=way.address,
        address_hash=hash_address(way.channel, way.address),
        text=message.text(way.channel),
        is_urgent=message.is_urgent,
        due_at=due_at,
        give_up_at=due_at + rules.GIVE_UP,
    )


def local_words(moment: datetime) -> str:
    """Return a moment as staff read it: 11 月 20 日 09:41."""
    at = clock.local(moment)
    return f"{at.month} 月 {at.day} 日 {at:%H:%M}"
