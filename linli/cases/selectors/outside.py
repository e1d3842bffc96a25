"""What other systems read of cases: plain rows with codes and moments, a few queries for any number."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from linli.cases.models import Case, Photo
from linli.cases.selectors.access import get_case, visible_to
from linli.kernel.actor import Actor
from linli.kernel.clock import BEIJING
from linli.kernel.errors import NotFound

# What is told: name outside, column.
_COLUMNS: Final = {
    "id": "id",
    "number": "number",
    "state": "state",
    "title": "title",
    "category": "category__code",
    "category_name": "category__name",
    "source": "source",
    "is_urgent": "is_urgent",
    "is_confidential": "is_confidential",
    "community_id": "community_id",
    "area_path": "area_path",
    "place": "place_label",
    "spot": "spot",
    "lat": "lat",
    "lon": "lon",
    "reported_at": "reported_at",
    "respond_due_at": "respond_due_at",
    "resolve_due_at": "resolve_due_at",
    "due_at": "due_at",
    "responded_at": "responded_at",
    "resolved_at": "resolved_at",
    "closed_at": "closed_at",
    "level": "level",
    "post_id": "handler_post_id",
    "organisation_id": "handler_organisation_id",
    "account": "handler_account__name",
    "post": "handler_post__name",
    "organisation": "handler_organisation__name",
    "is_supervised": "supervised_at",
    "is_solved": "is_solved",
    "satisfaction": "satisfaction",
    "follower_count": "follower_count",
    "urge_count": "urge_count",
    "photo_count": "photo_count",
    "reopen_count": "reopen_count",
    "version": "version",
}
_NAMES: Final = tuple(_COLUMNS)
_IDS: Final = ("id", "community_id", "post_id", "organisation_id")


def case_rows(case_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return cases as other systems see them, in the order of the ids; who may see them was asked.

    Shape: what `schemas.CaseOut` says, every value as JSON knows it.
    """
    found = Case.objects.filter(pk__in=case_ids).values_list(*_COLUMNS.values())
    rows = {row[0]: _plain(row) for row in found}
    return [rows[one] for one in case_ids if one in rows]


def case_row(case_id: UUID) -> dict[str, Any]:
    """Return one case as other systems see it. Errors: NotFound."""
    rows = case_rows([case_id])
    if not rows:
        raise NotFound("没有找到这件工单。")
    return rows[0]


def is_in_sight(case_id: UUID, actor: Actor) -> bool:
    """Tell whether the actor still sees a case: what one does may take it away."""
    return bool(Case.objects.filter(visible_to(actor), pk=case_id).exists())


def get_photo_in_sight(case_id: UUID, photo_id: UUID, actor: Actor) -> Photo:
    """Return a photo of a case that the actor may see. Errors: NotFound."""
    case = get_case(case_id, actor)
    photo = case.photos.filter(pk=photo_id).first()
    if photo is None:
        raise NotFound("没有找到这张照片。")
    return photo


def photo_rows(photos: Iterable[Photo], base: str) -> list[dict[str, Any]]:
    """Return photos with the addresses of their files below `base`."""
    return [
        {
            "id": str(photo.pk),
            "stage": photo.stage,
            "width": photo.width,
            "height": photo.height,
            "url": f"{base}/photos/{photo.pk}/full",
            "thumb_url": f"{base}/photos/{photo.pk}/thumb",
        }
        for photo in photos
    ]


def _plain(values: Iterable[Any]) -> dict[str, Any]:
    row = dict(zip(_NAMES, values, strict=True))
    for name, value in row.items():
        if isinstance(value, datetime):
            row[name] = value.astimezone(BEIJING).isoformat(timespec="seconds")
    for name in _IDS:
        row[name] = str(row[name]) if row[name] else None
    row["is_supervised"] = row["is_supervised"] is not None
    account, post, organisation = row.pop("account"), row.pop("post"), row.pop("organisation")
    row["handler"] = account or post or organisation or None
    return row
