"""Posts in the demo: who is on duty at the stations, keys that posts keep, a post that changes hands,
allowances settled by the month.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from linli.blueprints.demo import doors
from linli.blueprints.demo.world import Action, World
from linli.kernel import clock
from linli.kernel.errors import DomainError
from linli.posts import selectors as posts
from linli.posts import services

if TYPE_CHECKING:
    from linli.places.models import Area

DAY: Final = timedelta(days=1)
KEPT: Final = (
    ("key", "楼道配电间钥匙", 2, "在服务站抽屉里"),
    ("key", "宣传栏钥匙", 1, ""),
    ("agreement", "和物业的每周联合巡查约定", 1, "每周三上午"),
    ("device", "对讲机", 1, ""),
)
REMARKS: Final = ("打过两次电话，晚上才有人", "钥匙在服务站，问值班的人拿", "说好下周再去一趟")
# Roles that sit in a station, by what its seats are called.
SEATED: Final = {
    "社区工作者": ("desk", "mediator", "lead"),
    "专职网格员": ("grid_worker",),
    "支部成员": ("building_head", "grid_worker"),
    "值班党员": ("grid_worker", "building_head"),
    "调解员": ("mediator", "desk"),
}


def plan(world: World) -> None:
    """Let stations be staffed, a post be handed over and months be settled."""
    area = doors.main_community()
    if area is None:
        return
    world.at(world.start + DAY, _staff_stations(world, area))
    world.at(world.start + 2 * DAY, _read_duties(world, area))
    world.at(world.now - 3 * DAY, _keep_things(world, area))
    world.at(world.now - 2 * DAY, _hand_over(world, area))
    world.at(world.now - timedelta(hours=5), _settle(world))


def _staff_stations(world: World, area: "Area") -> Action:
    def staff(at: datetime) -> None:
        actor = world.staff.system
        lines = posts.post_lines(actor, at, area_path=area.path, with_below=True)
        used: set[UUID] = set()
        for station in posts.station_lines(actor, area.path, at):
            for seat in posts.seats_of(station.row.pk):
                roles = SEATED.get(seat.label, ("grid_worker",))
                free = [one for one in _in_roles(lines, roles) if one not in used]
                for account_id in free[: seat.count]:
                    used.add(account_id)
                    services.seat_member(
                        seat_id=seat.id, account_id=account_id, actor=actor, now=at
                    )
            if posts.member_names(station.row.pk):
                _fill(world, station.row.pk, at)

    return staff


def _in_roles(lines: Iterable[posts.PostLine], roles: tuple[str, ...]) -> list[UUID]:
    """Return who holds a post of these roles, in the order of the roles."""
    found = [
        term.account_id
        for role in roles
        for line in lines
        if line.role == role
        for term in line.terms
    ]
    return list(dict.fromkeys(found))


def _fill(world: World, station_id: UUID, at: datetime) -> None:
    """Fill the weeks around today; what lies far back nobody looks at."""
    today = clock.local(world.now).date()
    services.fill_days(
        station_id=station_id,
        first_on=today - 7 * DAY,
        last_on=today + 9 * DAY,
        actor=world.staff.system,
        now=at,
    )


def _read_duties(world: World, area: "Area") -> Action:
    """Return the action of everybody reading what their post answers for, but for the last ones."""

    def read(at: datetime) -> None:
        lines = posts.post_lines(world.staff.system, at, area_path=area.path, with_below=True)
        written = [one for one in lines if one.written_duties and one.terms]
        for line in written[:-2]:
            for term in line.terms:
                services.acknowledge_duties(
                    post_id=line.id,
                    wording_hash=posts.hash_of(line.written_duties),
                    actor=posts.actor_of(term.account_id, at),
                    now=at,
                )

    return read


def _keep_things(world: World, area: "Area") -> Action:
    def keep(at: datetime) -> None:
        actor = world.staff.system
        lines = posts.post_lines(actor, at, area_path=area.path, with_below=True)
        for line in [one for one in lines if one.role == "grid_worker"][-3:]:
            for kind, name, count, note in KEPT:
                services.keep_belonging(
                    post_id=line.id,
                    kind=kind,
                    name=name,
                    count=count,
                    note=note,
                    actor=actor,
                    now=at,
                )

    return keep


def _hand_over(world: World, area: "Area") -> Action:
    """Return the action of the last grid's worker leaving; the one next door takes over."""

    def leave(at: datetime) -> None:
        actor = world.staff.system
        lines = posts.post_lines(actor, at, area_path=area.path, with_below=True)
        grids = [one for one in lines if one.role == "grid_worker" and one.terms]
        if len(grids) < 3:
            return
        going, coming = grids[-1].terms[0], grids[-2].terms[0]
        with suppress(DomainError):
            services.end_holding(
                holding_id=going.holding_id,
                ends_at=world.now + 4 * DAY,
                incoming_id=coming.account_id,
                actor=actor,
                now=at,
            )
            _sign(going.account_id, at)
        world.staff.forget()

    return leave


def _sign(account_id: UUID, at: datetime) -> None:
    """Let the one who leaves sign, with a word on some lines."""
    own = posts.actor_of(account_id, at)
    for row in posts.waiting_for(own):
        packet = posts.get_packet(row.pk, own, at)
        remarks = {
            line.pk: REMARKS[number % len(REMARKS)]
            for number, line in enumerate(packet.left)
            if number % 3 == 0
        }
        services.sign_outgoing(handover_id=row.pk, remarks=remarks, actor=own, now=at)


def _settle(world: World) -> Action:
    """Return the action of settling the months of every allowance that are over."""

    def settle(at: datetime) -> None:
        keepers = posts.accounts_with("posts.manage", "", at)
        for rule in posts.allowance_rules(world.staff.system, ""):
            who = posts.accounts_with("posts.manage", rule.area.path, at) or keepers
            if not who:
                continue
            actor = posts.actor_of(who[0], at)
            last = services.last_month(at)
            months = [one for one in posts.months_to_choose(rule, last) if one <= last][:3]
            for month in sorted(months):
                with suppress(DomainError):
                    services.freeze_month(rule_id=rule.pk, month_on=month, actor=actor, now=at)

    return settle
