"""The desk's lists: who is overdue, who has not been seen for how long, who visits how many."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_date

from linli.care.models import CareProfile, Visit
from linli.care.selectors import persons
from linli.care.selectors.access import MANAGE, Scope, scope_of
from linli.care.states import Turn
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.people.selectors.register import PersonLine
from linli.posts import selectors as posts

PAGE: Final = 50
TABS: Final = ("late", "today", "week", "desk", "all")
_SORTS: Final = {"due": "due_on", "unseen": "unseen_since"}
WORKLOAD_DAYS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The list's filter, as the address has it. after: where the page before ended."""

    tab: str = "late"
    sort: str = "due"
    level: str = ""
    post_id: UUID | None = None
    area_path: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody on the list."""

    profile: CareProfile
    line: PersonLine | None
    days: int  # since they were last met
    late_days: int

    @property
    def is_late(self) -> bool:
        """Tell whether the visit is overdue."""
        return self.late_days > 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list; next_after is "" on the last one."""

    rows: list[Row]
    next_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one visitor has: people in all, overdue ones, visits of the last days."""

    post_id: UUID
    name: str
    people: int
    late: int
    made: int


def care_list(asked: Asked, actor: Actor, now: datetime, *, limit: int = PAGE) -> Page:
    """Return a page of those who are looked after where the actor views care, in a stable order.

    Errors: NotAllowed.
    """
    today, column = clock.local(now).date(), _SORTS.get(asked.sort, "due_on")
    rows = filtered(asked, scope_of(actor), today)
    after = _after_of(asked.after)
    if after is not None:
        day, last_id = after
        later = Q(**{f"{column}__gt": day}) | Q(**{column: day}, pk__gt=last_id)
        rows = rows.filter(later, **{f"{column}__gte": day})
    rows = rows.select_related("level", "post", "second_post", "turn_post", "community")
    rows = rows.defer("community__polygon", "why")
    found = list(rows.order_by(column, "id")[: limit + 1])
    shown = found[:limit]
    lines = persons.lines_of(shown, actor)
    more = f"{getattr(shown[-1], column)}_{shown[-1].pk}" if len(found) > limit else ""
    return Page([row_of(one, lines.get(one.person_id), today) for one in shown], more)


def row_of(profile: CareProfile, line: PersonLine | None, today: date) -> Row:
    """Return how a list shows somebody."""
    return Row(
        profile=profile,
        line=line,
        days=(today - profile.unseen_since).days,
        late_days=(today - profile.due_on).days,
    )


def filtered(asked: Asked, scope: Scope, today: date) -> QuerySet[CareProfile]:
    """Return the profiles behind a question, without order."""
    rows = CareProfile.objects.filter(scope.condition(), ended_at=None)
    rows = rows.filter(_of_tab(asked.tab, today))
    if asked.level:
        rows = rows.filter(level__code=asked.level)
    if asked.post_id:
        rows = rows.filter(Q(post_id=asked.post_id) | Q(turn_post_id=asked.post_id))
    if asked.area_path:
        rows = rows.filter(area_path__startswith=asked.area_path)
    return rows


def counts(actor: Actor, now: datetime) -> dict[str, int]:
    """Return how many there are by tab, where the actor views care. Errors: NotAllowed."""
    today = clock.local(now).date()
    rows = CareProfile.objects.filter(scope_of(actor).condition(), ended_at=None)
    found = rows.aggregate(
        late=Count("due_on", filter=Q(due_on__lt=today)),
        today=Count("due_on", filter=Q(due_on=today)),
        week=Count("due_on", filter=Q(due_on__gt=today, due_on__lte=today + timedelta(days=7))),
        all=Count("due_on"),
    )
    return found | {"desk": rows.filter(turn=Turn.DESK).count()}


def count_at_desk(actor: Actor) -> int:
    """Return how many nobody could meet, for the desk's rail; one look into an index."""
    if not actor.scopes(MANAGE):
        return 0
    rows = CareProfile.objects.filter(scope_of(actor, MANAGE).condition(), ended_at=None)
    return rows.filter(turn=Turn.DESK).count()


def workload(actor: Actor, now: datetime) -> list[Load]:
    """Return what each visitor has, the most overdue first, where the actor views care.

    Errors: NotAllowed.
    """
    today = clock.local(now).date()
    where = scope_of(actor).condition()
    rows = CareProfile.objects.filter(where, ended_at=None, turn_post__isnull=False)
    found = rows.values("turn_post_id").annotate(
        people=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today))
    )
    by_post = {one["turn_post_id"]: one for one in found.order_by()}
    made = _made(actor, now)
    names = posts.post_names(by_post)
    loads = [
        Load(
            post_id=post_id, name=names.get(post_id, ""), people=one["people"], late=one["late"],
            made=made.get(post_id, 0),
        )
        for post_id, one in by_post.items()
    ]  # fmt: skip
    return sorted(loads, key=lambda one: (-one.late, -one.people, one.name))


def _made(actor: Actor, now: datetime) -> dict[UUID, int]:
    # By profile and not by day: a district's visits of a month are many, a community's people few.
    people = CareProfile.objects.filter(scope_of(actor).condition(), ended_at=None)
    since = now - timedelta(days=WORKLOAD_DAYS)
    rows = Visit.objects.filter(profile__in=people, at__gte=since, same_as=None, is_counted=True)
    found: Any = rows.values_list("post_id").annotate(n=Count("pk")).order_by()
    return dict(found)


def _of_tab(tab: str, today: date) -> Q:
    if tab == "late":
        return Q(due_on__lt=today)
    if tab == "today":
        return Q(due_on=today)
    if tab == "week":
        return Q(due_on__gt=today, due_on__lte=today + timedelta(days=7))
    return Q(turn=Turn.DESK) if tab == "desk" else Q()


def _after_of(text: str) -> tuple[date, UUID] | None:
    """Return where the page before ended; nonsense is as good as none."""
    day, _sep, last = text.partition("_")
    try:
        parsed = parse_date(day)
        return (parsed, UUID(last)) if parsed else None
    except ValueError:
        return None
