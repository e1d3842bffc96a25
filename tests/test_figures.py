"""The figures from the command line: counted anew, and counted at all after an update."""

import pytest

from config import tallies
from linli.cases.tests.makers import make_neighbourhood
from linli.indicators.models import CaseFact, Tally, TallyState
from linli.indicators.services import rebuilding
from linli.indicators.tests.test_rebuilding import live, numbers


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


def test_cases_from_before_the_figures_are_counted_by_the_update(world, capsys):
    live(world, 9)
    before = numbers()
    for table in (CaseFact, Tally, TallyState):
        table.objects.all().delete()
    assert not rebuilding.is_complete()
    tallies.count_the_uncounted()
    assert numbers() == before
    assert rebuilding.is_complete()
    assert "件" in capsys.readouterr().out
    tallies.count_the_uncounted()
    assert capsys.readouterr().out == ""


def test_the_command_counts_every_tenant_anew_and_says_how_far_it_is(world, capsys):
    live(world, 11)
    before = numbers()
    assert tallies.rebuild() == 0
    assert numbers() == before
    assert f"{CaseFact.objects.count()} 件" in capsys.readouterr().out
