"""Posts: set up with their rights, changed, given up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict, NotFound
from linli.kernel.ids import new_id
from linli.places import selectors as places
from linli.posts.errors import PostEnded
from linli.posts.events import PostChanged, PostCreated
from linli.posts.events import PostEnded as PostEndedEvent
from linli.posts.models import Holding, Level, Post, PostDuty, Substitution
from linli.posts.selectors import ROLES, forget, get_organisation
from linli.posts.services import handovers
from linli.posts.services._ground import check_duties, living
from linli.posts.services.terms import check_not_last


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSheet:
    """What the form of a post says."""

    name: str
    role: str
    level: str
    area_id: UUID
    estate_id: UUID | None = None
    duties: Collection[str] = ()
    written_duties: str = ""
    is_confined: bool = False


@transaction.atomic
def create_post(
    *, organisation_id: UUID, sheet: PostSheet, code: str = "", actor: Actor, now: datetime
) -> Post:
    """Set up a post with its rights. code: stable in the tenant; made when left out.

    Errors: NotFound, NotAllowed, BadInput, BeyondOwnRights, OfficesApart, Conflict.
    """
    path = _check(sheet, actor)
    check_duties(sheet.duties, area_path=path, actor=actor)
    organisation = get_organisation(organisation_id, actor)
    if organisation.ended_at is not None:
        raise PostEnded(_("这个单位已经停用。"))
    post = Post(organisation_id=organisation.id, created_at=now)
    post.code = code or f"{sheet.role}-{new_id().hex[-10:]}"
    _write(post, sheet)
    try:
        with transaction.atomic():
            post.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个岗位编号已经有了，换一个。"), field="code") from None
    _set_duties(post, set(sheet.duties), had=set())
    event = PostCreated(subject_id=post.id, area_path=path, duties=",".join(sorted(sheet.duties)))
    events.record(event, actor=actor, at=now)
    forget()
    return post


@transaction.atomic
def change_post(
    *,
    post_id: UUID,
    sheet: PostSheet,
    is_confirmed: bool = False,
    actor: Actor,
    now: datetime,
) -> Post:
    """Change a post; only rights that it gains must be one's own.

    is_confirmed: goes through although nobody could fill posts there afterwards.
    Errors: NotFound, NotAllowed, BadInput, BeyondOwnRights, OfficesApart, LastManager, PostEnded.
    """
    post = living(post_id, actor)
    old_path, path = post.area.path, _check(sheet, actor)
    had, wanted = set(post.duties.values_list("duty", flat=True)), set(sheet.duties)
    # Moved or widened, the same rights reach further: then all of them count as gained.
    gained = wanted if _reaches_further(post, sheet, old_path, path) else wanted - had
    check_duties(gained, area_path=path, actor=actor)
    if "posts.manage" in had - wanted and not is_confirmed:
        check_not_last(post, leaving=None, now=now)
    changed = _write(post, sheet)
    post.save(update_fields=changed)
    _set_duties(post, wanted, had=had)
    event = PostChanged(
        subject_id=post.id,
        area_path=path,
        changed=",".join(changed),
        gained=",".join(sorted(wanted - had)),
        lost=",".join(sorted(had - wanted)),
    )
    events.record(event, actor=actor, at=now)
    forget()
    return post


@transaction.atomic
def end_post(*, post_id: UUID, is_confirmed: bool = False, actor: Actor, now: datetime) -> Post:
    """Give up a post: its holders' terms and substitutions end with it, what they had is handed over.

    is_confirmed: goes through although nobody could fill posts there afterwards.
    Errors: NotFound, PostEnded, LastManager.
    """
    post = living(post_id, actor)
    if not is_confirmed:
        check_not_last(post, leaving=None, now=now)
    for holding in Holding.objects.filter(post_id=post.id, starts_at__lt=now).exclude(
        ends_at__lte=now
    ):
        holding.post = post
        handovers.open_for(holding, leaves_at=now, actor=actor, now=now)
    Holding.objects.filter(post_id=post.id, starts_at__gte=now).delete()
    Holding.objects.filter(post_id=post.id, ends_at=None).update(ends_at=now)
    Holding.objects.filter(post_id=post.id, ends_at__gt=now).update(ends_at=now)
    Substitution.objects.filter(post_id=post.id, starts_at__gte=now).delete()
    Substitution.objects.filter(post_id=post.id, ends_at__gt=now).update(ends_at=now)
    post.ended_at = now
    post.save(update_fields=["ended_at"])
    events.record(PostEndedEvent(subject_id=post.id, area_path=post.area.path), actor=actor, at=now)
    forget()
    return post


def _check(sheet: PostSheet, actor: Actor) -> str:
    """Return the area's path of a sheet that makes sense, in the actor's reach."""
    area = places.get_area(sheet.area_id)
    actor.require("posts.manage", area.path)
    name = " ".join(sheet.name.split())
    if not name or len(name) > 60:
        raise BadInput(_("岗位名称写 1 到 60 个字。"), field="name")
    if sheet.role not in ROLES:
        raise BadInput(_("选一种岗位类型。"), field="role")
    if sheet.level not in Level.values:
        raise BadInput(_("选岗位在哪一级。"), field="level")
    if sheet.estate_id is not None:
        _check_estate(sheet.estate_id, area.path)
    return area.path


def _check_estate(estate_id: UUID, path: str) -> None:
    estate = places.get_estate(estate_id)
    if not estate.community.path.startswith(path):
        raise NotFound(_("没有找到这个小区。"))


def _reaches_further(post: Post, sheet: PostSheet, old_path: str, path: str) -> bool:
    return (
        not path.startswith(old_path)
        or (post.estate_id is not None and sheet.estate_id != post.estate_id)
        or (post.is_confined and not sheet.is_confined)
    )


def _write(post: Post, sheet: PostSheet) -> list[str]:
    wanted = {
        "name": " ".join(sheet.name.split()),
        "role": sheet.role,
        "level": sheet.level,
        "area_id": sheet.area_id,
        "estate_id": sheet.estate_id,
        "written_duties": sheet.written_duties.strip(),
        "is_confined": sheet.is_confined,
    }
    changed = [key for key, value in wanted.items() if getattr(post, key) != value]
    for key in changed:
        setattr(post, key, wanted[key])
    return [key.removesuffix("_id") for key in changed]


def _set_duties(post: Post, wanted: set[str], *, had: set[str]) -> None:
    PostDuty.objects.filter(post_id=post.id, duty__in=had - wanted).delete()
    PostDuty.objects.bulk_create(PostDuty(post=post, duty=duty) for duty in sorted(wanted - had))
