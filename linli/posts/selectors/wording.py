"""Written duties (设岗设责): what a post answers for, and who in it has read the present wording."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.posts.models import DutyAcknowledgement, Post
from linli.posts.selectors.staffing import PostLine, lines_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody in the post, and when they read the present wording; None: not yet."""

    name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySheet:
    """A post's written duties as the wall shows them. lines: one duty each."""

    post: PostLine
    lines: tuple[str, ...]
    readers: tuple[Reader, ...]
    is_mine: bool
    has_read: bool  # the reader of this page has, when the post is theirs

    @property
    def missing(self) -> int:
        """Return how many have not read the present wording."""
        return sum(one.read_at is None for one in self.readers)


def duty_sheet(post_id: UUID, actor: Actor, now: datetime) -> DutySheet:
    """Return a post's written duties, for who acts in it and who manages it. Errors: NotFound."""
    post = next(iter(Post.objects.filter(pk=post_id, ended_at=None)), None)
    found = lines_of(Post.objects.filter(pk=post_id), now) if post else []
    is_mine = post_id in actor.post_ids
    if not found or not (is_mine or actor.can("posts.manage", found[0].area_path)):
        raise NotFound("没有找到这个岗位。")
    line = found[0]
    read = dict(
        DutyAcknowledgement.objects.filter(
            post_id=post_id, wording_hash=hash_of(line.written_duties)
        ).values_list("account_id", "acknowledged_at")
    )
    held = [term for term in line.terms if term.is_now]
    return DutySheet(
        post=line,
        lines=tuple(one.strip() for one in line.written_duties.splitlines() if one.strip()),
        readers=tuple(Reader(name=one.name, read_at=read.get(one.account_id)) for one in held),
        is_mine=is_mine,
        has_read=actor.account_id in read,
    )


def unread_posts(actor: Actor) -> list[tuple[UUID, str]]:
    """Return (id, name) of the actor's posts whose present duties they have not acknowledged."""
    if actor.account_id is None or not actor.post_ids:
        return []
    posts = Post.objects.filter(pk__in=actor.post_ids, ended_at=None).exclude(written_duties="")
    mine = set(
        DutyAcknowledgement.objects.filter(
            account_id=actor.account_id, post_id__in=actor.post_ids
        ).values_list("post_id", "wording_hash")
    )
    return [
        (post.pk, post.name)
        for post in posts.order_by("code")
        if (post.pk, hash_of(post.written_duties)) not in mine
    ]


def hash_of(words: str) -> str:
    """Return what tells one wording from another."""
    return hashlib.sha256(" ".join(words.split()).encode()).hexdigest()
