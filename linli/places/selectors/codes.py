"""Place codes: whose they are and where they lead."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.kernel.memory import remember, remember_globally
from linli.kernel.models import Tenant
from linli.places.models import PlaceCode
from linli.places.rules import codes

_WHOLE = ("community", "estate", "building__grid", "entrance")
# Outlines are long and nobody who scans needs them.
_HEAVY = ("community__polygon", "building__grid__polygon")


def tenant_of(code: str) -> Tenant | None:
    """Return the active tenant that a place code or secret link begins with ("wjq-…"), or None."""
    head = codes.head_of(code)
    try:
        return _tenant_of(head) if head else None
    except NotFound:  # Not remembered: the tenant may be made in a moment.
        return None


@remember_globally
def _tenant_of(head: str) -> Tenant:
    tenant = next(iter(Tenant.objects.filter(code=head, is_active=True)), None)
    if tenant is None:
        raise NotFound(_("没有这个区县。"))
    return tenant


def find_place_code(code: str) -> PlaceCode | None:
    """Return the place code as scanned or typed, with its place; ended ones too; None if unknown.

    The tenant is set (see `tenant_of`). A known code is remembered for some seconds: the same row
    is given again, not to be changed.
    """
    tidy = codes.tidy_code(code)
    try:
        return _known(tidy) if tidy else None
    except NotFound:  # Not remembered: the code may be made in a moment.
        return None


def get_code(code_id: UUID, *, lock: bool = False) -> PlaceCode:
    """Return one place code with its place. Errors: NotFound, also for another tenant's."""
    found = _whole()
    if lock:
        found = found.select_for_update(of=("self",))
    try:
        return found.get(pk=code_id)
    except PlaceCode.DoesNotExist:
        raise NotFound(_("没有找到这个点位码。")) from None


def codes_of(
    community_id: UUID, *, estate_id: UUID | None = None, is_ended: bool = False
) -> QuerySet[PlaceCode]:
    """Return the live (or ended) codes of a community or one estate, in the order of the doors."""
    found = _whole().filter(community_id=community_id, ended_at__isnull=not is_ended)
    if estate_id is not None:
        found = found.filter(estate_id=estate_id)
    return found.order_by(
        "estate__name", "building__order", "building__name", "entrance__order", "spot", "id"
    )


def first_code(community_id: UUID) -> str:
    """Return some live code of a community, the same one each time; "" when it has none."""
    found = PlaceCode.objects.filter(community_id=community_id, ended_at=None).order_by("id")
    return found.values_list("code", flat=True).first() or ""


def codes_by_entrance(building_id: UUID) -> dict[UUID, PlaceCode]:
    """Return the live codes on the doors of a building, by entrance."""
    found = PlaceCode.objects.filter(building_id=building_id, ended_at=None, spot="")
    return {code.entrance_id: code for code in found.order_by("id") if code.entrance_id}


@remember
def _known(code: str) -> PlaceCode:
    """Reports read little else: the joins cost more than all the rest of reading a place."""
    try:
        return _whole().get(code=code)
    except PlaceCode.DoesNotExist:
        raise NotFound(_("没有找到这个点位码。")) from None


def _whole() -> QuerySet[PlaceCode]:
    return PlaceCode.objects.select_related(*_WHOLE).defer(*_HEAVY)
