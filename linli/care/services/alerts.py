"""The weather switch: on for a place until a moment, off by itself; who cannot wait is on its board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.care.events import AlertEnded, AlertStarted
from linli.care.models import Alert, AlertBuilding, AlertTask
from linli.care.selectors import access, catalogue
from linli.care.services import boards, checks, telling
from linli.care.states import AlertKind, TaskState
from linli.kernel import events, idempotency
from linli.kernel.actor import Actor, system
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.ids import new_id
from linli.places import selectors as places

LONGEST: Final = timedelta(days=14)
MOST_BUILDINGS: Final = 100
WORDS_LENGTH: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSheet:
    """What is switched on: where, until when, in which words. No building means the whole area."""

    kind: str
    area_id: UUID
    building_ids: tuple[UUID, ...] = ()
    until: datetime
    words: str = ""
    tells_family: bool = False


@transaction.atomic
def start_alert(*, sheet: AlertSheet, key: str, actor: Actor, now: datetime) -> Alert:
    """Switch an alert on; the day's lists of its place become those who cannot wait.

    Errors: NotFound, NotAllowed, BadInput (with the field).
    Source: beyond.md 12.
    """
    area = places.get_area(sheet.area_id)
    actor.require(access.MANAGE, area.path)
    words = _checked(sheet, now)
    buildings = _buildings(sheet, area)
    alert_id = new_id()

    def make() -> UUID:
        _make(alert_id, sheet, area, buildings, words=words, actor=actor, now=now)
        return alert_id

    mark = idempotency.fingerprint(
        sheet.kind, sheet.area_id, sorted(map(str, sheet.building_ids)), sheet.until
    )
    found_id, _is_new = idempotency.once("care.alert", key, mark, make, result_id=alert_id)
    return Alert.objects.get(pk=found_id)


@transaction.atomic
def end_alert(*, alert_id: UUID, actor: Actor, now: datetime) -> Alert:
    """Switch an alert off by hand; one that is over stays as it is. Errors: NotFound, NotAllowed."""
    alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
    if alert is None or not actor.can(access.MANAGE, alert.area_path):
        raise NotFound(_("没有找到这次预警。"))
    if alert.ended_at is None:
        _end(alert, actor, now, by_itself=False)
    return alert


@transaction.atomic
def catch_up(*, alert_id: UUID, now: datetime) -> None:
    """Put on a board whoever joined the list in the very moment when the alert was switched on."""
    alert = Alert.objects.filter(pk=alert_id, ended_at=None, until__gt=now).first()
    if alert is not None:
        boards.fill(alert)


def end_due_alerts(now: datetime) -> int:
    """Switch off what has run its time; return how many."""
    due = Alert.objects.filter(ended_at=None, until__lte=now).values_list("pk", flat=True)
    return sum(_end_due(one, now) for one in list(due))


@transaction.atomic
def _end_due(alert_id: UUID, now: datetime) -> bool:
    alert = Alert.objects.select_for_update().filter(pk=alert_id, ended_at=None).first()
    if alert is None:
        return False
    _end(alert, system(alert.tenant_id), now, by_itself=True)
    return True


def _end(alert: Alert, actor: Actor, now: datetime, *, by_itself: bool) -> None:
    alert.ended_at, alert.ended_by = alert.until if by_itself else now, actor.who
    alert.save(update_fields=["ended_at", "ended_by"])
    tasks = AlertTask.objects.filter(alert=alert)
    states = list(tasks.values_list("state", flat=True))
    tasks.filter(is_on=True).update(is_on=False)
    event = AlertEnded(
        subject_id=alert.pk, area_path=alert.area_path, kind=alert.kind,
        people=sum(one != TaskState.GONE for one in states),
        reached=sum(one in (TaskState.REACHED, TaskState.WRONG) for one in states),
        by_itself=by_itself,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)


def _checked(sheet: AlertSheet, now: datetime) -> str:
    if sheet.kind not in AlertKind.values:
        raise BadInput(_("选一下是什么情况。"), field="kind")
    if sheet.until <= now:
        raise BadInput(_("到什么时候，选一个以后的时间。"), field="until")
    if sheet.until > now + LONGEST:
        raise BadInput(
            _("最长开 %(n)d 天，到时候还需要可以再开。") % {"n": LONGEST.days}, field="until"
        )
    if len(sheet.building_ids) > MOST_BUILDINGS:
        raise BadInput(
            _("一次最多选 %(most)d 栋楼，更多就选整个区域。") % {"most": MOST_BUILDINGS},
            field="buildings",
        )
    if sheet.kind == AlertKind.LIFT and not sheet.building_ids:
        raise BadInput(_("选一下是哪几栋楼的电梯停了。"), field="buildings")
    return checks.short(sheet.words, WORDS_LENGTH, "words")


def _buildings(sheet: AlertSheet, area: Any) -> list[Any]:
    found = [places.get_building(one) for one in dict.fromkeys(sheet.building_ids)]
    for one in found:
        paths = [one.community.path, *([one.grid.path] if one.grid else [])]
        if not any(path.startswith(area.path) for path in paths):
            raise BadInput(_("有的楼不在选的区域里，重新选一下。"), field="buildings")
    return found


def _make(
    alert_id: UUID,
    sheet: AlertSheet,
    area: Any,
    buildings: Sequence[Any],
    *,
    words: str,
    actor: Actor,
    now: datetime,
) -> None:
    _mapping, advice = catalogue.alert_rule(sheet.kind)
    names = "、".join(one.name for one in buildings[:6])
    more = _("等 %(n)d 栋") % {"n": len(buildings)} if len(buildings) > 6 else ""
    alert = Alert.objects.create(
        id=alert_id, kind=sheet.kind, area=area, area_path=area.path,
        area_name=f"{area.name} {names}{more}".strip()[:120], words=words, advice=advice,
        tells_family=sheet.tells_family, starts_at=now, until=sheet.until, started_by=actor.who,
    )  # fmt: skip
    AlertBuilding.objects.bulk_create(AlertBuilding(alert=alert, building=one) for one in buildings)
    ids = boards.fill(alert)
    if sheet.tells_family:
        community = places.community_of_path(area.path) or area
        telling.tell_family_of_alert(ids, alert, community, now)
    event = AlertStarted(
        subject_id=alert.pk, area_path=alert.area_path, kind=alert.kind, people=len(ids)
    )
    events.record(event, actor=actor, at=now)
