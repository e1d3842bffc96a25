"""Care follows the register: somebody moved, died, or turned out to be known twice."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.care.events import CareChanged
from linli.care.models import CareProfile
from linli.care.selectors import persons
from linli.care.services import boards, profiles, settling
from linli.care.states import EndReason
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.people.selectors import register
from linli.places import selectors as places
from linli.places.selectors.homes import HomeAt, homes_at
from linli.posts import selectors as posts

_SOME: Final = 200
_FOLLOWED: Final = (
    "community", "area_path", "post", "second_post", "version", *settling.STANDING_FIELDS,
)  # fmt: skip


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
    meant = Q(building_id__in=list(building_ids))
    if ended_path:
        meant |= Q(area_path__startswith=ended_path)
    rows = list(_locked().filter(meant).order_by("id"))
    homes = homes_at(one.home_id for one in rows if one.home_id)
    strayed = [
        (one, home)
        for one in rows
        if one.home_id and (home := homes.get(one.home_id)) and home.area_path != one.area_path
    ]
    _note_paths([pair for pair in strayed if pair[0].is_over])
    _regrid([pair for pair in strayed if not pair[0].is_over], actor, now)


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
            boards.follow([profile], actor, now)


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


def _locked() -> QuerySet[CareProfile]:
    rows = CareProfile.objects.select_for_update(of=("self",))
    rows = rows.select_related("post__area", "second_post__area")
    return rows.defer("post__area__polygon", "second_post__area__polygon")


def _open_of(person_id: UUID) -> list[CareProfile]:
    return list(_locked().filter(person_id=person_id, ended_at=None))


def _move(profile: CareProfile, home: persons.Dwelling, actor: Actor, now: datetime) -> None:
    profile.community_id, profile.area_path = home.community_id, home.area_path
    profile.building_id, profile.home_id, profile.floor = (
        home.building_id, home.home_id, home.floor,
    )  # fmt: skip
    changed = ["community", "area_path", "building_id", "home_id", "floor"]
    changed += _take_over(profile, lambda: _estate_of(home.building_id))
    profiles.keep_plan(profile, sorted(changed), actor, now)


def _note_paths(pairs: Sequence[tuple[CareProfile, HomeAt]]) -> None:
    """Let what is over be seen from where its homes belong now."""
    by_path: dict[str, list[UUID]] = defaultdict(list)
    for profile, home in pairs:
        by_path[home.area_path].append(profile.pk)
    for path, ids in by_path.items():
        for at in range(0, len(ids), _SOME):
            CareProfile.objects.filter(pk__in=ids[at : at + _SOME]).update(area_path=path)


def _regrid(pairs: Sequence[tuple[CareProfile, HomeAt]], actor: Actor, now: datetime) -> None:
    """Take open profiles along with their buildings, all in a few statements."""
    estates: dict[UUID, UUID | None] = {}

    def estate_of(building_id: UUID) -> UUID | None:
        if building_id not in estates:
            estates[building_id] = _estate_of(building_id)
        return estates[building_id]

    told = []
    for profile, home in pairs:
        profile.community_id, profile.area_path = home.community_id, home.area_path
        changed = ["community", "area_path"]
        changed += _take_over(profile, partial(estate_of, home.building_id))
        profile.version += 1
        settling.restand_for_posts(profile)
        told.append(profiles.changed_event(profile, changed))
    CareProfile.objects.bulk_update([one for one, _home in pairs], _FOLLOWED, batch_size=_SOME)
    boards.follow([one for one, _home in pairs], actor, now)
    events.record_all(told, actor=actor, at=now)


def _take_over(profile: CareProfile, estate_of: Callable[[], UUID | None]) -> list[str]:
    """Give a profile to who answers at its place where its posts do not reach; return what changed."""
    changed, path = [], profile.area_path
    for role, name in (("building_head", "post"), ("grid_worker", "second_post")):
        kept = getattr(profile, name)
        if kept is None or path.startswith(kept.area.path):
            continue
        route = posts.post_in(role, area_path=path, estate_id=estate_of()) or posts.post_in(
            "grid_worker", area_path=path, estate_id=estate_of()
        )
        if route is not None and route.post_id is not None:
            setattr(profile, f"{name}_id", route.post_id)
            changed.append(name)
    if profile.second_post_id == profile.post_id:
        profile.second_post_id = None
        changed.append("second_post")
    return list(dict.fromkeys(changed))


def _estate_of(building_id: UUID | None) -> UUID | None:
    estate_id: UUID | None = places.get_building(building_id).estate_id if building_id else None
    return estate_id
