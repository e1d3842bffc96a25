"""Questions about webhooks: which there are, who listens to what, what was sent."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.clients.models import PostState, Webhook, WebhookDelivery, WebhookTopic
from linli.clients.selectors.keys import MANAGE
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.posts import selectors as posts

# Names of events that can be listened to, in order; `services.register_topics` fills it.
TOPICS: Final[dict[str, None]] = {}
TRIED: Final = "clients.webhook.tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookLine:
    """A webhook as the page shows it."""

    id: UUID
    name: str
    host: str
    area_name: str
    topic_labels: tuple[str, ...]
    paused_at: datetime | None
    is_paused_by_itself: bool
    failing_since: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryLine:
    """A delivery as the log shows it."""

    id: UUID
    label: str
    state: str
    state_label: str
    attempts: int
    status: int | None
    duration_ms: int | None
    error: str
    created_at: datetime
    tried_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook that wants to hear of an event below a path."""

    webhook_id: UUID
    area_path: str


def topic_choices() -> list[tuple[str, str]]:
    """Return (event name, label) of everything that can be listened to."""
    labels = dict(posts.event_choices())
    return [(name, labels.get(name, name)) for name in TOPICS]


@remember
def listeners() -> dict[str, tuple[Listener, ...]]:
    """Return who wants to hear of what, by event name. Remembered: every event asks."""
    rows = WebhookTopic.objects.filter(_LIVING).values_list(
        "event_name", "webhook_id", "webhook__area__path"
    )
    found: dict[str, list[Listener]] = defaultdict(list)
    for event_name, webhook_id, path in rows:
        found[event_name].append(Listener(webhook_id, path))
    return {name: tuple(some) for name, some in found.items()}


_LIVING = Q(webhook__ended_at=None, webhook__paused_at=None)


def webhook_lines(actor: Actor) -> list[WebhookLine]:
    """Return the webhooks of the actor's areas, by name. Errors: NotAllowed."""
    rows = list(_managed(actor).filter(ended_at=None).select_related("area").order_by("name", "id"))
    topics = defaultdict(list)
    labels = dict(topic_choices())
    for webhook_id, event_name in WebhookTopic.objects.filter(webhook__in=rows).values_list(
        "webhook_id", "event_name"
    ):
        topics[webhook_id].append(event_name)
    waiting: dict[UUID, int] = defaultdict(int)
    unsettled = WebhookDelivery.objects.filter(webhook__in=rows, state=PostState.WAITING)
    for webhook_id in unsettled.values_list("webhook_id", flat=True):
        waiting[webhook_id] += 1
    return [
        WebhookLine(
            id=row.pk,
            name=row.name,
            host=row.host,
            area_name=row.area.name,
            topic_labels=tuple(labels[name] for name in TOPICS if name in topics[row.pk]),
            paused_at=row.paused_at,
            is_paused_by_itself=row.is_paused_by_itself,
            failing_since=row.failing_since,
            waiting=waiting[row.pk],
        )
        for row in rows
    ]


def get_webhook(webhook_id: UUID, actor: Actor, *, lock: bool = False) -> Webhook:
    """Return one webhook that the actor manages. Errors: NotAllowed, NotFound."""
    rows = _managed(actor).filter(ended_at=None).select_related("area")
    if lock:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=webhook_id)
    except Webhook.DoesNotExist:
        raise NotFound(_("没有找到这个推送地址。")) from None


def topics_of(webhook_id: UUID) -> list[str]:
    """Return the names of the events that a webhook is told of."""
    rows = WebhookTopic.objects.filter(webhook_id=webhook_id)
    return list(rows.order_by("event_name").values_list("event_name", flat=True))


def delivery_lines(
    webhook_id: UUID, *, before: UUID | None = None, limit: int = 50
) -> list[DeliveryLine]:
    """Return what was sent to a webhook, the newest first; whose it is was asked."""
    rows = WebhookDelivery.objects.filter(webhook_id=webhook_id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    labels: dict[str, Any] = {**dict(topic_choices()), TRIED: _("试发")}
    return [
        DeliveryLine(
            id=row.pk,
            label=labels.get(row.event_name, row.event_name),
            state=row.state,
            state_label=row.get_state_display(),
            attempts=row.attempts,
            status=row.status,
            duration_ms=row.duration_ms,
            error=row.error,
            created_at=row.created_at,
            tried_at=row.tried_at,
            due_at=row.due_at,
        )
        for row in rows[:limit]
    ]


def due_deliveries(now: datetime) -> QuerySet[WebhookDelivery]:
    """Return what should leave now, oldest first; not to addresses that are paused or held."""
    free = Q(webhook__held_until=None) | Q(webhook__held_until__lte=now)
    rows = WebhookDelivery.objects.filter(_LIVING, free, state=PostState.WAITING, due_at__lte=now)
    return rows.order_by("due_at", "id")


def _managed(actor: Actor) -> QuerySet[Webhook]:
    actor.require(MANAGE)
    within = Q(pk__in=[])
    for scope in actor.scopes(MANAGE):
        within |= Q(area__path__startswith=scope) if scope else Q(pk__isnull=False)
    return Webhook.objects.filter(within)
