"""How far the demo is with what its blueprint aims at, and the report on the month that is over."""

from datetime import date
from typing import Final

from linli.blueprints.demo.world import World
from linli.indicators.selectors import MONTH, counts, period_of
from linli.indicators.selectors.targets import goals_of
from linli.indicators.services import reporting, targets
from linli.indicators.services.targets import DUTY, GoalSheet
from linli.kernel import clock
from linli.places import selectors as places

# How far the goals kept by hand are; the targets themselves stand in the blueprints. S4 4.11.
REACHED: Final = {"用房达到 400 平方米的社区": 24, "有日间照料点的社区": 71, "红小楼": 9}


def look_ahead_and_back(world: World) -> None:
    """Write how far the year's goals are, and issue last month's report, where somebody may."""
    now = world.now
    today = clock.local(now).date()
    last_month = period_of(MONTH, today).before()
    whole = list(places.areas_below("")[:1])
    for area in (*whole, *places.communities()):
        role = "district" if area in whole else "lead"
        lead = world.staff.in_role(role, area.path, now)
        came = counts(area.path, clock.local(world.start).date(), today)["received"]
        if lead is None or not lead.can(DUTY, area.path) or not came:
            continue
        for goal in goals_of(area.pk, today.year):
            sheet = GoalSheet(
                name=goal.name, unit=goal.unit, target=goal.target, reached=REACHED.get(goal.name),
                reached_on=date(today.year, today.month, 1), source="示例台账",
            )  # fmt: skip
            targets.keep_goal(area_id=area.pk, year=today.year, sheet=sheet, actor=lead, now=now)
        reporting.issue_report(area_id=area.pk, period_name=last_month.name, actor=lead, now=now)
