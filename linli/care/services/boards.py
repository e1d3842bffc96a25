"""The boards of alerts that are on: who cannot wait is put on them, who is no longer meant is taken off.

A board follows the list of care while its alert is on: somebody who joins, needs more or moves in
is added; somebody who dies, leaves or moves out is taken off with the reason, and stays to be read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from linli.care.events import AlertBoardChanged
from linli.care.models import Alert, AlertBuilding, AlertTask, CareProfile
from linli.care.rules import Affected, affected, priority
from linli.care.selectors import catalogue
from linli.care.services import telling
from linli.care.states import GoneWhy, TaskState
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.rows import insert_unknown
from linli.places import selectors as places

_BATCH: Final = 1000
_SOME: Final = 500
_TO_MEET: Final = (TaskState.OPEN, TaskState.AWAY)
_COLUMNS: Final = (
    "post_id", "priority", "is_upstairs", "state", "is_on", "gone_why", "settled_at", "settled_by",
)  # fmt: skip


def fill(alert: Alert) -> list[UUID]:
    """Put everybody on a board whom the alert is about and who isn't on it; return their profiles."""
    chosen = AlertBuilding.objects.filter(alert=alert).values_list("building_id", flat=True)
    mapping, _advice = catalogue.alert_rule(alert.kind)
    tasks = []
    for profile in _profiles(alert, list(chosen)).iterator(_BATCH):
        found = affected(mapping, needs=profile.need_codes, floor=profile.floor)
        if found is not None:
            tasks.append(_task(alert, profile, found))
    return [one.profile_id for one in insert_unknown(tasks)]


def follow(profiles: Sequence[CareProfile], actor: Actor, now: datetime) -> None:
    """Bring the boards that are on to where these open profiles stand now; a few queries for all."""
    boards = _boards(now)
    if not boards:
        return
    for at in range(0, len(profiles), _SOME):
        _follow_some(boards, profiles[at : at + _SOME], actor, now)


def take_off(profile: CareProfile, why: str, actor: Actor, now: datetime) -> None:
    """Take somebody off every board; whom somebody met before stays counted as met."""
    told = []
    for task in AlertTask.objects.filter(profile=profile, is_on=True).select_related("alert"):
        _off(task, why, actor, now)
        task.save(update_fields=_COLUMNS)
        told.append(_event(task, why))
    events.record_all(told, actor=actor, at=now)


@dataclass(frozen=True, slots=True)
class _Board:
    """An alert that is on, and the buildings it is about; none means its whole area."""

    alert: Alert
    buildings: frozenset[UUID]

    def why_for(self, profile: CareProfile) -> Affected | GoneWhy:
        """Return why somebody is on the board, or why not."""
        is_there = profile.area_path.startswith(self.alert.area_path)
        if self.buildings:
            is_there = profile.building_id in self.buildings
        if not is_there:
            return GoneWhy.MOVED
        mapping, _advice = catalogue.alert_rule(self.alert.kind)
        found = affected(mapping, needs=profile.need_codes, floor=profile.floor)
        return found or GoneWhy.CHANGED


def _boards(now: datetime) -> list[_Board]:
    on = list(Alert.objects.filter(ended_at=None, until__gt=now).order_by("id"))
    rows = AlertBuilding.objects.filter(alert__in=on).values_list("alert_id", "building_id")
    pairs = list(rows) if on else []
    return [
        _Board(one, frozenset(building for alert_id, building in pairs if alert_id == one.pk))
        for one in on
    ]


def _follow_some(
    boards: Sequence[_Board], profiles: Sequence[CareProfile], actor: Actor, now: datetime
) -> None:
    rows = AlertTask.objects.filter(
        alert__in=[one.alert for one in boards], profile__in=[one.pk for one in profiles]
    )
    known = {(row.alert_id, row.profile_id): row for row in rows}
    new: list[tuple[Alert, AlertTask]] = []
    changed: list[AlertTask] = []
    told: list[AlertBoardChanged] = []
    for board, profile in ((one, other) for one in boards for other in profiles):
        task, why = known.get((board.alert.pk, profile.pk)), board.why_for(profile)
        if task is None:
            if isinstance(why, Affected):
                new.append((board.alert, _task(board.alert, profile, why)))
            continue
        task.alert = board.alert
        before = [getattr(task, name) for name in _COLUMNS]
        told += _moved(task, profile, why, actor, now)
        if before != [getattr(task, name) for name in _COLUMNS]:
            changed.append(task)
    AlertTask.objects.bulk_update(changed, _COLUMNS, batch_size=_SOME)
    told += _add(new, now)
    events.record_all(told, actor=actor, at=now)


def _moved(
    task: AlertTask, profile: CareProfile, why: Affected | GoneWhy, actor: Actor, now: datetime
) -> Iterator[AlertBoardChanged]:
    """Set what a board says of somebody who is on it, or was; give the event if they came or went."""
    if isinstance(why, GoneWhy):
        if task.is_on:
            _off(task, why, actor, now)
            yield _event(task, why)
        return
    task.post_id, task.is_upstairs = profile.turn_post_id, why.is_upstairs
    task.priority = priority(why, risk=profile.risk)
    if task.is_on:
        return
    task.is_on, task.gone_why = True, ""
    if task.state == TaskState.GONE:
        task.state, task.settled_at, task.settled_by = TaskState.OPEN, None, None
    yield _event(task, "")


def _off(task: AlertTask, why: str, actor: Actor, now: datetime) -> None:
    task.is_on, task.gone_why = False, why
    if task.state in _TO_MEET:
        task.state, task.settled_at, task.settled_by = TaskState.GONE, now, actor.who


def _add(new: Sequence[tuple[Alert, AlertTask]], now: datetime) -> list[AlertBoardChanged]:
    """Put people on boards; family that agreed is told as when the alert began."""
    made = insert_unknown([task for _alert, task in new])
    of = {task.pk: alert for alert, task in new}
    for task in made:
        alert = of[task.pk]
        if alert.tells_family:
            community = places.community_of_path(alert.area_path) or alert.area
            telling.tell_family_of_alert([task.profile_id], alert, community, now)
    return [_event(task, "") for task in made]


def _event(task: AlertTask, why: str) -> AlertBoardChanged:
    return AlertBoardChanged(
        subject_id=task.alert_id, area_path=task.alert.area_path, profile_id=task.profile_id,
        is_on=task.is_on, why=why,
    )  # fmt: skip


def _task(alert: Alert, profile: CareProfile, why: Affected) -> AlertTask:
    return AlertTask(
        alert=alert, profile_id=profile.pk, post_id=profile.turn_post_id,
        priority=priority(why, risk=profile.risk), is_upstairs=why.is_upstairs,
    )  # fmt: skip


def _profiles(alert: Alert, building_ids: Sequence[UUID]) -> Any:
    rows = CareProfile.objects.filter(ended_at=None).only(
        "id", "tenant_id", "needs", "floor", "risk", "turn_post_id"
    )
    if building_ids:
        return rows.filter(building_id__in=building_ids)
    within = places.community_ids((alert.area_path,))
    if within:
        return rows.filter(community_id__in=within)
    community = places.community_of_path(alert.area_path)
    near = Q(community=community) if community else Q()
    return rows.filter(near, area_path__startswith=alert.area_path)
