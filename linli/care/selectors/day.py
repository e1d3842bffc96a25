"""A visitor's day: who is due, by days without contact times risk; while an alert is on, who cannot wait."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.care.models import AlertTask, CareProfile, Visit
from linli.care.selectors import catalogue, persons
from linli.care.selectors.access import VISIT
from linli.care.states import AlertKind, Need, TaskState, Turn
from linli.kernel import clock, tenancy
from linli.kernel.actor import Actor, system
from linli.people.selectors.register import PersonLine

_LATER_DAYS: Final = 7
_MOST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One person of a visitor's day."""

    profile: CareProfile
    line: PersonLine | None
    why: str
    is_late: bool = False
    is_alert: bool = False
    advice: str = ""
    weight: int = 0

    @property
    def needs(self) -> list[str]:
        """Return the needs in words."""
        return [str(Need(code).label) for code in self.profile.need_codes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Today's people in order, those who come in the next days, and how many were seen today."""

    alerts: list[DayLine]
    due: list[DayLine]
    later: list[DayLine]
    done: int

    @property
    def today(self) -> list[DayLine]:
        """Return everybody of today, those who cannot wait first."""
        return [*self.alerts, *self.due]


def day_of(actor: Actor, now: datetime) -> Day:
    """Return the day of whoever acts in a visitor's posts; empty for everybody else."""
    if not actor.can(VISIT) or not actor.post_ids:
        return Day(alerts=[], due=[], later=[], done=0)
    today = clock.local(now).date()
    tasks = _tasks(actor, now)
    mine = _mine(actor)
    lines = persons.lines_of([*(one.profile for one in tasks), *mine], actor)
    alerts = _alert_lines(tasks, lines)
    pressing = {one.profile.pk for one in alerts}
    rest = [one for one in mine if one.pk not in pressing]
    due = [_due_line(one, lines.get(one.person_id), today) for one in rest if one.due_on <= today]
    later = [_due_line(one, lines.get(one.person_id), today) for one in rest if one.due_on > today]
    return Day(
        alerts=alerts,
        due=sorted(due, key=lambda one: (-one.weight, one.profile.due_on, one.profile.pk)),
        later=later,
        done=_done(actor, now),
    )


def left_by(post_id: UUID, now: datetime) -> list[DayLine]:
    """Return whom a post visits, first or second, the most pressing first."""
    today = clock.local(now).date()
    named = Q(post_id=post_id) | Q(second_post_id=post_id)
    rows = list(CareProfile.objects.filter(named, ended_at=None).order_by("due_on", "id")[:_MOST])
    lines = persons.lines_of(rows, system(tenancy.current_tenant_id()))
    return [_due_line(one, lines.get(one.person_id), today) for one in rows]


def _mine(actor: Actor) -> list[CareProfile]:
    rows = CareProfile.objects.filter(turn_post_id__in=actor.post_ids, ended_at=None)
    return list(rows.select_related("level").defer("why").order_by("due_on", "id")[:_MOST])


def _tasks(actor: Actor, now: datetime) -> list[AlertTask]:
    rows = AlertTask.objects.filter(
        post_id__in=actor.post_ids, is_on=True, alert__until__gt=now,
        state__in=[TaskState.OPEN, TaskState.AWAY],
    )  # fmt: skip
    rows = rows.select_related("alert", "profile__level").defer("profile__why")
    return list(rows.order_by("priority", "id")[:_MOST])


def _alert_lines(tasks: list[AlertTask], lines: dict) -> list[DayLine]:
    """Return one line per person, however many alerts they are in."""
    found: dict = {}
    for task in tasks:
        kind = str(AlertKind(task.alert.kind).label)
        known = found.get(task.profile_id)
        if known is not None:
            found[task.profile_id] = replace(known, why=f"{kind}、{known.why}")
            continue
        found[task.profile_id] = DayLine(
            profile=task.profile,
            line=lines.get(task.profile.person_id),
            why=_why_alert(kind, task),
            is_alert=True,
            advice=task.alert.words or task.alert.advice,
            weight=1000 - task.priority,
        )
    return list(found.values())


def _why_alert(kind: str, task: AlertTask) -> str:
    mapping, _advice = catalogue.alert_rule(task.alert.kind)
    needs = [str(Need(one).label) for one in task.profile.need_codes if one in mapping.needs]
    if task.is_upstairs and not needs:
        needs = [_("住在楼上")]
    words = f"{kind} · {'、'.join(needs)}"
    return (
        _("%(words)s（去过，不在家）") % {"words": words} if task.state == TaskState.AWAY else words
    )


def _due_line(profile: CareProfile, line: PersonLine | None, today: date) -> DayLine:
    days = (today - profile.unseen_since).days
    return DayLine(
        profile=profile,
        line=line,
        why=why_of(profile, today),
        is_late=profile.due_on < today,
        # Beyond.md 11: days since contact times risk; a search goes before.
        weight=max(days, 1) * profile.risk + (500 if profile.turn == Turn.SECOND else 0),
    )


def why_of(profile: CareProfile, today: date) -> str:
    """Return in words why somebody is on the list."""
    days = (today - profile.unseen_since).days
    if profile.turn == Turn.SECOND:
        return _("敲门 %(n)d 次没见到人，今天您去看看") % {"n": profile.misses}
    if profile.misses:
        return _("上次不在家，再去一次")
    if profile.seen_at is None:
        return _("新列入，第一次走访")
    if days == 0:
        return _("今天见过")
    return ngettext("%(n)d 天没联系了", "%(n)d 天没联系了", days) % {"n": days}


def _done(actor: Actor, now: datetime) -> int:
    start = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Visit.objects.filter(Q(account_id=actor.account_id), at__gte=start)
    return rows.values("profile_id").distinct().count()
