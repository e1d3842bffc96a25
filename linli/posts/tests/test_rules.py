"""Which rule wins, which post answers, who acts: worked out without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from linli.posts import rules
from linli.posts.rules import PostCard, RuleCard, Stay

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COMMUNITY, GRID, OTHER = "1/2/3/", "1/2/3/g1/", "1/2/4/"
ESTATE, ESTATE_2, LIN, WU = (UUID(int=n) for n in (11, 12, 21, 22))


def rule(number: int, **facts) -> RuleCard:
    facts = {
        "category_code": "", "area_path": "1/", "estate_id": None, "estate_kind": "",
        "role": "desk", "post_id": None, "organisation_id": None, "order": 100, **facts,
    }  # fmt: skip
    return RuleCard(id=UUID(int=number), **facts)


def winner(*given: RuleCard, **at) -> int | None:
    at = {
        "category_code": "litter", "area_path": GRID, "estate_id": ESTATE,
        "estate_kind": "company", **at,
    }  # fmt: skip
    found = rules.choose(given, **at)
    return found.id.int if found else None


ANY = rule(1)
CATEGORY = rule(2, category_code="litter")
DEEPER = rule(3, area_path=COMMUNITY)
KIND = rule(4, area_path=COMMUNITY, estate_kind="company")
CATEGORY_DEEPER = rule(5, category_code="litter", area_path=COMMUNITY)
OWN_ESTATE = rule(6, area_path=COMMUNITY, estate_id=ESTATE)
OWN_ESTATE_CATEGORY = rule(7, area_path=COMMUNITY, estate_id=ESTATE, category_code="litter")
ALL = (ANY, CATEGORY, DEEPER, KIND, CATEGORY_DEEPER, OWN_ESTATE, OWN_ESTATE_CATEGORY)


@pytest.mark.parametrize(
    ("given", "at", "wins"),
    [
        (ALL, {}, 7),
        (ALL, {"category_code": "noise"}, 6),
        (ALL, {"estate_id": ESTATE_2}, 5),
        (ALL, {"estate_id": ESTATE_2, "category_code": "noise"}, 4),
        (ALL, {"estate_id": None, "estate_kind": "", "category_code": "noise"}, 3),
        (ALL, {"estate_id": None, "estate_kind": "", "area_path": OTHER}, 2),
        (ALL, {"estate_id": None, "category_code": "noise", "area_path": OTHER}, 1),
        (ALL, {"area_path": "9/"}, None),
        ((), {}, None),
        ((rule(1, area_path="1/2/3/g/"),), {}, None),  # g is not the beginning of g1
        ((rule(1), rule(2, order=10)), {}, 2),
        ((rule(2), rule(1)), {}, 1),  # equals fall to the older one
    ],
)
def test_the_most_particular_rule_wins(given, at, wins):
    assert winner(*given, **at) == wins
    assert winner(*reversed(given), **at) == wins


def post(code: str, role: str = "grid_worker", **facts) -> PostCard:
    facts = {
        "name": code, "level": "grid", "area_path": GRID, "estate_id": None,
        "organisation_id": UUID(int=5), "stays": (Stay(account_id=LIN, starts_at=NINE - DAY, ends_at=None),),
        **facts,
    }  # fmt: skip
    return PostCard(id=UUID(int=abs(hash(code))), code=code, role=role, **facts)


def answers(*posts: PostCard, roles=("grid_worker",), now=NINE, **at) -> str | None:
    at = {"area_path": GRID, "estate_id": ESTATE, **at}
    found = rules.in_role(posts, roles, now=now, **at)
    return found.code if found else None


def test_the_nearest_post_of_the_role_answers():
    near, far = post("near"), post("far", area_path=COMMUNITY)
    assert answers(far, near) == "near"
    assert answers(far, near, area_path=COMMUNITY) == "far"
    assert answers(near, area_path=OTHER) is None
    assert answers(post("clerk", role="desk")) is None


def test_a_post_of_an_estate_answers_for_that_estate_only_and_before_the_areas():
    own, area = post("own", estate_id=ESTATE, area_path=COMMUNITY), post("area")
    assert answers(area, own) == "own"
    assert answers(area, own, estate_id=ESTATE_2) == "area"
    assert answers(own, estate_id=None) is None


def test_a_filled_post_answers_before_a_vacant_one_unless_it_does_not_matter():
    vacant, filled = post("a", stays=()), post("b", area_path=COMMUNITY)
    assert answers(vacant, filled) == "b"
    assert answers(vacant, filled, now=None) == "a"
    assert answers(vacant) == "a"


def test_the_first_role_asked_for_comes_first_and_equals_go_by_code():
    assert answers(post("b", role="desk"), post("a", role="lead"), roles=("desk", "lead")) == "b"
    assert answers(post("b"), post("a")) == "a"


def stay(who: UUID, since: int, until: int | None, absent: UUID | None = None) -> Stay:
    ends_at = None if until is None else NINE + until * DAY
    return Stay(account_id=who, starts_at=NINE + since * DAY, ends_at=ends_at, absent_id=absent)


@pytest.mark.parametrize(
    ("stays", "acting"),
    [
        ([], []),
        ([stay(LIN, -1, None)], [LIN]),
        ([stay(LIN, 0, 1)], [LIN]),
        ([stay(LIN, -1, 0)], []),  # the end is excluded
        ([stay(LIN, 1, None)], []),
        ([stay(LIN, -9, None), stay(WU, -1, 1, absent=LIN)], [WU]),
        ([stay(LIN, -9, None), stay(WU, 1, 2, absent=LIN)], [LIN]),
        ([stay(LIN, -9, None), stay(WU, -2, 0, absent=LIN)], [LIN]),
        ([stay(LIN, -9, None), stay(WU, -9, None), stay(WU, -1, 1, absent=LIN)], [WU]),
    ],
)
def test_substitutes_act_instead_of_the_absent(stays, acting):
    assert rules.acting(stays, NINE) == acting


@pytest.mark.parametrize(
    ("level", "above"),
    [
        ("home", ("grid", "estate", "community", "subdistrict", "district")),
        ("grid", ("estate", "community", "subdistrict", "district")),
        ("community", ("subdistrict", "district")),
        ("district", ()),
    ],
)
def test_the_ladder_goes_up_to_the_district(level, above):
    assert rules.rungs_above(level) == above


def test_a_path_has_its_areas():
    assert rules.prefixes("1/2/3/") == ["1/", "1/2/", "1/2/3/"]
    assert rules.prefixes("") == []


def test_the_three_offices_are_known():
    assert rules.offices_in(["kernel.audit", "cases.view"]) == {"kernel.audit"}
    assert rules.offices_in([]) == set()
