"""What a post keeps: keys, agreements, devices; entered, and given back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.posts.events import BelongingEnded, BelongingKept
from linli.posts.models import Belonging, BelongingKind, Post
from linli.posts.selectors.handovers import may_keep


@transaction.atomic
def keep_belonging(
    *,
    post_id: UUID,
    kind: str,
    name: str,
    count: int = 1,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Belonging:
    """Note that something is in a post's keeping, by its holder or its lead.

    Errors: NotFound (no such post in reach), BadInput.
    """
    post = _post(post_id, actor)
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise BadInput(_("写明是什么，最多 60 个字。"), field="name")
    if kind not in BelongingKind.values or not 1 <= count <= 999:
        raise BadInput(_("选一种，数量写 1 到 999。"), field="kind")
    row = Belonging.objects.create(
        post=post, kind=kind, name=name, count=count, note=" ".join(note.split())[:120],
        created_at=now,
    )  # fmt: skip
    event = BelongingKept(
        subject_id=post.pk, area_path=post.area.path, belonging_id=row.pk, kind=kind
    )
    events.record(event, actor=actor, at=now)
    return row


@transaction.atomic
def end_belonging(*, belonging_id: UUID, actor: Actor, now: datetime) -> Belonging:
    """Note that something is not in the post's keeping any more. Errors: NotFound."""
    rows = Belonging.objects.select_for_update(of=("self",)).filter(pk=belonging_id, ended_at=None)
    row = next(iter(rows), None)
    if row is None:
        raise NotFound(_("没有找到这件东西。"))
    post = _post(row.post_id, actor)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    event = BelongingEnded(
        subject_id=post.pk, area_path=post.area.path, belonging_id=row.pk, kind=row.kind
    )
    events.record(event, actor=actor, at=now)
    return row


def _post(post_id: UUID, actor: Actor) -> Post:
    rows = Post.objects.select_related("area").filter(pk=post_id, ended_at=None)
    post = next(iter(rows), None)
    if post is None or not may_keep(post, actor):
        raise NotFound(_("没有找到这个岗位。"))
    return post
