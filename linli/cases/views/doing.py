"""How what a form sent becomes the call of a service, where the two differ."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.cases import selectors
from linli.cases.selectors import reading
from linli.cases.services import correcting, desk, excluding, extending, handling, ladder, merging
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places import selectors as places
from linli.posts import selectors as posts


def assign(*, target: dict[str, UUID], **sent: Any) -> None:
    """Assign to the chosen post or organisation."""
    hands: dict[str, Any] = {**target, **sent}
    desk.assign_case(**hands)


def arbitrate(
    *, case_id: UUID, target: dict[str, UUID], text: str, actor: Actor, now: datetime, version: Any
) -> None:
    """Decide whose a returned case is."""
    case = selectors.get_case(case_id, actor)
    route = posts.chosen(
        post_id=target.get("post_id"),
        organisation_id=target.get("organisation_id"),
        area_path=case.area_path,
        by=actor.name,
        duties=posts.TAKES_CASES,
    )
    ladder.arbitrate_case(
        case_id=case_id, route=route, text=text, actor=actor, now=now, version=version
    )


def decline(*, reason: str, rule: str, alternative: str, review_on: Any, **sent: Any) -> None:
    """Say no, with everything that belongs to it."""
    decline = desk.Decline(reason=reason, rule=rule, alternative=alternative, review_on=review_on)
    desk.decline_case(decline=decline, **sent)


def merge(*, into: str, actor: Actor, **sent: Any) -> None:
    """Merge into the case of that number. Errors: BadInput."""
    target = reading.find_in_reach(into, actor)
    if target is None:
        raise BadInput(str(_("没有找到这个编号，核对一下再填。")), field="into")
    merging.merge_case(into_id=target.pk, actor=actor, **sent)


def unmerge(*, version: Any, **sent: Any) -> None:
    """Undo a merge."""
    merging.unmerge_case(**sent)


def note(*, version: Any, **sent: Any) -> None:
    """Write an internal note."""
    desk.note_case(**sent)


def supervise(*, version: Any, **sent: Any) -> None:
    """Put under watch."""
    ladder.supervise_case(**sent)


def decide(*, version: Any, **sent: Any) -> None:
    """Decide a request to stop the clock."""
    handling.decide_suspension(**sent)


def decide_extension(*, version: Any, **sent: Any) -> None:
    """Decide a request for another day."""
    extending.decide_extension(**sent)


def decide_exclusion(*, version: Any, **sent: Any) -> None:
    """Decide whether the case counts."""
    excluding.decide_exclusion(**sent)


def include(*, version: Any, **sent: Any) -> None:
    """Let the case count again."""
    excluding.include_case(**sent)


def revoke(*, version: Any, **sent: Any) -> None:
    """Replace the secret link."""
    desk.revoke_link(**sent)


def correct(
    *,
    case_id: UUID,
    category_id: UUID,
    building_id: UUID | None,
    is_urgent: bool,
    actor: Actor,
    now: datetime,
    version: Any,
) -> None:
    """Put category, place or urgency right."""
    where = None
    if building_id is not None:
        case = selectors.get_case(case_id, actor)
        where = places.where_of(community_id=case.community_id, building_id=building_id)
    correcting.correct_case(
        case_id=case_id,
        category_id=category_id,
        where=where,
        is_urgent=is_urgent,
        actor=actor,
        now=now,
        version=version,
    )
