"""Care follows the register: somebody moved, died, or turned out to be known twice."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.care.events import CareChanged
from linli.care.models import CareProfile
from linli.care.selectors import persons
from linli.care.services import profiles
from linli.care.states import EndReason
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.people.selectors import register
from linli.places import selectors as places
from linli.posts import selectors as posts


@transaction.atomic
def follow_death(*, person_id: UUID, actor: Actor, now: datetime) -> None:
    """End the care of somebody who died."""
    for profile in _open_of(person_id):
        profiles.close(profile, EndReason.DIED, actor, now)


@transaction.atomic
def follow_refusal(*, person_id: UUID, actor: Actor, now: datetime) -> None:
    """End the care of somebody who has taken back their consent to it."""
    for profile in _open_of(person_id):
        profiles.close(profile, EndReason.REFUSED, actor, now)


@transaction.atomic
def follow_move(*, person_id: UUID, actor: Actor, now: datetime) -> None:
    """Take care along to the new home, or end it where somebody does not live here any more.

    The visitors stay where their posts reach the new home; else who answers there takes over.
    """
    for profile in _open_of(person_id):
        line = register.person_lines([person_id], actor).get(person_id)
        home = persons.dwelling_of_home(line.home_id) if line and not line.is_gone else None
        if home is None:
            profiles.close(profile, EndReason.MOVED, actor, now)
        elif home.home_id != profile.home_id:
            _move(profile, home, actor, now)


@transaction.atomic
def follow_grids(
    *, building_ids: Collection[UUID] = (), ended_path: str = "", actor: Actor, now: datetime
) -> None:
    """Let care of some buildings be seen from the grid that they belong to now, and from no other one.

    ended_path: of an area that has ended; its buildings are meant too.
    The visitors stay where their posts reach; else who answers there takes over.
    """
    rows = CareProfile.objects.select_for_update(of=("self",))
    rows = rows.select_related("post__area", "second_post__area")
    rows = rows.defer("post__area__polygon", "second_post__area__polygon")
    meant = Q(building_id__in=list(building_ids))
    if ended_path:
        meant |= Q(area_path__startswith=ended_path)
    for profile in rows.filter(meant).order_by("id"):
        home = persons.dwelling_of_home(profile.home_id) if profile.home_id else None
        if home is None or home.area_path == profile.area_path:
            continue
        if profile.is_over:
            CareProfile.objects.filter(pk=profile.pk).update(area_path=home.area_path)
        else:
            _move(profile, home, actor, now)


@transaction.atomic
def follow_merge(*, person_id: UUID, into_id: UUID, actor: Actor, now: datetime) -> None:
    """Bring the profiles of a doubled record to the one that stays; two open ones become one."""
    is_known = CareProfile.objects.filter(person_id=into_id, ended_at=None).exists()
    for profile in _open_of(person_id):
        if is_known:
            profiles.close(profile, EndReason.MERGED, actor, now)
    for profile in CareProfile.objects.filter(person_id=person_id):
        _hand_on(profile, into_id, was=person_id, actor=actor, now=now)


@transaction.atomic
def follow_parting(*, person_id: UUID, from_id: UUID, actor: Actor, now: datetime) -> None:
    """Give back to a record what a merge took that was undone; what was closed for it goes on."""
    for profile in CareProfile.objects.filter(person_id=from_id):
        moves = [one for one in events.timeline(profile.pk) if one.data.get("fields") == ["person"]]
        if not moves or moves[-1].data.get("was") != str(person_id):
            continue
        _hand_on(profile, person_id, was=from_id, actor=actor, now=now)
        if profile.ended_reason == EndReason.MERGED and not _open_of(person_id):
            profile.ended_at, profile.ended_by, profile.ended_reason = None, None, ""
            profile.save(update_fields=["ended_at", "ended_by", "ended_reason"])


def _hand_on(
    profile: CareProfile, person_id: UUID, *, was: UUID, actor: Actor, now: datetime
) -> None:
    """Let a profile be another record's; the event remembers whose it was."""
    profile.person_id, profile.version = person_id, profile.version + 1
    profile.save(update_fields=["person", "version"])
    event = CareChanged(
        subject_id=profile.pk, area_path=profile.area_path, person_id=person_id,
        fields=["person"], was=was,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)


def _open_of(person_id: UUID) -> list[CareProfile]:
    rows = CareProfile.objects.select_for_update(of=("self",))
    rows = rows.select_related("post__area", "second_post__area")
    rows = rows.defer("post__area__polygon", "second_post__area__polygon")
    return list(rows.filter(person_id=person_id, ended_at=None))


def _move(profile: CareProfile, home: persons.Dwelling, actor: Actor, now: datetime) -> None:
    profile.community_id, profile.area_path = home.community_id, home.area_path
    profile.building_id, profile.home_id, profile.floor = (
        home.building_id, home.home_id, home.floor,
    )  # fmt: skip
    changed = ["community", "area_path", "building_id", "home_id", "floor"]
    where = places.where_of(community_id=home.community_id, building_id=home.building_id)
    for role, name in (("building_head", "post"), ("grid_worker", "second_post")):
        kept = getattr(profile, name)
        if kept is None or home.area_path.startswith(kept.area.path):
            continue
        route = posts.post_at(role, where) or posts.post_at("grid_worker", where)
        if route is not None and route.post_id is not None:
            setattr(profile, f"{name}_id", route.post_id)
            changed.append(name)
    if profile.second_post_id == profile.post_id:
        profile.second_post_id = None
        changed.append("second_post")
    profiles.keep_plan(profile, sorted(set(changed)), actor, now)
