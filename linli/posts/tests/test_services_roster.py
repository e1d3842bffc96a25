"""A station is staffed: seats, fair turns, gaps, swaps with the word of both."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from linli.kernel import calendar
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.models import Station, Turn, TurnSwap
from linli.posts.rules.roster import Shift
from linli.posts.services import StationSheet
from linli.posts.tests.makers import make_post, stand_in

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 8)
DAY = timedelta(days=1)
HOURS = [Shift(weekday=day, opens_at=time(9), closes_at=time(12), needed=1) for day in range(5)] + [
    Shift(weekday=0, opens_at=time(14), closes_at=time(17), needed=2)
]


def sheet(cast, **facts) -> StationSheet:
    facts.setdefault("seats", [("社区工作者", 2), ("专职网格员", 1), ("支部成员", 3)])
    facts.setdefault("shifts", HOURS)
    return StationSheet(
        name="利源服务站", area_id=cast.community.pk, address="利源小区 1 号", **facts
    )


@pytest.fixture
def station(cast) -> Station:
    return services.create_station(sheet=sheet(cast), actor=cast.lead, now=NINE)


@pytest.fixture
def crew(cast, station):
    """Three people of the station, as actors."""
    seat = selectors.seats_of(station.pk)[2]
    found = []
    for name in ("甲", "乙", "丙"):
        account = make_account(name, area_path=cast.community.path)
        make_post(cast.office, "grid_worker", holder=account)
        services.seat_member(seat_id=seat.id, account_id=account.pk, actor=cast.lead, now=NINE)
        found.append(selectors.actor_of(account.pk, NINE))
    return found


def fill(cast, station, first=MONDAY, last=SUNDAY, now=NINE):
    return services.fill_days(
        station_id=station.pk, first_on=first, last_on=last, actor=cast.lead, now=now
    )


def put(cast, station, actor, day=MONDAY, hour=9) -> Turn:
    starts_at = datetime.combine(day, time(hour), tzinfo=calendar_zone())
    return services.put_on_duty(
        station_id=station.pk,
        starts_at=starts_at,
        account_id=actor.account_id,
        actor=cast.lead,
        now=NINE,
    )


def calendar_zone():
    from linli.kernel.clock import BEIJING

    return BEIJING


def gaps(station, first=MONDAY, count=7) -> int:
    return sum(
        slot.gap for day in selectors.roster(station, first, count, NINE) for slot in day.slots
    )


def test_one_station_six_people(cast, station):
    seats = selectors.seats_of(station.pk)
    assert [(seat.label, seat.count, seat.free) for seat in seats] == [
        ("社区工作者", 2, 2),
        ("专职网格员", 1, 1),
        ("支部成员", 3, 3),
    ]
    one, two = make_account("甲"), make_account("乙")
    services.seat_member(seat_id=seats[1].id, account_id=one.pk, actor=cast.lead, now=NINE)
    for account, seat in ((two, seats[1]), (one, seats[0])):
        with pytest.raises(Conflict):
            services.seat_member(seat_id=seat.id, account_id=account.pk, actor=cast.lead, now=NINE)
    with pytest.raises(BadInput):
        services.seat_member(
            seat_id=seats[0].id, account_id=cast.mei.account_id, actor=cast.lead, now=NINE
        )


def test_gaps_are_filled_in_fair_turns_and_what_stands_stays(cast, station, crew):
    assert gaps(station) == 7
    put(cast, station, crew[0])
    assert fill(cast, station) == (6, 0)
    assert fill(cast, station) == (0, 0)
    counts = [Turn.objects.filter(account_id=one.account_id).count() for one in crew]
    assert sorted(counts) == [2, 2, 3]
    assert gaps(station) == 0


def test_whoever_is_away_or_on_duty_elsewhere_is_left_out(cast, station, crew):
    account = [make_account("丁")]
    stand_in(make_post(cast.office), crew_account(crew[0]), account[0], NINE, NINE + 30 * DAY)
    fill(cast, station)
    assert not Turn.objects.filter(account_id=crew[0].account_id).exists()
    alone = services.create_station(
        sheet=StationSheet(
            name="红小楼", area_id=cast.community.pk, seats=[("党员", 3)], shifts=HOURS
        ),
        actor=cast.lead,
        now=NINE,
    )
    seat = selectors.seats_of(alone.pk)[0]
    services.seat_member(seat_id=seat.id, account_id=crew[1].account_id, actor=cast.lead, now=NINE)
    made, open_ = fill(cast, alone)
    busy = Turn.objects.filter(station=station, account_id=crew[1].account_id).count()
    assert (made + open_, open_) == (7, busy + 1)  # of two on Monday afternoon one is missing


def crew_account(actor):
    from linli.people.models import Account

    return Account.objects.get(pk=actor.account_id)


def test_on_a_public_holiday_nobody_is_on_duty(cast, station, crew):
    now = datetime(2026, 9, 28, 0, 0, tzinfo=UTC)
    calendar.install_known_years(first_year=2026, actor=system(cast.home.pk), now=now)
    first = date(2026, 9, 28)
    made, open_ = fill(cast, station, first, first + 13 * DAY, now)
    days = selectors.roster(station, first, 14, now)
    closed = [day for day in days if day.is_closed and day.note]
    worked = {day.day for day in days if day.slots}
    off = {day.day for day in days if not calendar.load().is_workday(day.day)}
    assert closed
    assert open_ == 0
    assert made == sum(len(slot.turns) for day in days for slot in day.slots)
    assert not worked & off


def test_without_members_there_is_nobody_to_put_on(cast, station):
    with pytest.raises(BadInput):
        fill(cast, station)
    for last in (MONDAY - DAY, MONDAY + 70 * DAY):
        with pytest.raises(BadInput):
            fill(cast, station, MONDAY, last)
    with pytest.raises(BadInput):
        put(cast, station, cast.lin)


def test_nobody_is_put_on_when_it_is_closed_or_over(cast, station, crew):
    for day, hour in ((SUNDAY, 9), (MONDAY, 10), (MONDAY - 7 * DAY, 9)):
        with pytest.raises(BadInput):
            put(cast, station, crew[0], day, hour)
    turn = put(cast, station, crew[0])
    with pytest.raises(Conflict):
        put(cast, station, crew[0])
    with pytest.raises(Conflict):
        services.take_off_duty(turn_id=turn.pk, actor=cast.lead, now=NINE + DAY)
    services.take_off_duty(turn_id=turn.pk, actor=cast.lead, now=NINE)
    assert not Turn.objects.exists()


def test_two_change_turns_with_the_word_of_both(cast, station, crew):
    mine = put(cast, station, crew[0], MONDAY + DAY)
    theirs = put(cast, station, crew[1], MONDAY + 2 * DAY)
    swap = services.ask_swap(
        turn_id=mine.pk,
        asked_of=crew[1].account_id,
        other_turn_id=theirs.pk,
        actor=crew[0],
        now=NINE,
    )
    assert [one.id for one in selectors.my_swaps(crew[1], NINE)] == [swap.pk]
    for actor in (crew[0], crew[2], cast.lead):
        with pytest.raises(NotFound):
            services.answer_swap(swap_id=swap.pk, is_agreed=True, actor=actor, now=NINE)
    services.answer_swap(swap_id=swap.pk, is_agreed=True, actor=crew[1], now=NINE)
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.account_id, theirs.account_id) == (crew[1].account_id, crew[0].account_id)
    with pytest.raises(Conflict):
        services.answer_swap(swap_id=swap.pk, is_agreed=True, actor=crew[1], now=NINE)


def test_a_swap_may_be_refused_taken_back_or_come_too_late(cast, station, crew):
    turn = put(cast, station, crew[0], MONDAY + DAY)

    def ask() -> TurnSwap:
        return services.ask_swap(
            turn_id=turn.pk, asked_of=crew[1].account_id, actor=crew[0], now=NINE
        )

    first = ask()
    with pytest.raises(Conflict):
        ask()
    services.withdraw_swap(swap_id=first.pk, actor=crew[0], now=NINE)
    second = ask()
    services.answer_swap(swap_id=second.pk, is_agreed=False, actor=crew[1], now=NINE)
    third = ask()
    # Meanwhile the asked one got a turn at that very time.
    Turn.objects.create(
        station=station,
        account_id=crew[1].account_id,
        starts_at=turn.starts_at,
        ends_at=turn.ends_at,
        created_at=NINE,
    )
    with pytest.raises(Conflict):
        services.answer_swap(swap_id=third.pk, is_agreed=True, actor=crew[1], now=NINE)
    with pytest.raises(Conflict):
        services.answer_swap(swap_id=third.pk, is_agreed=True, actor=crew[1], now=NINE + 2 * DAY)
    turn.refresh_from_db()
    assert turn.account_id == crew[0].account_id


def test_one_asks_only_for_ones_own_turn_and_colleagues(cast, station, crew):
    turn = put(cast, station, crew[0], MONDAY + DAY)
    with pytest.raises(NotFound):
        services.ask_swap(turn_id=turn.pk, asked_of=crew[2].account_id, actor=crew[1], now=NINE)
    for asked_of in (crew[0].account_id, cast.lin.account_id):
        with pytest.raises(BadInput):
            services.ask_swap(turn_id=turn.pk, asked_of=asked_of, actor=crew[0], now=NINE)
    with pytest.raises(Conflict):
        services.ask_swap(
            turn_id=turn.pk, asked_of=crew[1].account_id, actor=crew[0], now=NINE + 2 * DAY
        )


def test_whoever_leaves_frees_the_turns_to_come(cast, station, crew):
    fill(cast, station)
    member = selectors.seats_of(station.pk)[2].members[0]
    later = NINE + timedelta(hours=4)
    kept = put(cast, station, crew[2], SUNDAY + DAY)
    swap = services.ask_swap(turn_id=kept.pk, asked_of=crew[0].account_id, actor=crew[2], now=NINE)
    freed = services.unseat_member(member_id=member[0], actor=cast.lead, now=later)
    assert freed == gaps(station)
    with pytest.raises(NotFound):
        services.unseat_member(member_id=member[0], actor=cast.lead, now=later)
    # What was asked of them before puts them on duty no more.
    with pytest.raises(Conflict, match="站点"):
        services.answer_swap(swap_id=swap.pk, is_agreed=True, actor=crew[0], now=later)
    services.leave_all(account_id=crew[1].account_id, actor=system(cast.home.pk), now=later)
    assert len(selectors.member_names(station.pk)) == 1


def test_everybody_sees_who_is_on_duty_now(cast, station, crew):
    put(cast, station, crew[0])
    put(cast, station, crew[1], hour=14)
    path = cast.community.path
    now = selectors.on_duty(path, NINE)[0]
    assert (now.names, now.is_open) == (("甲",), True)
    noon = selectors.on_duty(path, NINE + timedelta(hours=4))[0]
    assert (noon.is_open, noon.opens_at) == (False, NINE + timedelta(hours=5))
    services.end_station(station_id=station.pk, actor=cast.lead, now=NINE)
    assert selectors.on_duty(path, NINE) == []


def test_only_who_keeps_rosters_sets_up_stations(cast, station):
    for actor in (cast.lin, cast.mei):
        with pytest.raises(NotAllowed):
            services.create_station(sheet=sheet(cast), actor=actor, now=NINE)
    for actor in (cast.lin, cast.away_lead, cast.zhou):
        with pytest.raises(NotFound):
            selectors.get_station(station.pk, actor)
    for facts in (
        {"seats": [("甲", 1), ("甲", 2)]},
        {"seats": [("甲", 0)]},
        {"shifts": [Shift(weekday=0, opens_at=time(9), closes_at=time(9))]},
        {"shifts": [*HOURS, Shift(weekday=0, opens_at=time(11), closes_at=time(13))]},
    ):
        with pytest.raises(BadInput):
            services.create_station(sheet=sheet(cast, **facts), actor=cast.lead, now=NINE)


def test_a_seat_with_somebody_in_it_does_not_go(cast, station, crew):
    with pytest.raises(Conflict):
        services.change_station(
            station_id=station.pk,
            sheet=sheet(cast, seats=[("社区工作者", 2)]),
            actor=cast.lead,
            now=NINE,
        )
