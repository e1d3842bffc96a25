"""Alerts that are on and that were, with how far each is; who is on their boards is in `boards`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.care.models import Alert, AlertTask
from linli.care.selectors.access import MANAGE, VIEW
from linli.care.states import AlertKind
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound

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
