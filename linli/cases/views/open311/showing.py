"""A case as the standard writes it, in full for a key that views the place, else its public part."""

from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse

from linli.cases.selectors.open311_rows import PUBLIC_DECIMALS, Faces, Row, faces_of, updated_at
from linli.cases.states import OPEN, CaseState
from linli.cases.views.open311.edge import Call
from linli.cases.views.open311.writing import moment

PHOTO_SALT = "linli open311 photo 2"


def trees(call: Call, rows: list[Row], *, is_public: bool) -> list[dict[str, Any]]:
    """Return the rows as the standard's requests."""
    faces = faces_of(rows, is_public=is_public)
    return [tree_of(call, row, faces, is_public=is_public) for row in rows]


def tree_of(call: Call, row: Row, faces: Faces, *, is_public: bool) -> dict[str, Any]:
    """Return one case as the standard's request; nothing is null, never left out."""
    category = faces.categories[row.category_id]
    part = faces.released.get(row.id)
    agency = faces.agencies.get(row.handler_post_id or row.handler_organisation_id or row.id)
    return {
        "service_request_id": row.number,
        "status": status_of(row.state),
        "status_notes": _notes(row, is_public=is_public),
        "service_name": category.name,
        "service_code": category.code,
        "description": row.text if not is_public else part.text if part else None,
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": moment(row.reported_at),
        "updated_datetime": moment(updated_at(row, faces)),
        "expected_datetime": moment(row.resolve_due_at),
        "address": _address(row, faces, is_public=is_public),
        "address_id": None,
        "zipcode": None,
        "lat": _degrees(row.lat, is_public=is_public),
        "long": _degrees(row.lon, is_public=is_public),
        "media_url": photo_url(
            call, part.photo_id if part else faces.photos.get(row.id), is_public=is_public
        ),
    }


def status_of(state: str) -> str:
    """Return the standard's status: closed is what is done, declined, merged or taken back."""
    return "open" if state in OPEN else "closed"


def photo_url(call: Call, photo_id: UUID | None, *, is_public: bool) -> str | None:
    """Return an address of a photo that is good for some days, for whoever got it from us.

    is_public: only as long as the photo is released.
    """
    if photo_id is None:
        return None
    said = [call.tenant.pk, photo_id.hex, is_public]
    signed = signing.dumps(said, salt=PHOTO_SALT, compress=False)
    return call.url(reverse("cases:open311_photo", args=[signed]))


def _notes(row: Row, *, is_public: bool) -> str:
    label = str(CaseState(row.state).label)
    if row.decline_reason and row.state == CaseState.DECLINED and not is_public:
        return f"{label}：{row.decline_reason}"
    return label


def _address(row: Row, faces: Faces, *, is_public: bool) -> str:
    community = faces.communities.get(row.community_id, "")
    if is_public:
        estate = faces.estates.get(row.estate_id) if row.estate_id else None
        return _joined(estate, community)
    return _joined(row.spot, row.place_label, community)


def _joined(*parts: str | None) -> str:
    """Return the parts that there are, each once: a place without a house is called as its community."""
    return "，".join(dict.fromkeys(part for part in parts if part))


def _degrees(value: float | None, *, is_public: bool) -> float | None:
    if value is None:
        return None
    return round(value, PUBLIC_DECIMALS) if is_public else value
