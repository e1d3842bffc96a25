"""The day on the phone: one list from all rooms, and the same as a package to keep."""

from datetime import datetime, timedelta

import pytest

from linli.cases.models import Case, Photo
from linli.cases.services import desk, handling
from linli.cases.tests.makers import make_case, make_neighbourhood
from linli.field.selectors import day, today
from linli.field.selectors.day import Card
from linli.kernel import clock
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home):
    found = make_neighbourhood()
    now = clock.now()
    for number in range(3):
        case = make_case(found, at=now, text=f"第 {number} 处垃圾。", key=f"k{number}")
        desk.assign_case(case_id=case.pk, post_id=found.grid_post.pk, actor=found.desk, now=now)
        if number:
            handling.take_case(case_id=case.pk, actor=found.lin, now=now)
    found.phone = sign_in(found.lin.account_id, found.lin.tenant_id)
    return found


def test_what_waits_and_what_is_to_do_stand_on_one_page(world):
    page = world.phone.get("/field/").content.decode()
    assert "待接单 1 件" in page
    assert "今天 2 件" in page
    assert "为什么在这里" in page


def test_how_much_of_the_day_is_done_stands_at_its_head(world):
    now = clock.now()
    first, second = (Case.objects.get(text__startswith=f"第 {number} 处") for number in (1, 2))
    handling.resolve_case(case_id=first.pk, text="清走了。", actor=world.lin, now=now)
    handling.add_progress(case_id=second.pk, text="去看了。", actor=world.lin, now=now)
    page = world.phone.get("/field/").content.decode()
    assert 'data-of="" data-done="1" data-all="2">1/2<' in page
    assert 'data-of="case" data-done="1" data-all="2">1/2<' in page
    tomorrow = now + timedelta(days=1)
    assert not today.done_today(world.lin, tomorrow), "each day begins at nothing"
    whole, *kinds = today.tallies([Card(key="t", kind="turn", title="", why="", link="")], {})
    assert (whole.all, whole.percent, [one.is_counted for one in kinds]) == (0, 0, [False])


def test_the_phone_is_told_which_small_photos_to_keep(world):
    case = Case.objects.get(text__startswith="第 1 处")
    photo = Photo.objects.create(
        case=case,
        stage="report",
        path="a",
        thumb_path="b",
        width=1,
        height=1,
        created_at=clock.now(),
    )
    said = world.phone.get("/field/day/").json()
    address = f"/field/cases/{case.pk}/photos/{photo.pk}/thumb/"
    assert said["photos"] == [address]
    (html,) = (card["html"] for card in said["cards"] if str(case.pk) in card["link"])
    assert f'data-kept-as="{address}"' in html
    assert "有 1 张照片" in html


def test_a_broken_room_is_said_and_the_rest_is_there(world, monkeypatch, caplog):
    def broken(actor, now):
        raise RuntimeError("no table")

    monkeypatch.setattr(day, "_PROVIDERS", day.providers() | {"care": broken})
    page = world.phone.get("/field/")
    assert page.status_code == 200
    assert "有一部分单子现在读不出来" in page.content.decode()
    assert "今天 2 件" in page.content.decode()


def test_the_package_has_the_page_every_card_and_its_end(world, django_assert_max_num_queries):
    world.phone.get("/field/day/")
    with django_assert_max_num_queries(28):
        said = world.phone.get("/field/day/").json()
    assert "今天 2 件" in said["page"]
    links = [card["link"] for card in said["cards"]]
    assert "/field/report/" in links
    assert all('data-outbox="' in card["html"] for card in said["cards"])
    left = datetime.fromisoformat(said["until"]) - clock.now()
    assert timedelta(hours=11) < left <= timedelta(hours=12)
    assert said["account"] == str(world.lin.account_id)


def test_more_cards_cost_no_more_queries(world, monkeypatch, django_assert_max_num_queries):
    many = [
        Card(key=f"k{n}", kind="visit", title="走访", why="该去了", link=f"/field/{n}/")
        for n in range(80)
    ]
    monkeypatch.setattr(day, "_PROVIDERS", day.providers() | {"care": lambda a, n: many})
    world.phone.get("/field/day/")
    with django_assert_max_num_queries(28):
        assert len(world.phone.get("/field/day/").json()["cards"]) > 80


def test_where_i_am_orders_the_walk_and_nonsense_changes_nothing(world, monkeypatch):
    near = Card(key="n", kind="point", title="近处", why="", link="/n/", lat=34.0, lon=119.0)
    far = Card(key="f", kind="point", title="远处", why="", link="/f/", lat=35.0, lon=119.0)
    monkeypatch.setattr(day, "_PROVIDERS", {"patrols": lambda a, n: [near, far]})
    page = world.phone.get("/field/?lat=35.1&lon=119").content.decode()
    assert page.index("远处") < page.index("近处")
    for query in ("lat=x&lon=1", "lat=999&lon=1", "lat=nan&lon=1", "lat=1"):
        assert world.phone.get(f"/field/?{query}").status_code == 200


def test_signing_out_clears_what_the_browser_keeps(world):
    answer = world.phone.post("/sign-out/")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert world.phone.get("/field/day/").status_code == 302
