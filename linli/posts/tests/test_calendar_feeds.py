"""A roster in one's own calendar: a secret address, taken back when it went too far."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from linli.kernel import clock
from linli.people.models import Account
from linli.posts import selectors, services
from linli.posts.models import CalendarFeed, Station, StationMember, Turn
from linli.posts.tests.makers import account_of

DAY = timedelta(days=1)


@pytest.fixture
def station(cast) -> Station:
    """A station with Lin and the desk on duty together tomorrow, Lin alone the day after."""
    now = clock.now()
    sheet = services.StationSheet(
        name="利源服务站", area_id=cast.community.pk, address="利源小区 1 号", seats=[("网格员", 3)]
    )
    station = services.create_station(sheet=sheet, actor=cast.lead, now=now)
    seat = selectors.seats_of(station.pk)[0]
    for who in (cast.lin, cast.desk):
        services.seat_member(seat_id=seat.id, account_id=who.account_id, actor=cast.lead, now=now)
    for who, day in ((cast.lin, 1), (cast.desk, 1), (cast.lin, 2)):
        Turn.objects.create(
            station=station, account_id=who.account_id, starts_at=now + day * DAY,
            ends_at=now + day * DAY + timedelta(hours=3), created_at=now,
        )  # fmt: skip
    return station


def address(page) -> str:
    return page.context["feed"]["path"]


def events_of(path: str):
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_ones_own_turns_are_fetched_without_signing_in_until_taken_back(cast, sign_in, station):
    phone = sign_in("lin")
    assert "生成日历地址" in phone.get("/field/turns/").content.decode()
    for _twice in range(2):
        phone.post(reverse("posts:own_feed"))
    path = address(phone.get("/field/turns/"))
    first, second = events_of(path)
    assert (str(first["summary"]), str(first["location"])) == ("值班：利源服务站", "利源小区 1 号")
    assert account_of(cast.desk).name in str(first["description"])
    assert "description" not in second
    assert second["dtend"].dt - second["dtstart"].dt == timedelta(hours=3)
    feed = CalendarFeed.objects.get()
    assert sign_in("desk").post(reverse("posts:feed_ending", args=[feed.pk])).status_code == 404
    phone.post(reverse("posts:feed_ending", args=[feed.pk]))
    assert Client().get(path).status_code == 404
    phone.post(reverse("posts:own_feed"))
    assert address(phone.get("/field/turns/")) != path


def test_a_stations_calendar_is_for_its_keeper_and_its_people(cast, sign_in, station):
    desk = sign_in("lead")
    desk.post(reverse("posts:station_feed", args=[station.pk]))
    page = reverse("posts:station", args=[station.pk])
    assert desk.get(f"{page}?week=9999-12-31").status_code == 404
    both, alone = events_of(address(desk.get(page)))
    names = [account_of(cast.lin).name, account_of(cast.desk).name]
    assert sorted(str(both["summary"]).split("、")) == sorted(names)
    assert str(alone["summary"]) == names[0]
    for who in ("zhou", "away_lead", "property"):
        answer = sign_in(who).post(reverse("posts:station_feed", args=[station.pk]))
        assert answer.status_code == 404, who
    sign_in("lin").post(reverse("posts:station_feed", args=[station.pk]))
    own = CalendarFeed.objects.get(account_id=cast.lin.account_id)
    path = reverse("posts:calendar", args=[selectors.feed_token(own, cast.home.code)])
    assert len(events_of(path)) == 2
    # Who left the station, or the house, reads nothing more.
    StationMember.objects.filter(account_id=cast.lin.account_id).update(ends_at=clock.now())
    assert Client().get(path).status_code == 404
    keeper = CalendarFeed.objects.get(account_id=cast.lead.account_id)
    path = reverse("posts:calendar", args=[selectors.feed_token(keeper, cast.home.code)])
    Account.objects.filter(pk=cast.lead.account_id).update(ended_at=clock.now())
    assert Client().get(path).status_code == 404


def test_an_address_that_we_did_not_sign_shows_nothing(cast):
    for token in ("wjq.abc", f"{cast.home.code}.{'A' * 40}", "x"):
        assert Client().get(reverse("posts:calendar", args=[token])).status_code == 404
