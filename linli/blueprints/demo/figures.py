"""What the leads of the demo set themselves for the year, and their report on the month that is over."""

from datetime import date
from typing import Final

from linli.blueprints.demo.world import World
from linli.indicators.selectors import MONTH, counts, period_of
from linli.indicators.services import reporting, targets
from linli.indicators.services.targets import DUTY, GoalSheet
from linli.kernel import clock
from linli.places import selectors as places

AIMS: Final = {
    "response": 0.95, "resolution": 0.9, "satisfaction": 0.9, "on_time": 0.9, "median_days": 3.0,
}  # fmt: skip
# S5 5.11: satisfied 99.5 of 100; S4 4.11: facilities, by year.
OWN_AIMS: Final = {"ax": {"satisfaction": 0.995}, "wjq": {"resolution": 0.92}}
GOALS: Final = {
    "dq": (("用房达到 400 平方米的社区", "个", 30, 24), ("有日间照料点的社区", "%", 80, 71)),
    "jh": (("红小楼", "个", 12, 9),),
}


def look_ahead_and_back(world: World) -> None:
    """Set targets for this year, and issue last month's report, where somebody may."""
    now, code = world.now, world.tenant.code
    today = clock.local(now).date()
    last_month = period_of(MONTH, today).before()
    whole = list(places.areas_below("")[:1])
    for area in (*whole, *places.communities()):
        role = "district" if area in whole else "lead"
        lead = world.staff.in_role(role, area.path, now)
        came = counts(area.path, clock.local(world.start).date(), today)["received"]
        if lead is None or not lead.can(DUTY, area.path) or not came:
            continue
        targets.set_targets(
            area_id=area.pk, year=today.year, values=AIMS | OWN_AIMS.get(code, {}),
            actor=lead, now=now,
        )  # fmt: skip
        for name, unit, target, reached in GOALS.get(code, ()) if area in whole else ():
            sheet = GoalSheet(
                name=name, unit=unit, target=target, reached=reached,
                reached_on=date(today.year, today.month, 1), source="示例台账",
            )  # fmt: skip
            targets.keep_goal(area_id=area.pk, year=today.year, sheet=sheet, actor=lead, now=now)
        reporting.issue_report(area_id=area.pk, period_name=last_month.name, actor=lead, now=now)
