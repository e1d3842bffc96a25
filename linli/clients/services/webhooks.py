"""Webhooks: added, changed, given a new secret, tried, paused, ended."""

import base64
import secrets as randomness
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.clients import rules, selectors
from linli.clients.adapters import check_address
from linli.clients.events import WebhookChanged
from linli.clients.models import PostState, Webhook, WebhookDelivery, WebhookTopic
from linli.clients.selectors.webhooks import TOPICS, TRIED
from linli.kernel import events, idempotency, jobs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.messages.adapters import Refused
from linli.places import selectors as places


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSheet:
    """What the form of a webhook says. address: "" keeps what is there."""

    name: str
    area_id: UUID
    topics: Collection[str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook's secret, shown once."""

    webhook_id: UUID
    name: str
    text: str


@transaction.atomic
def add_webhook(*, sheet: WebhookSheet, actor: Actor, now: datetime, key: str = "") -> NewSecret:
    """Let another system be told of events below an area; the same key of a form adds it once.

    Whoever adds it must see cases there. Errors: NotAllowed, NotFound, BadInput (with the field),
    Conflict (same key, other content, or told already).
    """
    webhook = Webhook(created_at=now, created_by=actor.who, secret=_secret())
    if not sheet.address.strip():
        raise BadInput(_("还没有填对方的地址。"), field="address")
    _fill(webhook, sheet, actor)

    def make() -> UUID:
        webhook.save(force_insert=True)
        _set_topics(webhook, sheet.topics)
        _record(webhook, "created", actor, now)
        return webhook.pk

    mark = idempotency.fingerprint(
        actor.who, sheet.name, sheet.area_id, sorted(sheet.topics), sheet.address
    )
    made_id, is_new = idempotency.once("clients.webhook", key, mark, make, result_id=webhook.pk)
    made = selectors.get_webhook(made_id, actor)
    if not is_new and now - made.created_at >= rules.TOLD_FOR:
        raise Conflict(_("这个推送已经加好，密钥不再显示。没有记下来就到它的页面换一个密钥。"))
    return NewSecret(made.pk, made.name, made.secret)


@transaction.atomic
def change_webhook(
    *, webhook_id: UUID, sheet: WebhookSheet, actor: Actor, now: datetime
) -> Webhook:
    """Change a webhook. Errors: NotAllowed, NotFound, BadInput (with the field)."""
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    _fill(webhook, sheet, actor)
    webhook.save(update_fields=["name", "area", "address", "host"])
    _set_topics(webhook, sheet.topics)
    _record(webhook, "changed", actor, now)
    return webhook


@transaction.atomic
def rotate_secret(*, webhook_id: UUID, actor: Actor, now: datetime) -> NewSecret:
    """Give a webhook a new secret; for a day messages carry signatures by both.

    Errors: NotAllowed, NotFound.
    """
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    webhook.old_secret, webhook.old_secret_until = webhook.secret, now + rules.OLD_SECRET
    webhook.secret = _secret()
    webhook.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _record(webhook, "rotated", actor, now)
    return NewSecret(webhook.pk, webhook.name, webhook.secret)


@transaction.atomic
def pause_webhook(*, webhook_id: UUID, actor: Actor, now: datetime) -> Webhook:
    """Send nothing for now; what happens meanwhile is not kept for it. Errors: NotFound, Conflict."""
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    if webhook.paused_at is not None:
        raise Conflict(_("已经停着。"))
    webhook.paused_at, webhook.is_paused_by_itself = now, False
    webhook.save(update_fields=["paused_at", "is_paused_by_itself"])
    _record(webhook, "paused", actor, now)
    return webhook


@transaction.atomic
def resume_webhook(*, webhook_id: UUID, actor: Actor, now: datetime) -> Webhook:
    """Send again, first what still waits. Errors: NotFound, Conflict."""
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    if webhook.paused_at is None:
        raise Conflict(_("没有停着。"))
    webhook.paused_at = webhook.failing_since = webhook.held_until = None
    webhook.is_paused_by_itself, webhook.failures = False, 0
    webhook.save(
        update_fields=[
            "paused_at",
            "is_paused_by_itself",
            "failing_since",
            "held_until",
            "failures",
        ]
    )
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=PostState.WAITING)
    waiting.update(due_at=now, give_up_at=now + rules.GIVE_UP)
    _record(webhook, "resumed", actor, now)
    return webhook


@transaction.atomic
def end_webhook(*, webhook_id: UUID, actor: Actor, now: datetime) -> None:
    """Tell this address nothing any more. Errors: NotFound."""
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    webhook.ended_at = now
    webhook.save(update_fields=["ended_at"])
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=PostState.WAITING)
    waiting.update(state=PostState.FAILED, settled_at=now, error=_("推送已删除。"))
    _record(webhook, "ended", actor, now)


@transaction.atomic
def try_webhook(*, webhook_id: UUID, actor: Actor, now: datetime) -> UUID:
    """Send a message that means nothing, at once; return its delivery. Errors: NotFound, Conflict."""
    webhook = selectors.get_webhook(webhook_id, actor, lock=True)
    if webhook.paused_at is not None:
        raise Conflict(_("推送停着，先恢复再试。"))
    webhook.held_until = None
    webhook.save(update_fields=["held_until"])
    # Older than anything that waits, so that it is the one that is tried.
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, event_name=TRIED, created_at=now, due_at=now - rules.GIVE_UP,
        give_up_at=now,
    )  # fmt: skip
    jobs.enqueue("clients.deliver", key=f"try:{delivery.pk}", due_at=now)
    return delivery.pk


def _fill(webhook: Webhook, sheet: WebhookSheet, actor: Actor) -> None:
    area = places.get_area(sheet.area_id)
    actor.require(selectors.MANAGE, area.path)
    actor.require("cases.view", area.path)
    name = " ".join(sheet.name.split())
    if not name or len(name) > 60:
        raise BadInput(_("写清楚是给哪个系统的，1 到 60 个字。"), field="name")
    if not sheet.topics or set(sheet.topics) - set(TOPICS):
        raise BadInput(_("至少选一件要通知对方的事。"), field="topics")
    webhook.name, webhook.area = name, area
    if sheet.address.strip():
        try:
            checked = check_address(sheet.address)
        except Refused as refusal:
            raise BadInput(refusal.reason, field="address") from None
        webhook.address, webhook.host = sheet.address.strip(), checked.host


def _set_topics(webhook: Webhook, topics: Collection[str]) -> None:
    had = set(selectors.topics_of(webhook.pk))
    WebhookTopic.objects.filter(webhook=webhook, event_name__in=had - set(topics)).delete()
    WebhookTopic.objects.bulk_create(
        WebhookTopic(webhook=webhook, event_name=name) for name in sorted(set(topics) - had)
    )


def _secret() -> str:
    return "whsec_" + base64.b64encode(randomness.token_bytes(24)).decode()


def _record(webhook: Webhook, what: str, actor: Actor, now: datetime) -> None:
    selectors.listeners.forget()
    event = WebhookChanged(
        subject_id=webhook.pk, area_path=webhook.area.path, what=what, host=webhook.host
    )
    events.record(event, actor=actor, at=now)
