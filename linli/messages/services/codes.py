"""One-time codes by text message: sent at once, at any hour, logged without the code."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel.secrets import decrypt
from linli.messages import rules
from linli.messages.models import Channel, Delivery, DeliveryState, Notice
from linli.messages.services.leaving import hash_address
from linli.messages.services.outages import end_outage, note_outage

if TYPE_CHECKING:
    from linli.kernel.models import Job

EVENT_NAME: Final = "people.code.sent"


@dataclass(frozen=True, slots=True)
class CodeParcel:
    """A code on its way to a phone."""

    phone: str
    text: str
    key: str


def open_code(job: "Job", *, now: datetime) -> CodeParcel | None:
    """Return what to send for a job of the people room; None when it was settled or has run out."""
    if not job.data.get("phone"):
        return None
    phone, code = decrypt(job.data["phone"]), decrypt(job.data["code"])
    if now >= _runs_out_at(job):
        note_code(job, phone=phone, refused_for=_("验证码过期前没有发出。"), now=now)
        return None
    text = _("验证码 %(code)s，%(minutes)d 分钟内有效。不要告诉别人，社区的人也不会问您要。")
    minutes = int(rules.CODE_LIFE.total_seconds() // 60)
    return CodeParcel(phone, text % {"code": code, "minutes": minutes}, f"linli-code-{job.key}")


def _runs_out_at(job: "Job") -> datetime:
    told = job.data.get("expires_at")
    return datetime.fromisoformat(told) if told else job.created_at + rules.CODE_LIFE


@transaction.atomic
def note_code(
    job: "Job",
    *,
    phone: str,
    now: datetime,
    is_sent: bool = False,
    reference: str = "",
    refused_for: str = "",
) -> None:
    """Log that a code left, was recorded, or was refused; then forget the code and the phone."""
    notice, is_new = Notice.objects.get_or_create(
        key=f"code:{job.key}",
        defaults={
            "event_name": EVENT_NAME,
            "title": _("一次性验证码"),
            "body": _("一次性验证码已发给本人。验证码不在这里保存。"),
            "is_urgent": True,
            "created_at": job.created_at,
        },
    )
    state = DeliveryState.SENT if is_sent else DeliveryState.RECORDED
    if is_new:
        Delivery.objects.create(
            notice=notice,
            channel=Channel.SMS,
            line=Channel.SMS,
            address=phone,
            address_hash=hash_address(Channel.SMS, phone),
            is_urgent=True,
            state=DeliveryState.FAILED if refused_for else state,
            due_at=job.created_at,
            give_up_at=job.created_at + rules.CODE_LIFE,
            attempts=job.attempts,
            settled_at=now,
            reference=reference[:80],
            error=refused_for[:200],
        )
    if is_sent:
        end_outage(Channel.SMS, now)
    job.data = {}
    job.save(update_fields=["data"])


@transaction.atomic
def note_code_unreachable(*, reason: str, wait: timedelta | None, now: datetime) -> None:
    """Count the failure for the line, so that staff hear of it."""
    note_outage(Channel.SMS, reason, wait, now)
