"""What follows for cases from a handover: what one had taken, the next one has."""

from uuid import UUID

from django.db import transaction
from django.db.models import F

from linli.cases.models import Assignment, Case
from linli.cases.states import OPEN


@transaction.atomic
def pass_on(*, post_id: UUID, outgoing_id: UUID, incoming_id: UUID | None) -> int:
    """Give a post's open cases that one had taken to the next, or back to the post; return how many.

    Running twice changes nothing more. The cases stay with the post, so nobody is told: the handover
    itself is the record, signed by both.
    """
    rows = Case.objects.filter(
        handler_post_id=post_id, handler_account_id=outgoing_id, state__in=OPEN
    )
    ids = list(rows.values_list("id", flat=True))
    Assignment.objects.filter(case_id__in=ids, post_id=post_id, ended_at=None).update(
        taken_by=incoming_id
    )
    return Case.objects.filter(pk__in=ids).update(
        handler_account_id=incoming_id, version=F("version") + 1
    )
