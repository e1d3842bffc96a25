"""Who is told and over which ways: accounts as they wish, a contact, an organisation's robots."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from linli.messages import rules, selectors
from linli.messages.models import Audience, Channel
from linli.messages.selectors.catalogue import Words
from linli.messages.services.leaving import Way
from linli.people import selectors as people
from linli.people.selectors import Reach

_WINDOWS: Final = {
    Channel.SMS.value: rules.STAFF_WINDOW,
    Channel.MAIL.value: rules.STAFF_WINDOW,
    Channel.ROBOT.value: rules.ROBOT_WINDOW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person or robot, and the ways to them."""

    suffix: str  # makes the notice's key
    ways: tuple[Way, ...] = ()
    account_id: UUID | None = None
    contact_id: UUID | None = None
    robot_id: UUID | None = None


class AddressBook:
    """Where contacts and accounts are reached, read once for everything that is told together."""

    def __init__(self, *, contact_ids: Iterable[UUID], account_ids: Iterable[UUID]) -> None:
        self._contacts = people.reach_contacts(contact_ids)
        accounts = set(account_ids)
        self._wishes = selectors.preferences_of(accounts)
        # Addresses are read, and decrypted, only of those who want more than the page.
        asked = [one for one in accounts if self._wishes[one].channels]
        self._accounts: dict[UUID, Reach] = people.reach_accounts(asked) if asked else {}

    def accounts(self, ids: Iterable[UUID], words: Mapping[str, Words]) -> Iterator[Recipient]:
        """Give each account once, with the ways it asked for and there are words for."""
        for one in dict.fromkeys(ids):
            asked = self._wishes[one].channels & words.keys()
            ways = tuple(self._ways(one, asked)) if asked else ()
            yield Recipient(suffix=f"a{one.hex}", account_id=one, ways=ways)

    def _ways(self, account_id: UUID, asked: Collection[str]) -> Iterator[Way]:
        reach = self._accounts.get(account_id)
        if reach is None:
            return
        is_daily = self._wishes[account_id].daily_digest
        for channel, address in (
            (Channel.SMS.value, reach.phone),
            (Channel.MAIL.value, reach.email),
        ):
            if address and channel in asked:
                yield Way(
                    channel=channel, line=channel, address=address,
                    window=_WINDOWS[channel], is_daily=is_daily,
                )  # fmt: skip

    def contact(
        self, contact_id: UUID | None, words: Mapping[str, Words], audience: str
    ) -> Iterator[Recipient]:
        """Give the contact, with a text message where there is a phone."""
        if contact_id is None:
            return
        reach = self._contacts[contact_id]
        phone = reach.phone if Channel.SMS in words else ""
        window = rules.REPORTER_WINDOW if audience == Audience.REPORTER else rules.STAFF_WINDOW
        sms = Way(channel=Channel.SMS.value, line=Channel.SMS.value, address=phone, window=window)
        yield Recipient(
            suffix=f"c{contact_id.hex}",
            contact_id=contact_id,
            account_id=reach.account_id,
            ways=(sms,) if phone else (),
        )


def robots(organisation_id: UUID | None, words: Mapping[str, Words]) -> Iterator[Recipient]:
    """Give the robots that an organisation listens on."""
    if organisation_id is not None and Channel.ROBOT in words:
        for one in selectors.robots_of(organisation_id):
            yield robot(one.id, one.address)


def robot(robot_id: UUID, address: str) -> Recipient:
    """Return one robot."""
    channel = Channel.ROBOT.value
    way = Way(channel=channel, line=f"robot:{robot_id}", address=address, window=_WINDOWS[channel])
    return Recipient(suffix=f"r{robot_id.hex}", robot_id=robot_id, ways=(way,))
