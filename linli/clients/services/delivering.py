"""Events handed out to webhooks, claimed by a sender, noted; a silent address is tried seldom, then off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from linli.clients import rules, selectors
from linli.clients.adapters import Answer, Message
from linli.clients.events import WebhookPaused
from linli.clients.models import PostState, Webhook, WebhookDelivery
from linli.kernel import clock, events, tenancy
from linli.kernel.actor import system
from linli.kernel.models import EventRow
from linli.kernel.rows import insert_once
from linli.messages import services as messages
from linli.posts import selectors as posts

# Longer than a batch of silent addresses may take.
CLAIM: Final = timedelta(minutes=5)
BATCH: Final = 10
_MOST_FORGOTTEN: Final = 500


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery: what is sent, and to whom it belongs."""

    delivery_id: UUID
    webhook_id: UUID
    attempts: int
    message: Message


def hand_out(event: EventRow) -> None:
    """Note an event for every webhook that listens; called by the rooms' subscribers, once or twice.

    What is confidential, or was, is told to no other system.
    """
    facts = event.data
    if facts.get("is_confidential") or facts.get("was_confidential"):
        return
    for listener in selectors.listeners().get(event.name, ()):
        if event.area_path.startswith(listener.area_path):
            insert_once(
                WebhookDelivery(
                    webhook_id=listener.webhook_id, event=event, event_name=event.name,
                    created_at=event.recorded_at, due_at=min(event.happened_at, event.recorded_at),
                    give_up_at=event.recorded_at + rules.GIVE_UP,
                )
            )  # fmt: skip


def claim_parcels(now: datetime) -> list[Parcel]:
    """Take what should leave now; of an address that did not answer last time, one message only."""
    _give_up(now)
    rows = list(selectors.due_deliveries(now).select_related("webhook", "event")[:BATCH])
    parcels, seen = [], set()
    for row in rows:
        is_probe = row.webhook.failing_since is not None
        if is_probe and row.webhook_id in seen:
            continue
        seen.add(row.webhook_id)
        if _claim(row, now, is_probe=is_probe):
            parcels.append(_parcel(row, now))
    return parcels


@transaction.atomic
def note(parcel: Parcel, answer: Answer, now: datetime) -> None:
    """Write down how it went; a silent address is left alone for a while, and off after days."""
    held = WebhookDelivery.objects.filter(
        pk=parcel.delivery_id, state=PostState.WAITING, attempts=parcel.attempts
    )
    tried = {
        "tried_at": now, "status": answer.status, "duration_ms": answer.duration_ms,
        "error": answer.error[:120],
    }  # fmt: skip
    webhook = Webhook.objects.select_for_update().select_related("area").get(pk=parcel.webhook_id)
    if answer.is_taken:
        held.update(state=PostState.DELIVERED, settled_at=now, **tried)
        if webhook.failing_since is not None:
            webhook.failing_since = webhook.held_until = None
            webhook.failures = 0
            webhook.save(update_fields=["failing_since", "held_until", "failures"])
        return
    held.update(due_at=now + rules.pause_after(parcel.attempts), **tried)
    _note_silence(webhook, now)


@transaction.atomic
def release(parcel: Parcel, now: datetime) -> None:
    """Give a parcel back untried: its address turned out to be silent."""
    WebhookDelivery.objects.filter(
        pk=parcel.delivery_id, state=PostState.WAITING, attempts=parcel.attempts
    ).update(attempts=F("attempts") - 1, due_at=now)


def forget_old(now: datetime) -> int:
    """Drop what was settled long ago from the log; return how many."""
    old = WebhookDelivery.objects.filter(settled_at__lt=now - rules.KEEP).order_by("settled_at")
    ids = list(old.values_list("pk", flat=True)[:_MOST_FORGOTTEN])
    WebhookDelivery.objects.filter(pk__in=ids).delete()
    return len(ids)


def _claim(row: WebhookDelivery, now: datetime, *, is_probe: bool) -> bool:
    with transaction.atomic():
        if is_probe:
            free = Webhook.objects.filter(pk=row.webhook_id, held_until=row.webhook.held_until)
            if free.update(held_until=now + CLAIM) != 1:
                return False
        claimed = WebhookDelivery.objects.filter(
            pk=row.pk, state=PostState.WAITING, attempts=row.attempts, due_at=row.due_at
        )
        if claimed.update(attempts=row.attempts + 1, due_at=now + CLAIM) != 1:
            return False
    row.attempts += 1
    return True


def _parcel(row: WebhookDelivery, now: datetime) -> Parcel:
    hook, event = row.webhook, row.event
    secrets = [hook.secret]
    if hook.old_secret_until is not None and now < hook.old_secret_until:
        secrets.append(hook.old_secret)
    body = rules.payload(
        row.event_name,
        clock.local(event.happened_at if event else row.created_at),
        str(event.subject_id if event else row.pk),
        event.area_path if event else "",
        event.data if event else {},
    )
    message = Message(
        id=f"msg_{row.pk.hex}", address=hook.address, secrets=tuple(secrets), body=body
    )
    return Parcel(row.pk, row.webhook_id, row.attempts, message)


def _note_silence(webhook: Webhook, now: datetime) -> None:
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    webhook.held_until = now + rules.pause_after(webhook.failures)
    names = ["failures", "failing_since", "held_until"]
    if now - webhook.failing_since >= rules.SWITCH_OFF and webhook.paused_at is None:
        webhook.paused_at, webhook.is_paused_by_itself = now, True
        names += ["paused_at", "is_paused_by_itself"]
        _tell_staff(webhook, now)
    webhook.save(update_fields=names)


def _tell_staff(webhook: Webhook, now: datetime) -> None:
    selectors.listeners.forget()
    since = webhook.failing_since or now
    event = WebhookPaused(
        subject_id=webhook.pk, area_path=webhook.area.path, failing_since=since.isoformat()
    )
    events.record(event, actor=system(tenancy.current_tenant_id()), at=now)
    messages.tell(
        event_name=WebhookPaused.name,
        audience="lead",
        key=f"webhook:{webhook.pk.hex}:{since:%Y%m%d%H%M%S}",
        facts={"name": webhook.name, "since": clock.local(since).strftime("%-m 月 %-d 日 %H:%M")},
        link=f"/desk/clients/webhooks/{webhook.pk}/",
        subject_id=webhook.pk,
        now=now,
        account_ids=posts.accounts_with(selectors.MANAGE, webhook.area.path, now),
        area_path=webhook.area.path,
    )


def _give_up(now: datetime) -> None:
    stale = WebhookDelivery.objects.filter(
        state=PostState.WAITING, give_up_at__lt=now, attempts__gt=0, due_at__lte=now
    )
    _settle(stale.values_list("pk", flat=True)[:200], now)


def _settle(ids: Iterable[UUID], now: datetime) -> None:
    stale = list(ids)
    if stale:  # An idle sender writes nothing.
        rows = WebhookDelivery.objects.filter(pk__in=stale, state=PostState.WAITING)
        rows.update(state=PostState.FAILED, settled_at=now)
