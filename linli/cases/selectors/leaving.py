"""What of cases a post leaves behind when it changes hands: every promise that still runs, late first."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from linli.cases.models import Case, WhistlePart
from linli.cases.states import CaseState
from linli.kernel import masking
from linli.posts.services import handover

KIND = "没办完的工单"


def open_promises(leaving: handover.Leaving) -> list[handover.Line]:
    """Return the post's open cases as lines of a handover.

    Of a post that others hold too, only what the one who leaves has taken. A confidential case is
    its number and nothing else. Source: issue 4, step 8; beyond.md 23.
    """
    rows = Case.objects.filter(handler_post_id=leaving.post_id)
    if leaving.is_shared:
        rows = rows.filter(handler_account_id=leaving.account_id)
    stopped = Q(state=CaseState.SUSPENDED, check_at__isnull=False)
    found = [
        *rows.filter(due_at__isnull=False).order_by("due_at", "id")[: handover.MOST_LINES],
        *rows.filter(stopped, due_at=None).order_by("id")[: handover.MOST_LINES],
    ]
    return [_line(case, leaving) for case in found]


def now_confidential(keys: Collection[str]) -> dict[str, str]:
    """Return what lines of handovers say instead, of cases that became confidential since."""
    ids: dict[str, list[str]] = {}
    for key in keys:
        name, _colon, row_id = key.partition(":")
        ids.setdefault(name, []).append(row_id)
    whole = Case.objects.filter(pk__in=ids.get("cases.case", ()), is_confidential=True)
    parts = WhistlePart.objects.filter(
        pk__in=ids.get("cases.whistle", ()), whistle__case__is_confidential=True
    )
    found = {f"cases.case:{pk}": number for pk, number in whole.values_list("pk", "number")}
    numbers = parts.values_list("pk", "whistle__case__number")
    found |= {f"cases.whistle:{pk}": number for pk, number in numbers}
    return {key: f"{number} 保密工单" for key, number in found.items()}


def _line(case: Case, leaving: handover.Leaving) -> handover.Line:
    is_late = case.due_at is not None and case.due_at <= leaving.now
    words = "保密工单" if case.is_confidential else masking.mask_text(case.title)
    place = "" if case.is_confidential else case.place_label
    return handover.Line(
        key=f"cases.case:{case.pk}",
        kind=KIND,
        title=f"{case.number} {words}",
        note=" · ".join(part for part in (place, case.get_state_display()) if part),
        due_at=case.due_at or case.suspended_until,
        is_late=is_late,
        link=reverse("cases:field_case", args=[case.pk]),
    )
