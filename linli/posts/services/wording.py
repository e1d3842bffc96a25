"""Written duties acknowledged: I have read what this post answers for."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.rows import insert_once
from linli.posts.events import DutiesAcknowledged
from linli.posts.models import DutyAcknowledgement, Post
from linli.posts.selectors.wording import hash_of


@transaction.atomic
def acknowledge_duties(*, post_id: UUID, wording_hash: str, actor: Actor, now: datetime) -> None:
    """Note that the holder has read the duties as they were shown; the same wording counts once.

    wording_hash: of what the page showed; words that were changed meanwhile have to be read anew.
    Errors: NotFound (not one's post), BadInput (nothing is written), Conflict (changed meanwhile).
    Source: S2 2.3.
    """
    rows = Post.objects.select_related("area").filter(pk=post_id, ended_at=None)
    post = next(iter(rows), None)
    if post is None or post_id not in actor.post_ids or actor.account_id is None:
        raise NotFound(_("没有找到这个岗位。"))
    if not post.written_duties.strip():
        raise BadInput(_("这个岗位还没有写职责。"))
    if wording_hash != hash_of(post.written_duties):
        raise Conflict(_("职责刚刚改过，再看一遍。"))
    row = DutyAcknowledgement(
        post=post, account_id=actor.account_id, wording_hash=wording_hash, acknowledged_at=now
    )
    if insert_once(row):
        event = DutiesAcknowledged(subject_id=post.pk, area_path=post.area.path)
        events.record(event, actor=actor, at=now)
