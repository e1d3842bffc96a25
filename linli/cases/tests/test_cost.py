"""What the pages of cases cost: the same for one row and for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.cases.services import desk, handling
from linli.cases.tests.makers import make_case, make_neighbourhood
from linli.kernel import clock
from linli.people.tests.makers import sign_in

# The day asks each room once, and once what is done.
QUEUE_QUERIES, CASE_QUERIES, DAY_QUERIES = 15, 25, 16


@pytest.fixture
def world(in_home):
    return make_neighbourhood()


def browser(actor):
    return sign_in(actor.account_id, actor.tenant_id)


def assigned(world) -> Case:
    case = make_case(world, at=clock.now())
    return desk.assign_case(
        case_id=case.pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now()
    )


def queries(client, path) -> int:
    client.get(path)  # what is remembered for some seconds is read once
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    "path", ["/desk/cases/", "/desk/cases/?tab=all", "/field/cases/", "/field/"]
)
def test_a_list_costs_the_same_for_one_row_and_for_many(world, path):
    who = browser(world.lin if path.startswith("/field") else world.desk)
    assigned(world)
    few = queries(who, path)
    for _number in range(12):
        assigned(world)

    many = queries(who, path)

    assert few == many
    assert many <= (DAY_QUERIES if path == "/field/" else QUEUE_QUERIES)


@pytest.mark.parametrize(("door", "who"), [("desk", "desk"), ("desk", "lead"), ("field", "lin")])
def test_a_case_with_a_long_story_costs_no_more(world, door, who):
    case = handling.take_case(case_id=assigned(world).pk, actor=world.lin, now=clock.now())
    for number in range(8):
        handling.add_progress(
            case_id=case.pk, text=f"第 {number} 次去看", actor=world.lin, now=clock.now()
        )

    assert queries(browser(getattr(world, who)), f"/{door}/cases/{case.pk}/") <= CASE_QUERIES
