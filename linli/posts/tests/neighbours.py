"""What the gates find at the pages of posts: a packet, a station with a swap, an allowance."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.models import Tenant
from linli.people.tests.makers import make_account
from linli.posts import selectors, services
from linli.posts.models import Handover, Turn
from linli.posts.rules.roster import Shift
from linli.posts.selectors.feeds import feed_token
from linli.posts.tests.makers import hold

DAY = timedelta(days=1)


def post_things(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    """Return ids for the addresses of posts, made by the services as the keeper."""
    return {
        **_handover(world, keeper),
        **_station(world, keeper),
        **_allowance(world, keeper),
    }


def _handover(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    now = clock.now()
    holding = hold(world.grid_post, make_account("孔", area_path=world.community.path))
    kept = services.keep_belonging(
        post_id=world.grid_post.pk, kind="key", name="水表间钥匙", actor=keeper, now=now
    )
    services.end_holding(holding_id=holding.pk, ends_at=now + DAY, actor=keeper, now=now)
    return {
        "belonging_id": kept.pk,
        "handover_id": Handover.objects.get(holding_id=holding.pk).pk,
    }


def _station(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    now = clock.now()
    nine, five = clock.local(now).time().replace(hour=9), clock.local(now).time().replace(hour=17)
    sheet = services.StationSheet(
        name="利源服务站",
        area_id=world.community.pk,
        seats=[("社区工作者", 2)],
        shifts=[Shift(weekday=day, opens_at=nine, closes_at=five) for day in range(7)],
        is_open_on_holidays=True,
    )
    station = services.create_station(sheet=sheet, actor=keeper, now=now)
    seat = selectors.seats_of(station.pk)[0]
    who = [
        services.seat_member(seat_id=seat.id, account_id=one, actor=keeper, now=now)
        for one in (keeper.account_id, world.lin.account_id)
        if one
    ]
    day = clock.local(now).date() + DAY
    services.fill_days(
        station_id=station.pk, first_on=day, last_on=day + DAY, actor=keeper, now=now
    )
    mine = Turn.objects.get(station=station, account_id=keeper.account_id)
    swap = services.ask_swap(turn_id=mine.pk, asked_of=world.lin.account_id, actor=keeper, now=now)
    feed = services.open_feed(actor=keeper, now=now)
    return {
        "feed_id": feed.pk,
        "posts:calendar": {"token": feed_token(feed, Tenant.objects.get(pk=keeper.tenant_id).code)},
        "station_id": station.pk,
        "member_id": who[0].pk,
        "turn_id": mine.pk,
        "swap_id": swap.pk,
    }


def _allowance(world: SimpleNamespace, keeper: Actor) -> dict[str, Any]:
    now = clock.now()
    data = services.AllowanceData(
        label="网格员补贴",
        area_id=world.community.pk,
        role="grid_worker",
        monthly_fen=80_000,
        starts_on=clock.local(now).date() - 90 * DAY,
    )
    rule = services.set_allowance(data=data, actor=keeper, now=now)
    pages = ("allowance", "allowance_xlsx", "freezing", "allowance_ending")
    return {f"posts:{name}": {"rule_id": rule.pk} for name in pages}
