"""The posts that somebody acts in, as their own page shows them: held, stood in for, since when."""

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.actor import Actor
from linli.posts.models import Post
from linli.posts.selectors.staffing import PostLine, lines_of
from linli.posts.selectors.terms import StandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """One of my posts. `stands_in_for` names whom I stand in for; "" where the post is mine."""

    post: PostLine
    since: datetime | None
    until: datetime | None
    stands_in_for: str
    stand_ins: tuple[StandIn, ...]  # who stands in for me, now or later


def own_posts(actor: Actor, now: datetime) -> list[OwnPost]:
    """Return the posts that the actor acts in at this moment, with their terms."""
    lines = lines_of(Post.objects.filter(pk__in=actor.post_ids, ended_at=None), now)
    return [_own(line, actor) for line in lines]


def _own(line: PostLine, actor: Actor) -> OwnPost:
    mine = next((t for t in line.terms if t.account_id == actor.account_id and t.is_now), None)
    if mine is not None:
        return OwnPost(
            post=line,
            since=mine.starts_at,
            until=mine.ends_at,
            stands_in_for="",
            stand_ins=mine.stand_ins,
        )
    absent = [term for term in line.terms if any(one.is_now for one in term.stand_ins)]
    ends = [one.ends_at for term in absent for one in term.stand_ins if one.is_now]
    return OwnPost(
        post=line,
        since=None,
        until=max(ends, default=None),
        stands_in_for="、".join(term.name for term in absent),
        stand_ins=(),
    )
