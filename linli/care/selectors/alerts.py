"""Alerts that are on, their boards with who has been reached, and what a hall may show: counts only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.care.models import Alert, AlertTask, CareProfile
from linli.care.selectors import catalogue, persons
from linli.care.selectors.access import MANAGE, VIEW, scope_of
from linli.care.states import AlertKind, Need, TaskState
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people
from linli.people.selectors.register import PersonLine
from linli.posts import selectors as posts

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far an alert is."""

    open: int = 0
    away: int = 0
    reached: int = 0
    wrong: int = 0
    gone: int = 0  # taken off before anybody met them

    @property
    def total(self) -> int:
        """Return how many it is about; who was taken off is not counted."""
        return self.open + self.away + self.reached + self.wrong

    @property
    def met(self) -> int:
        """Return how many somebody has met."""
        return self.reached + self.wrong

    @property
    def left(self) -> int:
        """Return how many are still to be met."""
        return self.open + self.away

    @property
    def percent(self) -> int:
        """Return how much of it is done, in whole percent."""
        return 100 * self.met // self.total if self.total else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One person on the board."""

    task: AlertTask
    line: PersonLine | None
    needs: str
    post: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """An alert in a list."""

    alert: Alert
    tally: Tally
    is_on: bool

    @property
    def kind(self) -> str:
        """Return what it is, in words."""
        return str(AlertKind(self.alert.kind).label)


def alerts(actor: Actor, now: datetime, *, is_on: bool) -> list[Summary]:
    """Return the alerts of the places where the actor views care: those on, or the past ones.

    Errors: NotAllowed.
    """
    rows = Alert.objects.filter(_near(actor))
    if is_on:
        rows = rows.filter(ended_at=None, until__gt=now).order_by("until", "id")
    else:
        rows = rows.filter(Q(ended_at__isnull=False) | Q(until__lte=now)).order_by("-id")
    found = list(rows[:PAGE])
    tallies = _tallies([one.pk for one in found])
    return [Summary(alert=one, tally=tallies.get(one.pk, Tally()), is_on=is_on) for one in found]


def get_alert(alert_id: UUID, actor: Actor, now: datetime) -> Summary:
    """Return one alert that the actor may see. Errors: NotFound."""
    found = Alert.objects.filter(_near(actor), pk=alert_id).first()
    if found is None:
        raise NotFound(_("没有找到这次预警。"))
    tally = _tallies([found.pk]).get(found.pk, Tally())
    return Summary(alert=found, tally=tally, is_on=found.ended_at is None and found.until > now)


def board(alert: Alert, actor: Actor, state: str = "") -> list[BoardRow]:
    """Return who is on the board of an alert, whoever is still to be reached first.

    Only those in the actor's own places, where the alert is larger than they are.
    """
    rows = AlertTask.objects.filter(
        alert=alert, profile__in=CareProfile.objects.filter(scope_of(actor).condition())
    )
    if state in TaskState.values:
        rows = rows.filter(state=state)
    rows = rows.select_related("profile").defer("profile__why")
    found = sorted(rows, key=lambda one: (_ORDER[one.state], one.priority, one.pk))
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


_ORDER: Final = {"wrong": 0, "open": 1, "away": 2, "reached": 3, "gone": 4}


def _near(actor: Actor) -> Q:
    """Return the condition for alerts at, above or below the actor's places. Errors: NotAllowed."""
    paths = {*actor.scopes(VIEW), *actor.scopes(MANAGE)}
    if not paths:
        actor.require(VIEW)
    where = Q(pk__in=[])
    for path in paths:
        parts = path.split("/")[:-1]
        above = ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
        where |= Q(area_path__startswith=path) if path else Q(pk__isnull=False)
        where |= Q(area_path__in=above)
    return where


def _tallies(ids: list[UUID]) -> dict[UUID, Tally]:
    rows = AlertTask.objects.filter(alert_id__in=ids).values_list("alert_id", "state")
    found: dict[UUID, dict[str, int]] = {}
    for alert_id, state, count in rows.annotate(n=Count("pk")).order_by() if ids else ():
        found.setdefault(alert_id, {})[state] = count
    return {one: Tally(**said) for one, said in found.items()}
