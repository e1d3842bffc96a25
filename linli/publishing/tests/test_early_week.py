"""The board when a week has just begun, and what several departments did together."""

from datetime import timedelta

import pytest
from django.test import Client

from linli.cases.tests.makers import DAY, MONDAY, make_case
from linli.cases.tests.whistles import blow, make_town, report_in
from linli.indicators.services.rebuilding import rebuild_tallies
from linli.kernel import clock, memory
from linli.publishing.tests.makers import make_board, make_resolved, with_board


@pytest.fixture
def at(monkeypatch):
    """Set the day on which somebody looks at a board, and count anew."""

    def look(world, moment) -> str:
        monkeypatch.setattr(clock, "now", lambda: moment)
        rebuild_tallies(now=moment, progress=lambda done, total: None)
        memory.forget_all()
        return Client().get(f"/board/{world.at}/").content.decode()

    return look


def test_the_rates_of_a_week_that_has_just_begun_are_last_weeks_and_say_so(in_home, at):
    world = make_board()
    case = make_resolved(world)
    case.is_solved, case.satisfaction = True, 3
    case.rated_at = case.resolved_at
    case.save(update_fields=["is_solved", "satisfaction", "rated_at"])
    body = at(world, MONDAY + 2 * DAY)
    assert "上周的三个率" not in body
    assert "本周还没有新的事。" not in body
    body = at(world, MONDAY + 7 * DAY)
    assert "本周还没有新的事。" in body
    assert "上周的三个率" in body
    assert "1 个人评价，1 个人说满意。" in body
    assert (
        "上周响应率" in Client().get(f"/board/{world.at}/week/2026-03-09/print/").content.decode()
    )


def test_what_several_departments_did_together_is_said_without_their_names(in_home, at):
    world = with_board(make_town())
    assert "几个单位一起办的事" not in at(world, MONDAY + timedelta(hours=1))
    whistle = blow(world, "housing", "urban", "market")
    report_in(world, whistle, "housing")
    make_case(world)
    body = at(world, MONDAY + 5 * DAY)
    assert "有 1 件事一个单位办不了，叫了 3 次单位一起来办。" in body
    assert "该报到的 3 次里，1 次按时。" in body
    for name in ("住建局", "城管局", "市场监管局"):
        assert name not in body
