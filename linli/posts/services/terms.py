"""Terms: appointed to a post, and ended."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.people import selectors as people
from linli.people import services as accounts
from linli.people.services import NewAccount
from linli.posts import rules
from linli.posts.errors import LastManager
from linli.posts.events import (
    HoldingEnded,
    HoldingStarted,
)
from linli.posts.models import Holding, Post, PostDuty, Substitution
from linli.posts.selectors import forget, get_post
from linli.posts.selectors.book import stays_of
from linli.posts.services import handovers
from linli.posts.services._ground import check_newcomer, check_term, is_held, living, to_text
from linli.posts.services.standing_in import stop_standing_in


@transaction.atomic
def appoint(
    *,
    post_id: UUID,
    account_id: UUID,
    starts_at: datetime,
    ends_at: datetime | None = None,
    is_part_time: bool = False,
    actor: Actor,
    now: datetime,
) -> Holding:
    """Appoint somebody to a post for a term, end excluded; without an end it is open.

    A handover of the post that waits for somebody to take over waits for them from now on.

    Errors: NotFound, PostEnded, BadInput (not staff, or the end before the start), Conflict (holds it
    already), BeyondOwnRights (oneself, to more than one has), OfficesApart.
    """
    post = living(post_id, actor)
    check_term(starts_at, ends_at)
    account = people.find_account(account_id)
    if account is None or not account.is_staff:
        raise NotFound(_("没有找到这个账号。"))
    check_newcomer(post, account_id, actor=actor, now=now)
    if is_held(post, account_id, starts_at, ends_at):
        raise Conflict(_("这个人在这段时间里已经在这个岗位上。"), field="account")
    holding = _start(
        Holding(
            post=post,
            account_id=account_id,
            starts_at=starts_at,
            ends_at=ends_at,
            appointed_by=actor.account_id,
            is_part_time=is_part_time,
        )
    )
    handovers.find_incoming(post_id=post.id, account_id=account_id, actor=actor, now=now)
    accounts.lift_account(account_id=account_id, area_path=post.area.path, actor=actor, now=now)
    event = HoldingStarted(
        subject_id=post.id,
        area_path=post.area.path,
        holder_id=account_id,
        holding_id=holding.id,
        starts_at=to_text(starts_at),
        ends_at=to_text(ends_at),
    )
    events.record(event, actor=actor, at=now)
    forget()
    return holding


def appoint_newcomer(
    *,
    post_id: UUID,
    login: str,
    name: str,
    phone: str = "",
    starts_at: datetime,
    ends_at: datetime | None = None,
    is_part_time: bool = False,
    actor: Actor,
    now: datetime,
) -> NewAccount:
    """Make an account for somebody new and appoint them; the first password is shown once.

    Errors: those of `appoint`, BadInput, LoginTaken.
    """
    post = get_post(post_id, actor)
    password, hashed = accounts.first_password()  # before the transaction, because it is slow
    with transaction.atomic():
        made = accounts.create_account(
            login=login,
            name=name,
            phone=phone,
            area_path=post.area.path,
            password=password,
            password_hash=hashed,
            actor=actor,
            now=now,
        )
        appoint(
            post_id=post_id,
            account_id=made.account_id,
            starts_at=starts_at,
            ends_at=ends_at,
            is_part_time=is_part_time,
            actor=actor,
            now=now,
        )
    return made


@transaction.atomic
def end_holding(
    *,
    holding_id: UUID,
    ends_at: datetime,
    incoming_id: UUID | None = None,
    is_confirmed: bool = False,
    actor: Actor,
    now: datetime,
) -> Holding:
    """End a term; what has not begun is taken back. Its substitutions end with it.

    What the holder has in hand is listed at once, to be handed over (`services.handovers`): a term
    that has begun never ends by hand without it. incoming_id: who takes over; appointed from that
    moment on. is_confirmed: goes through although nobody could fill posts there afterwards.
    Errors: NotFound, BadInput (before now), Conflict (ended already), LastManager.
    Source: issue 4, step 8: nothing is orphaned.
    """
    holding = _holding(holding_id, actor)
    if ends_at < now:
        raise BadInput(_("任期只能从现在或以后结束。"), field="ends_at")
    if holding.ends_at is not None and holding.ends_at <= now:
        raise Conflict(_("这段任期已经结束。"))
    follower_id = None
    if incoming_id is not None:
        follower_id = _follow(holding, incoming_id, at=ends_at, actor=actor, now=now)
    if not is_confirmed:
        check_not_last(holding.post, leaving=holding.account_id, now=ends_at)
    if holding.starts_at < ends_at:
        handovers.open_for(
            holding,
            leaves_at=ends_at,
            incoming_id=incoming_id,
            follower_id=follower_id,
            actor=actor,
            now=now,
        )
    finish(holding, ends_at=ends_at, actor=actor, now=now)
    return holding


def check_not_last(post: Post, *, leaving: UUID | None, now: datetime) -> None:
    """Refuse when afterwards nobody could fill posts over the post's area.

    leaving: who goes; None when the whole post loses the right.
    Errors: LastManager.
    """
    if not PostDuty.objects.filter(post_id=post.id, duty="posts.manage").exists():
        return
    paths = rules.prefixes(post.area.path)
    managing = PostDuty.objects.filter(
        duty="posts.manage", post__ended_at=None, post__area__path__in=paths
    )
    ids = list(managing.values_list("post_id", flat=True))
    for post_id, stays in stays_of(ids).items():
        held = {stay.account_id for stay in stays if not stay.absent_id and stay.covers(now)}
        if held - ({leaving} if post_id == post.id else set()) and not (
            leaving is None and post_id == post.id
        ):
            return
    raise LastManager(
        _("这样之后，%(area)s就没有人能任命岗位了。确定的话，勾选确认再提交一次。")
        % {"area": post.area.name},
        field="is_confirmed",
    )


def finish(holding: Holding, *, ends_at: datetime, actor: Actor, now: datetime) -> None:
    """End a term and the substitutions in it, and record whether the post is vacant now."""
    post = holding.post
    for row in Substitution.objects.filter(
        post_id=post.id, absent_id=holding.account_id, ends_at__gt=ends_at
    ):
        stop_standing_in(row, post, at=ends_at, actor=actor, now=now)
    holding_id = holding.id
    if holding.starts_at >= ends_at:
        Holding.objects.filter(pk=holding_id).delete()  # the row; who asked is told of it by its id
    else:
        holding.ends_at = ends_at
        holding.save(update_fields=["ends_at"])
    forget()
    event = HoldingEnded(
        subject_id=post.id,
        area_path=post.area.path,
        holder_id=holding.account_id,
        holding_id=holding_id,
        ends_at=to_text(ends_at),
        leaves_vacant=not rules.acting(stays_of([post.id]).get(post.id, ()), ends_at),
    )
    events.record(event, actor=actor, at=now)


def _holding(holding_id: UUID, actor: Actor) -> Holding:
    """Return a term, locked behind its post: who appoints or gives the post up holds that first."""
    rows = Holding.objects.filter(pk=holding_id)
    post_id = next(iter(rows.values_list("post_id", flat=True)), None)
    post = get_post(post_id, actor, lock=True) if post_id else None
    holding = next(iter(rows.select_for_update(of=("self",))), None)
    if post is None or holding is None:
        raise NotFound(_("没有找到这段任期。"))
    holding.post = post
    return holding


def _start(holding: Holding) -> Holding:
    try:
        with transaction.atomic():
            holding.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个人已经在这个岗位上。"), field="account") from None
    return holding


def _follow(
    holding: Holding, account_id: UUID, *, at: datetime, actor: Actor, now: datetime
) -> UUID | None:
    """Appoint who takes over from the moment at which the term ends; None when they hold the post then."""
    if account_id == holding.account_id:
        raise BadInput(_("接任的人不能是本人。"), field="incoming")
    if is_held(holding.post, account_id, at, None):
        return None
    return appoint(
        post_id=holding.post_id, account_id=account_id, starts_at=at, actor=actor, now=now
    ).pk
