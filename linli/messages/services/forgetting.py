"""Keeps personal data no longer than the log needs it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from linli.messages import rules
from linli.messages.models import Delivery

BATCH: Final = 500


@transaction.atomic
def forget_old(*, now: datetime) -> int:
    """Empty the address and the texts of what was settled long ago; return how many.

    What was folded into another keeps its own notice and is emptied with the one that carried it.
    """
    old = Delivery.objects.filter(is_forgotten=False, settled_at__lt=now - rules.KEEP)
    ids = list(old.order_by("settled_at").values_list("id", flat=True)[:BATCH])
    if ids:
        empty = {"address": "", "text": "", "folded_text": "", "is_forgotten": True}
        Delivery.objects.filter(folded_into_id__in=ids).update(**empty)
        Delivery.objects.filter(id__in=ids).update(**empty)
    return len(ids)
