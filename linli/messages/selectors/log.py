"""What reached whom: the log of deliveries, masked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.prepared import PreparedModels
from linli.messages.models import Channel, Delivery, DeliveryState, Notice, Outage
from linli.messages.selectors.catalogue import label_of
from linli.messages.selectors.settings import name_of_line
from linli.messages.selectors.waiting import count_waiting
from linli.people import selectors as people


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """One line of the log."""

    id: UUID
    channel: str
    channel_label: str
    to: str  # a name, or a masked phone
    address: str  # masked
    event_label: str
    title: str
    state: str
    state_label: str
    error: str
    subject_id: UUID | None
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    attempts: int
    can_repeat: bool

    @property
    def at(self) -> datetime:
        """Return when it was settled, or when it is due."""
        return self.settled_at or self.due_at

    @property
    def tone(self) -> str:
        """Return how its state looks."""
        return _TONES[DeliveryState(self.state)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySummary:
    """What a case page says of one message about the case."""

    channel: str
    channel_label: str
    event_label: str
    to: str  # "反映人", or a name
    is_reporter: bool
    state: str  # of the delivery that carried it, when it was folded
    sentence: str  # 已短信告知反映人
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLine:
    """A way out that is down."""

    name: str
    started_at: datetime
    probe_at: datetime
    reason: str
    waiting: int


_TONES = {
    DeliveryState.WAITING: "doing",
    DeliveryState.SENT: "done",
    DeliveryState.RECORDED: "wait",
    DeliveryState.FAILED: "new",
    DeliveryState.FOLDED: "off",
}


def deliveries(
    actor: Actor,
    *,
    state: str = "",
    channel: str = "",
    subject_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[DeliveryLine]:
    """Return the log of the areas where the actor manages messages, newest first.

    before: the id of the last line of the page before.
    Errors: NotAllowed.
    """
    rows = _asked(actor, state, channel, subject_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return _lines(rows[:limit])


def count_deliveries(
    actor: Actor, *, state: str = "", channel: str = "", subject_id: UUID | None = None
) -> int:
    """Return how long the filtered log is. Errors: NotAllowed."""
    return _asked(actor, state, channel, subject_id).count()


def _asked(actor: Actor, state: str, channel: str, subject_id: UUID | None) -> "QuerySet[Delivery]":
    rows = _seen_by(actor)
    if state:
        rows = rows.filter(state=state)
    if channel:
        rows = rows.filter(channel=channel)
    if subject_id is not None:
        rows = rows.filter(notice__subject_id=subject_id)
    return rows


def get_delivery(delivery_id: UUID, actor: Actor) -> DeliveryLine:
    """Return one line of the log. Errors: NotFound, NotAllowed."""
    found = _lines(_seen_by(actor).filter(pk=delivery_id))
    if not found:
        raise NotFound(_("没有找到这条发送记录。"))
    return found[0]


def deliveries_of_subject(subject_id: UUID) -> list[DeliverySummary]:
    """Return what was sent out about a case, oldest first; the caller checks who may see it."""
    rows = sorted(_deliveries_of(subject_id=subject_id), key=lambda row: row.pk)
    names = _names(rows)
    return [_summary(row, names) for row in rows]


def _build_deliveries_of(_shape: None, *, subject_id: UUID) -> "QuerySet[Delivery]":
    # From the notices on: asked for in order and joined, a planner walks all that was ever sent.
    notices = Notice.objects.filter(subject_id=subject_id)
    return Delivery.objects.filter(notice__in=notices.values("pk")).order_by()


# Nothing that would have to be decrypted: the summary says who and when, not what.
_SEALED = ("address", "text", "folded_text")
_deliveries_of = PreparedModels(
    _build_deliveries_of,
    related=("notice", "folded_into"),
    without=("notice__body", *_SEALED, *(f"folded_into__{name}" for name in _SEALED)),
)


def last_delivery(robot_id: UUID) -> Delivery | None:
    """Return the newest delivery to a group."""
    rows = Delivery.objects.filter(notice__robot_id=robot_id).select_related("notice")
    return next(iter(rows.order_by("-id")[:1]), None)


def outage_lines(now: datetime) -> list[OutageLine]:
    """Return the lines that are down, the oldest first."""
    return [
        OutageLine(
            name=name_of_line(one.line),
            started_at=one.started_at,
            probe_at=one.probe_at,
            reason=one.reason,
            waiting=count_waiting(one.line, now),
        )
        for one in Outage.objects.filter(ended_at=None).order_by("started_at")
    ]


def unset_channels() -> list[str]:
    """Return the channels without a gateway: what goes there is recorded and not sent."""
    ways = ((Channel.SMS, settings.SMS_URL), (Channel.MAIL, settings.MAIL_URL))
    return [str(channel.label) for channel, address in ways if not address]


def _seen_by(actor: Actor) -> "QuerySet[Delivery]":
    scopes = actor.scopes("messages.manage")
    if not scopes:
        actor.require("messages.manage")
    where = Q(pk=None)
    for path in scopes:
        where |= Q(notice__area_path__startswith=path)
    return Delivery.objects.filter(where).select_related("notice")


def _names(rows: Iterable[Delivery]) -> dict[UUID, str]:
    return people.account_names([one.notice.account_id for one in rows])


def _lines(rows: Iterable[Delivery]) -> list[DeliveryLine]:
    found = list(rows)
    names = _names(found)
    return [
        DeliveryLine(
            id=row.id,
            channel=row.channel,
            channel_label=str(Channel(row.channel).label),
            to=_to(row, names),
            address=mask_address(row),
            event_label=label_of(row.notice.event_name),
            title=row.notice.title,
            state=row.state,
            state_label=str(DeliveryState(row.state).label),
            error=row.error,
            subject_id=row.notice.subject_id,
            created_at=row.notice.created_at,
            due_at=row.due_at,
            settled_at=row.settled_at,
            attempts=row.attempts,
            can_repeat=bool(row.text)
            and row.state in (DeliveryState.FAILED, DeliveryState.RECORDED),
        )
        for row in found
    ]


def mask_address(row: Delivery) -> str:
    """Return as much of an address as is needed to recognise it."""
    if row.channel == Channel.SMS:
        return masking.mask_phone(row.address)
    if row.channel == Channel.MAIL:
        return masking.mask_text(row.address)
    return row.address.partition("://")[2].partition("/")[0]


def _to(row: Delivery, names: dict[UUID, str]) -> str:
    if row.notice.contact_id is not None:
        return _("反映人")
    if row.notice.robot_id is not None:
        return _("群")
    return names.get(row.notice.account_id, "") if row.notice.account_id else ""


_SENTENCES = {
    DeliveryState.WAITING: gettext_lazy("等待%(channel)s告知%(to)s"),
    DeliveryState.SENT: gettext_lazy("已%(channel)s告知%(to)s"),
    DeliveryState.RECORDED: gettext_lazy("%(channel)s没有发出（未配置），应告知%(to)s"),
    DeliveryState.FAILED: gettext_lazy("%(channel)s没有送达%(to)s"),
}


def _summary(row: Delivery, names: dict[UUID, str]) -> DeliverySummary:
    carrier = row.folded_into if row.folded_into is not None else row
    channel = str(Channel(row.channel).label)
    to = _to(row, names)
    return DeliverySummary(
        channel=row.channel,
        channel_label=channel,
        event_label=label_of(row.notice.event_name),
        to=to,
        is_reporter=row.notice.contact_id is not None,
        state=carrier.state,
        sentence=str(_SENTENCES[DeliveryState(carrier.state)]) % {"channel": channel, "to": to},
        at=carrier.settled_at or carrier.due_at,
    )
