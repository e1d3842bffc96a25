"""Webhooks: signed, tried again for days, never inward, never twice as two, off when nobody answers."""

import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook as Standard
from standardwebhooks import WebhookVerificationError

from linli.clients import selectors, services, tasks
from linli.clients.adapters import posting
from linli.clients.models import Webhook, WebhookDelivery
from linli.clients.services import WebhookSheet, delivering
from linli.clients.services.topics import register_topics
from linli.clients.tests.receiver import Receiver, serve
from linli.kernel import clock, outbox, tenancy
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow
from linli.kernel.tests.makers import BellRung, ring, subscribed
from linli.messages.models import Notice

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _bells():
    """Let webhooks hear bells."""
    register_topics([BellRung.name])
    with subscribed(services.hand_out):
        yield
    selectors.webhooks.TOPICS.pop(BellRung.name)


@pytest.fixture
def receiver(settings):
    settings.ROBOT_HOSTS = frozenset({"127.0.0.1"})
    with serve(Receiver()) as other:
        yield other


def add(cast, address: str, now=None) -> services.NewSecret:
    sheet = WebhookSheet(
        name="热线平台", area_id=cast.community.pk, topics=[BellRung.name], address=address
    )
    return services.add_webhook(sheet=sheet, actor=cast.lead, now=now or clock.now())


def happen(cast, now, **data) -> EventRow:
    """Let a bell ring in the community, and hand it out."""
    row = ring(now)
    EventRow.objects.filter(pk=row.pk).update(area_path=cast.grid.path, data={"times": 1, **data})
    outbox.deliver_events(now)
    return row


def send(now) -> None:
    """Do what the worker's job does."""
    silent: set = set()
    for parcel in delivering.claim_parcels(now):
        tasks.carry(parcel, silent, now)


def state() -> list[tuple[str, int, int | None]]:
    return list(WebhookDelivery.objects.order_by("id").values_list("state", "attempts", "status"))


def test_what_happens_arrives_signed_once(cast, receiver):
    now = clock.now()
    made = add(cast, receiver.url, now)
    row = happen(cast, now, entry_id="inside", is_confidential=False)
    send(now)
    send(now)
    ((headers, body),) = receiver.taken
    told = Standard(made.text).verify(body, headers)
    assert told["type"] == BellRung.name
    assert told["data"]["id"] == str(row.subject_id)
    assert told["data"]["times"] == 1
    assert "entry_id" not in told["data"]
    assert state() == [("delivered", 1, 204)]
    with pytest.raises(WebhookVerificationError):
        Standard(made.text).verify(body + b" ", headers)


def test_an_event_handed_out_twice_is_told_once(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    row = happen(cast, now)
    services.hand_out(EventRow.objects.get(pk=row.pk))
    assert WebhookDelivery.objects.count() == 1


def test_other_places_and_confidential_things_are_not_told(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now, is_confidential=True)
    happen(cast, now, was_confidential=True)
    elsewhere = ring(now)
    EventRow.objects.filter(pk=elsewhere.pk).update(area_path="999/")
    outbox.deliver_events(now)
    assert WebhookDelivery.objects.count() == 0


def test_500_for_a_day_loses_nothing(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    receiver.status = 500
    for _time in range(3):
        happen(cast, now)
    moment = now
    while moment < now + DAY:
        send(moment)
        moment += timedelta(minutes=30)
    assert 6 <= len(receiver.taken) <= 20  # seldom, and one message at a time
    assert {one for one, _attempts, _status in state()} == {"waiting"}
    assert Webhook.objects.get().paused_at is None
    receiver.status, moment = 200, now + DAY + 4 * HOUR
    for _time in range(3):
        send(moment)
        moment += 4 * HOUR
    assert {one for one, _attempts, _status in state()} == {"delivered"}
    assert Webhook.objects.get().failing_since is None
    ids = [headers["webhook-id"] for headers, _body in receiver.taken]
    assert len(set(ids)) == 3


def test_after_days_it_is_switched_off_staff_are_told_and_resuming_sends_what_waits(cast, receiver):
    now = clock.now()
    made = add(cast, receiver.url, now)
    receiver.status = 503
    happen(cast, now)
    moment = now
    while moment < now + 4 * DAY:
        send(moment)
        moment += 3 * HOUR
    hook = Webhook.objects.get()
    assert hook.is_paused_by_itself
    (notice,) = Notice.objects.filter(account_id=cast.lead.account_id)
    assert "热线平台" in notice.title
    before = len(receiver.taken)
    send(moment)
    assert len(receiver.taken) == before
    receiver.status = 200
    services.resume_webhook(webhook_id=made.webhook_id, actor=cast.lead, now=moment)
    send(moment)
    assert [one for one, _attempts, _status in state()] == ["delivered"]


def test_what_is_too_old_is_given_up(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    receiver.status = 500
    happen(cast, now)
    for hours in range(0, 6 * 24, 6):
        Webhook.objects.update(failing_since=None, paused_at=None)
        send(now + hours * HOUR)
    assert state()[0][0] == "failed"


def test_a_new_secret_signs_beside_the_old_one_for_a_day(cast, receiver):
    now = clock.now()
    old = add(cast, receiver.url, now)
    new = services.rotate_secret(webhook_id=old.webhook_id, actor=cast.lead, now=now)
    assert new.text != old.text
    happen(cast, now)
    send(now)
    headers, body = receiver.taken[-1]
    for secret in (old.text, new.text):
        Standard(secret).verify(body, headers)
    happen(cast, now + 2 * DAY)
    send(now + 2 * DAY)
    headers, body = receiver.taken[-1]
    assert len(headers["webhook-signature"].split()) == 1


def test_the_test_button_sends_at_once_and_does_not_try_again(cast, receiver):
    now = clock.now()
    made = add(cast, receiver.url, now)
    services.try_webhook(webhook_id=made.webhook_id, actor=cast.lead, now=now)
    send(now)
    (_headers, body) = receiver.taken[-1]
    assert json.loads(body)["type"] == "clients.webhook.tried"
    receiver.status = 500
    services.try_webhook(webhook_id=made.webhook_id, actor=cast.lead, now=now)
    send(now)
    send(now + HOUR)
    assert [one for one, _attempts, _status in state()] == ["delivered", "failed"]


def test_a_worker_that_died_on_the_way_is_made_good_by_the_next(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now)
    (parcel,) = delivering.claim_parcels(now)
    assert delivering.claim_parcels(now) == []
    later = now + delivering.CLAIM + timedelta(seconds=1)
    send(later)
    delivering.note(parcel, posting.Answer(500, 1, "zu spät"), later)
    assert state() == [("delivered", 2, 204)]


def test_the_log_forgets_after_a_month(cast, receiver):
    now = clock.now()
    add(cast, receiver.url, now)
    happen(cast, now)
    send(now)
    assert delivering.forget_old(now + 29 * DAY) == 0
    assert delivering.forget_old(now + 31 * DAY) == 1


def test_strangers_and_those_who_may_not_find_nothing(cast, receiver):
    made = add(cast, receiver.url)
    with pytest.raises(NotFound):
        services.try_webhook(webhook_id=made.webhook_id, actor=cast.desk, now=clock.now())
    with tenancy.tenant(cast.away.pk), pytest.raises(NotFound):
        services.rotate_secret(webhook_id=made.webhook_id, actor=cast.away_lead, now=clock.now())
