"""Makes many cases findable and counted at once: after a history was lived through or brought in."""

from django.db import transaction

from linli.cases.models import Case, SearchText
from linli.cases.services.indexing import index_cases, recount

_BATCH = 500


@transaction.atomic
def take_over() -> int:
    """Write the search words of every case that has none, oldest first, and count all anew.

    Returns how many became findable. The rows' ids rise with the cases', which the search relies on:
    call it before newer cases are indexed as they come.
    """
    known = set(SearchText.objects.values_list("case_id", flat=True))
    found = Case.objects.order_by("pk").values_list("pk", flat=True)
    missing = [case_id for case_id in found if case_id not in known]
    for at in range(0, len(missing), _BATCH):
        index_cases(missing[at : at + _BATCH])
    recount()
    return len(missing)
