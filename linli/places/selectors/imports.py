"""Imports that wait or were applied."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.places.models import PlaceImport


def get_import(import_id: UUID, *, lock: bool = False) -> PlaceImport:
    """Return one import with its community. Errors: NotFound, also for another tenant's."""
    found = PlaceImport.objects.select_related("community")
    if lock:
        found = found.select_for_update(of=("self",))
    try:
        return found.get(pk=import_id)
    except PlaceImport.DoesNotExist:
        raise NotFound(_("没有找到这份清单，可能已经放弃了。")) from None


def imports_of(community_id: UUID) -> QuerySet[PlaceImport]:
    """Return the imports of a community without their rows, the newest first."""
    return (
        PlaceImport.objects.filter(community_id=community_id)
        .defer("rows")
        .order_by("-created_at", "-id")
    )
