"""What the services of houses share: putting facts into a row, checking names and positions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.places.events import BuildingChanged, CodeEnded
from linli.places.models import Area, Building, Estate, PlaceCode
from linli.places.rules import names
from linli.places.services.recording import record


def put_facts(
    row: Estate | Building, facts: Mapping[str, Any], editable: tuple[str, ...]
) -> list[str]:
    """Put what may be edited into the row; return the names of the fields that changed."""
    wanted = {key: facts[key] for key in editable if key in facts}
    if "name" in wanted:
        wanted["name"] = checked_name(wanted["name"], 60)
    changed = [key for key, value in wanted.items() if getattr(row, key) != value]
    for key in changed:
        setattr(row, key, wanted[key])
    if isinstance(row, Building):
        row.order = names.natural_order(row.name)
    return changed


def checked_name(name: str, longest: int = 30) -> str:
    """Return the name as it is kept. Errors: BadInput when empty or too long."""
    name = names.clean_name(name)
    if not name or len(name) > longest:
        raise BadInput(_("名称要有 1 到 %(n)d 个字。") % {"n": longest}, field="name")
    return name


def check_position(lat: float | None, lon: float | None) -> None:
    """Errors: BadInput unless both are there and on this earth, or neither."""
    if (lat is None) != (lon is None):
        raise BadInput(_("纬度和经度要么都填，要么都不填。"), field="lat")
    if lat is not None and lon is not None and not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadInput(_("纬度在 -90 到 90 之间，经度在 -180 到 180 之间。"), field="lat")


def end_codes(codes: QuerySet[PlaceCode], community: Area, actor: Actor, now: datetime) -> None:
    """End the live ones of the codes, each with its event."""
    live = codes.filter(ended_at=None)
    ids = list(live.values_list("pk", flat=True))
    live.update(ended_at=now)
    for code_id in ids:
        record(CodeEnded(subject_id=code_id, area_path=community.path), actor=actor, at=now)


def record_change(building: Building, changed: list[str], actor: Actor, now: datetime) -> None:
    """Record that a building, its entrances or homes were corrected."""
    event = BuildingChanged(
        subject_id=building.pk, area_path=building.community.path, changed=",".join(changed)
    )
    record(event, actor=actor, at=now)
