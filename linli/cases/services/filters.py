"""A queue address that somebody keeps under a name: saved, and thrown away again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.models import SavedFilter
from linli.kernel.actor import Actor, ActorKind
from linli.kernel.errors import BadInput, NotFound

MOST = 12
NAME_LENGTH, QUERY_LENGTH = 30, 500


@transaction.atomic
def save_filter(*, name: str, query: str, actor: Actor, now: datetime) -> SavedFilter:
    """Keep a queue address under a name; the same name again is the new address.

    query: what stands after the question mark, already reduced to the queue's own fields.
    Errors: NotFound (neither staff nor a program), BadInput (nothing filtered, too long, too many).
    """
    name = " ".join(name.split())
    if actor.kind not in (ActorKind.STAFF, ActorKind.CLIENT):
        raise NotFound(_("没有找到这一页。"))
    if not name or len(name) > NAME_LENGTH:
        raise BadInput(_("起一个名字，最多 %(n)s 个字。") % {"n": NAME_LENGTH}, field="name")
    if not query or len(query) > QUERY_LENGTH:
        raise BadInput(_("先筛选，再存下来。"), field="name")
    mine = SavedFilter.objects.filter(account_id=actor.who)
    if mine.exclude(name=name).count() >= MOST:
        raise BadInput(_("最多存 %(n)s 个，先删掉不用的。") % {"n": MOST}, field="name")
    row, _is_new = SavedFilter.objects.update_or_create(
        account_id=actor.who, name=name, defaults={"query": query, "created_at": now}
    )
    return row


@transaction.atomic
def delete_filter(*, filter_id: UUID, actor: Actor) -> None:
    """Throw one's own saved filter away. Errors: NotFound."""
    rows = SavedFilter.objects.filter(pk=filter_id, account_id=actor.who)
    if actor.who is None or not rows.exists():
        raise NotFound(_("没有找到这个筛选。"))
    rows.delete()
