"""What a reporter finds again: by the form's key, by account, a photo of one's own case."""

import re
from collections.abc import Iterable
from uuid import UUID

from linli.cases.models import Audience, Case, Photo
from linli.kernel.errors import NotFound
from linli.kernel.models import Receipt
from linli.people import selectors as people

MOST = 100
# Longer than a form's key: nobody finds a neighbour's report with it.
_TOKEN = re.compile("[0-9a-f]{64}")


def find_by_key(key: UUID) -> Case | None:
    """Return the case that a form's key made, or None: the answer was lost, the report was not."""
    receipt = Receipt.objects.filter(scope="cases.report", key=str(key)).first()
    return Case.objects.filter(pk=receipt.result_id).first() if receipt else None


def find_by_token(tokens: Iterable[str]) -> Case | None:
    """Return the case of a token that another system was given, or made as its own key, or None."""
    keys = [one for one in tokens if _TOKEN.fullmatch(one)]
    receipt = Receipt.objects.filter(scope="cases.report", key__in=keys).order_by("id").first()
    return Case.objects.filter(pk=receipt.result_id).first() if receipt else None


def cases_of_account(account_id: UUID) -> list[Case]:
    """Return the cases of a resident's account, newest first."""
    contacts = people.contact_ids_of_account(account_id)
    rows = Case.objects.filter(reporter_id__in=contacts).select_related("category")
    return list(rows.order_by("-id")[:MOST])


def get_photo_of(case: Case, photo_id: UUID) -> Photo:
    """Return a photo of the case that its reporter may see.

    Errors: NotFound, also for another case's photo and for one on an internal note.
    """
    photo = Photo.objects.filter(pk=photo_id, case=case).select_related("entry").first()
    if photo is None or (photo.entry is not None and photo.entry.audience == Audience.STAFF):
        raise NotFound("没有找到这张照片。")
    return photo
