"""Tells somebody something: the page at once, a phone, a mailbox or a group robot as they want it.

Nothing here goes out: deliveries wait with a due time, and the sender takes them (sending.py). So a
gateway that is down never undoes or delays the change that is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from linli.kernel import clock
from linli.kernel.ids import new_id
from linli.messages import rules, selectors
from linli.messages.errors import MissingFact
from linli.messages.models import Audience, Channel, Delivery, Notice
from linli.messages.selectors import catalogue
from linli.messages.selectors.catalogue import Words
from linli.messages.services.leaving import DueTimes, Way, hash_address
from linli.people import selectors as people

TITLE_LENGTH: Final = 80
_WINDOWS: Final = {
    Channel.SMS.value: rules.STAFF_WINDOW,
    Channel.MAIL.value: rules.STAFF_WINDOW,
    Channel.ROBOT.value: rules.ROBOT_WINDOW,
}


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    """One person or robot, and the ways to them."""

    suffix: str  # makes the notice's key
    ways: tuple[Way, ...] = ()
    account_id: UUID | None = None
    contact_id: UUID | None = None
    robot_id: UUID | None = None


@transaction.atomic(savepoint=False)
def tell(
    *,
    event_name: str,
    audience: str,
    key: str,
    facts: Mapping[str, str],
    link: str,
    subject_id: UUID | None,
    now: datetime,
    account_ids: Iterable[UUID] = (),
    contact_id: UUID | None = None,
    organisation_id: UUID | None = None,
    is_urgent: bool = False,
    area_path: str = "",
) -> list[UUID]:
    """Tell accounts, a contact and an organisation's robots once; return ids of the new notices.

    audience: reporter, handler, desk or lead; chooses the words (templates.yaml, or an area's own).
    key: the same key tells each recipient once, however often it is called.
    facts: what the words may name; `link` is added from the argument. A sentence without its fact
    is left out. link: a path of ours, or a full address.
    area_path: where it happened: chooses an area's own words and quiet hours, and who sees the log.
    Errors: UnknownMessage, MissingFact.
    """
    words = catalogue.words_for(event_name, audience, area_path)
    if not words:  # Switched off by the community.
        return []
    message = _Message(
        event_name=event_name, key=key, words=words, facts=facts, link=link, subject_id=subject_id,
        area_path=area_path, now=now,
        is_urgent=is_urgent or any(one.is_urgent for one in words.values()),
    )  # fmt: skip
    recipients = [
        *_accounts(account_ids, words),
        *_contact(contact_id, words, audience),
        *_robots(organisation_id, words),
    ]
    return _write(message, recipients)


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
    (notice_id,) = _write(message, [_robot(robot_id, address)])
    return notice_id


def absolute(link: str) -> str:
    """Return the link as it works in a text message."""
    return f"{settings.PUBLIC_URL}{link}" if link.startswith("/") else link


# Who, and how


def _accounts(account_ids: Iterable[UUID], words: Mapping[str, Words]) -> list[_Recipient]:
    ids = list(dict.fromkeys(account_ids))
    if not ids:
        return []
    ways = _ways_of_accounts(ids, words) if words.keys() & {Channel.SMS, Channel.MAIL} else {}
    return [_Recipient(suffix=f"a{one.hex}", account_id=one, ways=ways.get(one, ())) for one in ids]


def _ways_of_accounts(ids: list[UUID], words: Mapping[str, Words]) -> dict[UUID, tuple[Way, ...]]:
    wishes = selectors.preferences_of(ids)
    asked = {one: wish.channels & words.keys() for one, wish in wishes.items()}
    found: dict[UUID, tuple[Way, ...]] = {}
    if not any(asked.values()):
        return found
    # Addresses are read, and decrypted, only of those who want more than the page.
    for account_id, reach in people.reach_accounts(one for one in ids if asked[one]).items():
        addresses = {Channel.SMS.value: reach.phone, Channel.MAIL.value: reach.email}
        found[account_id] = tuple(
            Way(
                channel=channel,
                line=channel,
                address=address,
                window=_WINDOWS[channel],
                is_daily=wishes[account_id].daily_digest,
            )
            for channel, address in addresses.items()
            if address and channel in asked[account_id]
        )
    return found


def _contact(
    contact_id: UUID | None, words: Mapping[str, Words], audience: str
) -> list[_Recipient]:
    if contact_id is None:
        return []
    reach = people.reach_contact(contact_id)
    phone = reach.phone if Channel.SMS in words else ""
    window = rules.REPORTER_WINDOW if audience == Audience.REPORTER else rules.STAFF_WINDOW
    sms = Way(channel=Channel.SMS.value, line=Channel.SMS.value, address=phone, window=window)
    return [
        _Recipient(
            suffix=f"c{contact_id.hex}",
            contact_id=contact_id,
            account_id=reach.account_id,
            ways=(sms,) if phone else (),
        )
    ]


def _robots(organisation_id: UUID | None, words: Mapping[str, Words]) -> list[_Recipient]:
    if organisation_id is None or Channel.ROBOT not in words:
        return []
    return [_robot(one.id, one.address) for one in selectors.robots_of(organisation_id)]


def _robot(robot_id: UUID, address: str) -> _Recipient:
    channel = Channel.ROBOT.value
    way = Way(channel=channel, line=f"robot:{robot_id}", address=address, window=_WINDOWS[channel])
    return _Recipient(suffix=f"r{robot_id.hex}", robot_id=robot_id, ways=(way,))


# What is written


def _write(message: _Message, recipients: list[_Recipient]) -> list[UUID]:
    """Write what is new. Telling twice is rare: the database's key finds it, no question before."""
    keys = {f"{message.key}:{one.suffix}": one for one in recipients}
    try:
        with transaction.atomic():
            return _insert(message, keys)
    except IntegrityError:
        known = set(Notice.objects.filter(key__in=keys).values_list("key", flat=True))
        return _insert(message, {key: one for key, one in keys.items() if key not in known})


def _insert(message: _Message, keys: Mapping[str, _Recipient]) -> list[UUID]:
    if not keys:
        return []
    pairs = [(_notice(message, key, one), one) for key, one in keys.items()]
    Notice.objects.bulk_create([notice for notice, _ in pairs])
    ways = [way for one in keys.values() for way in one.ways]
    if ways:
        due = DueTimes(
            ways, area_path=message.area_path, is_urgent=message.is_urgent, now=message.now
        )
        Delivery.objects.bulk_create(
            _delivery(message, notice, way, due.of(way))
            for notice, one in pairs
            for way in one.ways
        )
    return [notice.id for notice, _ in pairs]


def _notice(message: _Message, key: str, one: _Recipient) -> Notice:
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
