"""Installs the messages of a blueprint: quiet hours, and words that differ from our own."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, put, record
from linli.kernel.errors import BadInput
from linli.messages.errors import UnknownMessage
from linli.messages.models import QuietHours, Template
from linli.messages.selectors import catalogue
from linli.messages.selectors.settings import forget_quiet_hours
from linli.messages.services import check_words


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingItem:
    """The words for an event, an audience and a channel."""

    event_name: str
    audience: str
    channel: str
    title: str = ""
    body: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPart:
    """The messages of a blueprint. quiet_*: None keeps the product's own night."""

    quiet_from: time | None = None
    quiet_until: time | None = None
    wordings: tuple[WordingItem, ...] = ()


@transaction.atomic
def install(
    part: MessagesPart,
    *,
    before: MessagesPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Install quiet hours and wordings; see `kernel.blueprint` for rows that are there already.

    Errors: NotAllowed, BadInput (words that could not be filled; nothing is installed then).
    """
    actor.require("messages.manage")
    for item in part.wordings:
        _check(item)
    outcome, base = Outcome("messages"), before or MessagesPart()
    put(
        QuietHours,
        "免打扰时间",
        wanted=_quiet(part),
        base=_quiet(base),
        key=lambda row: row.area_path,
        first={},
        outcome=outcome,
    )
    put(
        Template,
        "通知用语",
        wanted=_wordings(part),
        base=_wordings(base),
        key=lambda row: (row.area_path, row.event_name, row.audience, row.channel),
        first={},
        outcome=outcome,
    )
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    catalogue.forget()
    forget_quiet_hours()
    return outcome


def _check(item: WordingItem) -> None:
    """Refuse words for what is never told, or with facts that it does not have."""
    where = f"{item.event_name} {item.audience} {item.channel}"
    try:
        catalogue.words_of_area(item.event_name, item.audience, item.channel, "")
        check_words(item.event_name, title=item.title, body=item.body)
    except UnknownMessage:
        raise BadInput(_("没有这样一条通知：%(where)s。") % {"where": where}) from None
    except BadInput as trouble:
        raise BadInput(f"{where}：{trouble.message}") from None


def _quiet(part: MessagesPart) -> dict[Hashable, Fields]:
    if part.quiet_from is None or part.quiet_until is None:
        return {}
    return {"": {"area_path": "", "starts_at": part.quiet_from, "ends_at": part.quiet_until}}


def _wordings(part: MessagesPart) -> dict[Hashable, Fields]:
    return {
        ("", item.event_name, item.audience, item.channel): {
            "area_path": "",
            "event_name": item.event_name,
            "audience": item.audience,
            "channel": item.channel,
            "title": item.title,
            "body": item.body,
            "is_urgent": item.is_urgent,
        }
        for item in part.wordings
    }
