"""Standing in: somebody acts in a post for a holder who is away."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.people import selectors as people
from linli.people import services as accounts
from linli.posts.events import SubstitutionEnded, SubstitutionSet
from linli.posts.models import Post, Substitution
from linli.posts.selectors import forget, get_post
from linli.posts.services._ground import check_newcomer, check_term, is_held, living, to_text


@transaction.atomic
def set_substitute(
    *,
    post_id: UUID,
    absent_id: UUID,
    substitute_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Substitution:
    """Let somebody stand in for a holder: acts with the post's rights between two moments.

    Errors: NotFound, PostEnded, BadInput (the same person, no term, past), BeyondOwnRights, OfficesApart.
    """
    post = living(post_id, actor)
    check_term(starts_at, ends_at)
    if ends_at <= now:
        raise BadInput(_("代班的结束时间已经过了。"), field="ends_at")
    if absent_id == substitute_id:
        raise BadInput(_("代班的人不能是本人。"), field="substitute")
    account = people.find_account(substitute_id)
    if account is None or not account.is_staff:
        raise NotFound(_("没有找到这个账号。"))
    if not is_held(post, absent_id, starts_at, ends_at):
        raise BadInput(_("这段时间里这个人不在这个岗位上，不用代班。"), field="absent")
    check_newcomer(post, substitute_id, actor=actor, now=now)
    row = Substitution.objects.create(
        post=post,
        absent_id=absent_id,
        substitute_id=substitute_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=" ".join(reason.split())[:60],
    )
    accounts.lift_account(account_id=substitute_id, area_path=post.area.path, actor=actor, now=now)
    event = SubstitutionSet(
        subject_id=post.id,
        area_path=post.area.path,
        substitution_id=row.id,
        absent_id=absent_id,
        substitute_id=substitute_id,
        starts_at=to_text(starts_at),
        ends_at=to_text(ends_at),
    )
    events.record(event, actor=actor, at=now)
    forget()
    return row


@transaction.atomic
def end_substitution(*, substitution_id: UUID, actor: Actor, now: datetime) -> None:
    """End a substitution now, or take it back before it begins. Errors: NotFound."""
    rows = Substitution.objects.select_for_update(of=("self",)).filter(ends_at__gt=now)
    row = next(iter(rows.filter(pk=substitution_id)), None)
    if row is None:
        raise NotFound(_("没有找到这次代班。"))
    post = get_post(row.post_id, actor)
    stop_standing_in(row, post, at=now, actor=actor, now=now)
    forget()


def stop_standing_in(
    row: Substitution, post: Post, *, at: datetime, actor: Actor, now: datetime
) -> None:
    """End a substitution at a moment, or take it back when it has not begun by then."""
    row_id = row.id
    if row.starts_at >= at:
        row.delete()
    else:
        row.ends_at = at
        row.save(update_fields=["ends_at"])
    event = SubstitutionEnded(
        subject_id=post.id,
        area_path=post.area.path,
        substitution_id=row_id,
        absent_id=row.absent_id,
        substitute_id=row.substitute_id,
    )
    events.record(event, actor=actor, at=now)
