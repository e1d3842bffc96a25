"""Organisations: the bodies that people act for."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, Conflict
from linli.kernel.ids import new_id
from linli.places import selectors as places
from linli.posts.errors import PostEnded
from linli.posts.events import OrganisationChanged, OrganisationCreated, OrganisationEnded
from linli.posts.models import Organisation, OrganisationKind, Post
from linli.posts.selectors import forget, get_organisation


@transaction.atomic
def create_organisation(
    *,
    kind: str,
    name: str,
    area_id: UUID,
    code: str = "",
    phone: str = "",
    actor: Actor,
    now: datetime,
) -> Organisation:
    """Enter an organisation in an area. code: stable in the tenant; made when left out.

    Errors: NotFound (the area), NotAllowed, BadInput, Conflict (the code is taken).
    """
    area = places.get_area(area_id)
    actor.require("posts.manage", area.path)
    if kind not in OrganisationKind.values:
        raise BadInput(_("选一种单位类型。"), field="kind")
    one = Organisation(kind=kind, name=_name(name), area_id=area_id, phone=phone.strip())
    one.code = code or f"{kind}-{new_id().hex[-10:]}"
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("这个单位编号已经有了，换一个。"), field="code") from None
    events.record(OrganisationCreated(subject_id=one.id, area_path=area.path), actor=actor, at=now)
    forget()
    return one


@transaction.atomic
def change_organisation(
    *, organisation_id: UUID, name: str, phone: str = "", actor: Actor, now: datetime
) -> Organisation:
    """Change what an organisation is called and its phone. Errors: NotFound, PostEnded, BadInput."""
    one = _living(organisation_id, actor)
    wanted = {"name": _name(name), "phone": phone.strip()}
    changed = [key for key, value in wanted.items() if getattr(one, key) != value]
    for key in changed:
        setattr(one, key, wanted[key])
    if changed:
        one.save(update_fields=changed)
        event = OrganisationChanged(
            subject_id=one.id, area_path=one.area.path, changed=",".join(changed)
        )
        events.record(event, actor=actor, at=now)
        forget()
    return one


@transaction.atomic
def end_organisation(*, organisation_id: UUID, actor: Actor, now: datetime) -> Organisation:
    """End an organisation that has no posts any more. Errors: NotFound, PostEnded, Conflict."""
    one = _living(organisation_id, actor)
    if Post.objects.filter(organisation_id=one.id, ended_at=None).exists():
        raise Conflict(_("先撤销这个单位的岗位，再停用单位。"))
    one.ended_at = now
    one.save(update_fields=["ended_at"])
    events.record(
        OrganisationEnded(subject_id=one.id, area_path=one.area.path), actor=actor, at=now
    )
    forget()
    return one


def _living(organisation_id: UUID, actor: Actor) -> Organisation:
    one = get_organisation(organisation_id, actor, lock=True)
    if one.ended_at is not None:
        raise PostEnded(_("这个单位已经停用。"))
    return one


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise BadInput(_("名称写 1 到 60 个字。"), field="name")
    return name
