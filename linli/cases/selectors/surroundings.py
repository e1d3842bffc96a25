"""What is near: open cases of the same kind, other recent ones of the same place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from linli.cases.models import Case
from linli.cases.selectors.access import visible_to
from linli.cases.selectors.catalogue import get_settings
from linli.cases.selectors.judging import earliest
from linli.kernel.actor import Actor
from linli.kernel.geo import distance_m
from linli.kernel.masking import mask_text
from linli.kernel.prepared import Prepared, PreparedModels
from linli.places.selectors import Where

NEARBY_MOST = 5
# How far back the eye goes: in one building, and in a community where nothing else is known.
LOOKED_THROUGH, LOOKED_THROUGH_WIDE = 60, 200
SIMILAR_MOST = 6
SIMILAR_DAYS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Near:
    """An open case nearby of the same kind, as anybody may see it: its first words, without what is
    personal in them.
    """

    case_id: UUID
    title: str
    place_label: str
    state_label: str
    reported_at: datetime
    follower_count: int


def nearby(*, where: Where, category_id: UUID, now: datetime) -> list[Near]:
    """Return open cases of the same category nearby, nearest first, so that "me too" can follow
    one.

    Nearby is the same building, the same estate without building, or within the tenant's distance.
    Confidential cases never show.
    Source: issue, open cases nearby of the same kind; peers.md 1 and 5, duplicates.
    """
    settings = get_settings()
    rows = Case.objects.filter(
        community_id=where.community_id,
        category_id=category_id,
        is_confidential=False,
        due_at__isnull=False,
        reported_at__gte=now - timedelta(days=settings.nearby_days),
    ).order_by("-id")[:60]
    ranked = [(far, case) for case in rows if (far := _distance(case, where)) is not None]
    ranked = [(far, case) for far, case in ranked if far <= settings.nearby_metres]
    ranked.sort(key=lambda pair: pair[0])
    return [_near(case) for _far, case in ranked[:NEARBY_MOST]]


def _distance(case: Case, where: Where) -> float | None:
    """Return how far a case is in metres; 0 in the same building; None when nobody can tell."""
    if where.building_id and case.building_id == where.building_id:
        return 0.0
    if where.estate_id and case.estate_id == where.estate_id and not case.building_id:
        return 10.0
    if None in (case.lat, case.lon, where.lat, where.lon):
        same = not where.estate_id and not where.building_id and not case.building_id
        return 20.0 if same and case.spot == where.spot else None
    return distance_m(case.lat, case.lon, where.lat, where.lon)  # type: ignore[arg-type]


def _near(case: Case) -> Near:
    return Near(
        case.pk,
        mask_text(case.title),
        mask_text(case.place_label),
        case.get_state_display(),
        case.reported_at,
        case.follower_count,
    )


def similar_cases(case: Case, actor: Actor) -> list[Case]:
    """Return other recent cases of the same building or the same spot that the actor may see,
    newest first, for the case page.

    Source: ui.md, 同址 30 天内第 3 次.
    """
    since = case.reported_at - SIMILAR_DAYS
    near = _newest_near(
        building_id=case.building_id,
        community_id=None if case.building_id else case.community_id,
        since_id=earliest(case, since),
    )
    place = (case.category_id, None if case.building_id else case.place_label)
    ids = [
        case_id
        for case_id, category_id, label, reported_at in near
        if (category_id, place[1] and label) == place
        and reported_at >= since
        and case_id != case.pk
    ][:SIMILAR_MOST]
    # Always as many, so that the statement stays the same.
    padded = [*ids, *(UUID(int=number) for number in range(SIMILAR_MOST - len(ids)))]
    return (
        _similar(actor, **{f"id{number}": one for number, one in enumerate(padded)}) if ids else []
    )


@Prepared
def _newest_near(
    _shape: None,
    *,
    since_id: UUID,
    building_id: UUID | None = None,
    community_id: UUID | None = None,
) -> QuerySet[Any, Any]:
    """The newest of the building are looked through, or of the community where there is none: so many
    along their index and no more, however much is reported at one door.

    Ids rise with time: the bound ends the look through a building's history where thirty days end.
    """
    rows = Case.objects.filter(pk__gte=since_id, is_confidential=False)
    most = LOOKED_THROUGH
    if building_id is not None:
        rows = rows.filter(building_id=building_id)
    else:
        rows, most = rows.filter(community_id=community_id), LOOKED_THROUGH_WIDE
    newest = rows.order_by("-id").values_list("pk", "category_id", "place_label", "reported_at")
    return newest[:most]


def _build_similar(actor: Actor, **ids: UUID) -> QuerySet[Case]:
    rows = Case.objects.filter(visible_to(actor), pk__in=list(ids.values()))
    return rows.order_by("-id")


_similar = PreparedModels(
    _build_similar,
    related=("category", "handler_post", "handler_organisation", "handler_account"),
    without=("text", "answers"),
)
