"""Small things of the field for tests: a taker of notes, deliveries, photos."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image

from linli.field.services import devices, kinds, submissions, uploads
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.kernel.models import Tenant

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOTE = "tests.note"


@contextmanager
def taking(taker: kinds.Taker, kind: str = NOTE, *, reads: str = "") -> Iterator[None]:
    """Let a function take a kind inside the block."""
    kinds.takes(kind, label="便条", reads=reads)(taker)
    try:
        yield
    finally:
        kinds._TAKERS.pop(kind, None)


def delivery(**facts: Any) -> submissions.Delivery:
    usual = {"id": new_id(), "kind": NOTE, "answers": {"text": "看过了。"}, "said_at": NINE}
    return submissions.Delivery(**{**usual, **facts})


def jpeg(colour: str = "teal", side: int = 64) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def make_photo(actor: Actor, *, colour: str = "teal", now: datetime = NINE) -> UUID:
    """Send a photo in one go; return its id."""
    upload_id = new_id()
    assert actor.account_id
    uploads.keep_whole(
        upload_id=upload_id, file=io.BytesIO(jpeg(colour)), account_id=actor.account_id, now=now
    )
    return upload_id


def make_device(actor: Actor, *, now: datetime = NINE) -> tuple[Any, str]:
    """Let a phone be known to somebody; return it and its token."""
    code = Tenant.objects.get(pk=actor.tenant_id).code
    return devices.know_device(name="安卓手机 · Chrome", tenant_code=code, actor=actor, now=now)


def field_things(keeper: Actor, now: datetime) -> dict[str, Any]:
    """Return a phone and a record with a photo that waits for the desk, for tests of every page."""
    device, _token = make_device(keeper, now=now)
    photo = make_photo(keeper, now=now)
    one = delivery(title="巡查 · 南门", photos=(("door", photo),), said_at=now)
    kept = submissions.hand_in(
        delivery=one, actor=keeper, device=device, why_apart="岗位已经结束。", now=now
    )
    return {
        "device_id": device.pk,
        "submission_id": kept.submission.pk,
        "upload_id": photo,
        "name": "192.png",
    }
