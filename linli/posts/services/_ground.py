"""What every change of posts checks: scope, rights that one holds oneself, the three offices apart."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.posts import rules
from linli.posts.errors import BeyondOwnRights, OfficesApart, PostEnded
from linli.posts.models import Holding, Post
from linli.posts.selectors import duty_label, get_post
from linli.posts.selectors.actors import actor_of
from linli.posts.selectors.catalogue import DUTIES


def check_duties(duties: Iterable[str], *, area_path: str, actor: Actor) -> None:
    """Refuse rights that do not exist, that the actor lacks there, or two offices in one post.

    Errors: BadInput, BeyondOwnRights, OfficesApart.
    """
    wanted = set(duties)
    unknown = sorted(wanted - set(DUTIES))
    if unknown:
        raise BadInput(
            _("没有这项权限：%(names)s。") % {"names": "、".join(unknown)}, field="duties"
        )
    if len(rules.offices_in(wanted)) > 1:
        raise OfficesApart(
            _("系统、安全、审计三个管理岗要分开设，一个岗位只能有其中一个。"), field="duties"
        )
    missing = sorted(duty_label(duty) for duty in wanted if not actor.can(duty, area_path))
    if missing:
        names = "、".join(missing)
        raise BeyondOwnRights(
            _("这些权限自己在这里也没有，要由上一级来设：%(names)s。") % {"names": names},
            field="duties",
        )


def check_newcomer(post: Post, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Refuse to appoint oneself to more than one holds, and one person to two of the three offices.

    Errors: BeyondOwnRights, OfficesApart.
    """
    duties = set(post.duties.values_list("duty", flat=True))
    if account_id == actor.account_id:
        check_duties(duties, area_path=post.area.path, actor=actor)
    held = {grant.duty for grant in actor_of(account_id, now).grants}
    if rules.offices_in(duties) and rules.offices_in(held) - rules.offices_in(duties):
        raise OfficesApart(_("这个人已经担任另一个管理岗，系统、安全、审计要由不同的人担任。"))


def to_text(moment: datetime | None) -> str:
    """Return a moment as events keep it."""
    return moment.isoformat() if moment else ""


def living(post_id: UUID, actor: Actor) -> Post:
    """Return a post to change, locked. Errors: NotFound, PostEnded."""
    post = get_post(post_id, actor, lock=True)
    if post.ended_at is not None:
        raise PostEnded(_("这个岗位已经撤销。"))
    return post


def check_term(starts_at: datetime, ends_at: datetime | None) -> None:
    """Refuse a term that ends before it starts. Errors: BadInput."""
    if ends_at is not None and ends_at <= starts_at:
        raise BadInput(_("结束时间要在开始时间之后。"), field="ends_at")


def is_held(post: Post, account_id: UUID, starts_at: datetime, ends_at: datetime | None) -> bool:
    """Tell whether somebody holds a post at any time between two moments."""
    rows = Holding.objects.filter(post_id=post.id, account_id=account_id)
    rows = rows.exclude(ends_at__lte=starts_at)
    return bool((rows.filter(starts_at__lt=ends_at) if ends_at else rows).exists())
