"""Photos that another system names by their addresses: fetched by the worker, cleaned like any photo."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.adapters import media
from linli.cases.events import CaseNoted
from linli.cases.models import Audience, Case, EntryKind, Photo, PhotoStage
from linli.cases.services._ground import Step
from linli.cases.services.photos import Photos, keep_photos, stores_photos
from linli.kernel import idempotency, jobs, pictures
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput

TASK: Final = "cases.media"


def check_addresses(addresses: Iterable[str]) -> None:
    """Refuse addresses that nobody will fetch: not https, or inside our own network. Errors: BadInput."""
    for address in addresses:
        try:
            media.check(address)
        except media.Refused as error:
            raise BadInput(
                _("media_url 不能用：%(why)s") % {"why": error.reason}, field="media_url"
            ) from None


def ask_for(
    case: Case, addresses: Iterable[str], *, stage: PhotoStage, now: datetime, entry_id: UUID | None
) -> None:
    """Ask the worker for photos of a case, in the transaction of the report."""
    for address in addresses:
        jobs.enqueue(
            TASK,
            key=idempotency.fingerprint(case.pk, address),
            due_at=now,
            data={
                "case": str(case.pk),
                "address": address,
                "stage": str(stage),
                "entry": str(entry_id) if entry_id else None,
            },
        )


def fetch_photo(
    *, case_id: UUID, address: str, stage: str, entry_id: UUID | None, now: datetime
) -> None:
    """Fetch a photo and keep it with the case; one that can never be had is noted for staff.

    Twice is once: a photo that the case has already is not kept again. Errors: Unreachable, NoSpace.
    """
    try:
        picture = pictures.clean(media.fetch(address))
    except (media.Refused, BadInput) as error:
        why = error.message if isinstance(error, BadInput) else error.reason
        _note(case_id=case_id, why=str(why), now=now)
        return
    if not Photo.objects.filter(case_id=case_id, sha256=picture.sha256).exists():
        _keep(case_id=case_id, photos=(picture,), stage=stage, entry_id=entry_id, now=now)


@stores_photos("photos")
@transaction.atomic
def _keep(
    *, case_id: UUID, photos: Photos, stage: str, entry_id: UUID | None, now: datetime
) -> None:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    actor: Actor = system(case.tenant_id)
    keep_photos(case, photos, stage=PhotoStage(stage), actor=actor, now=now, entry_id=entry_id)
    case.photo_count += len(photos)
    case.save(update_fields=["photo_count"])


@transaction.atomic
def _note(*, case_id: UUID, why: str, now: datetime) -> None:
    case = Case.objects.select_for_update(of=("self",)).select_related("category").get(pk=case_id)
    step = Step.begin(case, system(case.tenant_id), now)
    text = _("对方系统给的照片没有取到：%(why)s") % {"why": why}
    entry = step.write(EntryKind.NOTE, text[:500], audience=Audience.STAFF)
    step.save()
    step.record(CaseNoted, entry=entry)
