"""What of the queue asks for something, in numbers that the queue itself would show."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from linli.cases.models import Case, Suspension

# The queue's own conditions: a number here and its list there must never differ.
from linli.cases.selectors.conditions import Question, due_bounds, marked, scope_of, seen
from linli.cases.states import CaseState
from linli.kernel.actor import Actor


def attention(actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many running cases ask for something, for the first page. One statement.

    Shape: late, soon, reported, arbitration, suspension, extension, reopened, mine: what the queue
    shows.
    """
    asked = Suspension.objects.filter(case=OuterRef("pk"), state="asked")
    conditions = {
        **{due: due_bounds(due, now).as_condition() for due in ("late", "soon")},
        **{mark: marked(mark) for mark in ("arbitration", "reopened", "extension")},
        "reported": Q(state=CaseState.REPORTED),
        "suspension": Q(Exists(asked)),
        "mine": seen(Question(is_mine=True), scope_of(actor)),
    }
    rows = Case.objects.filter(seen(Question(), scope_of(actor)), due_at__isnull=False)
    return rows.aggregate(**{name: Count("pk", filter=one) for name, one in conditions.items()})


def review_count(actor: Actor) -> int:
    """Return how many declined cases of the actor's queue wait for another look."""
    reviewed = seen(Question(), scope_of(actor))
    return Case.objects.filter(reviewed, review_due_at__isnull=False).count()
