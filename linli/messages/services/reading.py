"""Reading one's notices, and saying how one wants to be told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.kernel.actor import Actor
from linli.messages import selectors
from linli.messages.models import Notice, Preference
from linli.messages.selectors import NoticeLine
from linli.messages.selectors.notices import forget_preferences


@transaction.atomic
def read_notice(*, notice_id: UUID, actor: Actor, now: datetime) -> NoticeLine:
    """Mark one of the actor's own notices as read and return it. Errors: NotFound."""
    notice = selectors.get_notice(notice_id, actor.account_id)
    if notice.read_at is None:
        Notice.objects.filter(pk=notice_id, read_at=None).update(read_at=now)
    return notice


@transaction.atomic
def read_all_notices(*, actor: Actor, now: datetime, up_to: UUID | None = None) -> int:
    """Mark the actor's notices as read; return how many were not.

    up_to: the newest that was on the page, so that one that came meanwhile stays unread.
    """
    if actor.account_id is None:
        return 0
    unread = Notice.objects.filter(account_id=actor.account_id, read_at=None)
    if up_to is not None:
        unread = unread.filter(id__lte=up_to)
    return unread.update(read_at=now)


@transaction.atomic
def set_preferences(*, by_sms: bool, by_mail: bool, daily_digest: bool, actor: Actor) -> None:
    """Keep how the actor wants to be told besides the page; from the next message on."""
    Preference.objects.update_or_create(
        account_id=actor.account_id,
        defaults={"by_sms": by_sms, "by_mail": by_mail, "daily_digest": daily_digest},
    )
    forget_preferences()


@transaction.atomic
def stop_sending(*, account_id: UUID) -> None:
    """Send nothing more to somebody's phone and mailbox: they withdrew their consent; the page stays."""
    Preference.objects.update_or_create(
        account_id=account_id, defaults={"by_sms": False, "by_mail": False}
    )
    forget_preferences()
