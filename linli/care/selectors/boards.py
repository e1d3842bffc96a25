"""The board of an alert: who is on it in somebody's places, page by page, whoever is left first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When

from linli.care.models import Alert, AlertTask
from linli.care.selectors import catalogue, persons
from linli.care.selectors.access import scope_of
from linli.care.states import Need, TaskState
from linli.kernel.actor import Actor
from linli.people import selectors as people
from linli.people.selectors.register import PersonLine
from linli.posts import selectors as posts

# In which order the board names them: what is wrong and who is left before who is reached.
_ORDER: Final = ("wrong", "open", "away", "reached", "gone")
_COLUMNS: Final = ("rank", "priority", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One person on the board."""

    task: AlertTask
    line: PersonLine | None
    needs: str
    post: str
    by: str


def tasks_of(alert: Alert, actor: Actor, state: str = "") -> QuerySet[AlertTask]:
    """Return the tasks of a board in its order, those in the actor's own places; "" for any state.

    Where the alert is larger than the actor's places, the others are nobody of theirs.
    Errors: NotAllowed.
    """
    rows = _seen(alert, actor)
    if state in TaskState.values:
        rows = rows.filter(state=state)
    whens = [When(state=one, then=rank) for rank, one in enumerate(_ORDER)]
    rows = rows.annotate(rank=Case(*whens, output_field=IntegerField()))
    return rows.select_related("profile").defer("profile__why").order_by(*_COLUMNS)


def counts(alert: Alert, actor: Actor) -> dict[str, int]:
    """Return how many the board has by state, and in all as "", in the actor's own places.

    Errors: NotAllowed.
    """
    rows = _seen(alert, actor).values_list("state").annotate(n=Count("pk")).order_by()
    found = dict.fromkeys(TaskState.values, 0) | dict(rows)
    return {"": sum(found.values()), **found}


def rows_after(
    alert: Alert, actor: Actor, state: str, mark: tuple[int, int, UUID] | None, *, limit: int
) -> list[BoardRow]:
    """Return what follows on a page that ended at a mark (`mark_of` its last row). Errors: NotAllowed."""
    rows = tasks_of(alert, actor, state)
    if mark is not None:
        rank, priority, last = mark
        later = Q(priority__gt=priority) | Q(priority=priority, pk__gt=last)
        rows = rows.filter(Q(rank__gt=rank) | Q(later, rank=rank))
    return rows_of(alert, rows[:limit], actor)


def mark_of(row: BoardRow) -> tuple[int, int, UUID]:
    """Return where on the board a row stands."""
    return _ORDER.index(row.task.state), row.task.priority, row.task.pk


def rows_of(alert: Alert, tasks: Iterable[AlertTask], actor: Actor) -> list[BoardRow]:
    """Return tasks of a board as it shows them: masked, with names of who goes and who went."""
    found = list(tasks)
    lines = persons.lines_of([one.profile for one in found], actor)
    called = posts.post_names({one.post_id for one in found if one.post_id})
    names = people.account_names({one.settled_by for one in found if one.settled_by})
    mapping, _advice = catalogue.alert_rule(alert.kind)
    return [
        BoardRow(
            task=one,
            line=lines.get(one.profile.person_id),
            needs="、".join(
                str(Need(code).label) for code in one.profile.need_codes if code in mapping.needs
            ),
            post=called.get(one.post_id, "") if one.post_id else "",
            by=names.get(one.settled_by, "") if one.settled_by else "",
        )
        for one in found
    ]


def _seen(alert: Alert, actor: Actor) -> QuerySet[AlertTask]:
    return AlertTask.objects.filter(scope_of(actor).condition("profile__"), alert=alert)
