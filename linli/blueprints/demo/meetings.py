"""The meeting of the three parties in the demo, held on the fifth of every month, and its three lists."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from linli.blueprints.demo import doors
from linli.blueprints.demo.world import Action, World
from linli.campaigns.services import dockets, matters
from linli.campaigns.services.dockets import DocketSheet, MatterSheet
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.posts import selectors as posts

DAY = timedelta(days=1)
MEETINGS: Final = "ax"  # the tenant whose text tells of it (S5 5.2)
# What the three parties talk about: problem, who answers, measure, days, how far after a month.
_PROBLEMS: Final = (
    ("东门道闸常坏，早高峰堵车", "property_w1", "更换道闸电机，备一个手动杆", 20, "account"),
    ("3 号楼电梯按键失灵", "property_w1", "联系维保换按键板", 10, "written"),
    ("充电桩位不够，飞线又冒出来", "property_w2", "加装十个充电位，飞线当场拆", 45, "open"),
    ("草坪踩秃了三处", "property_cs", "补种麦冬，加一道绿篱", 30, "account"),
    ("公共收益账目没贴出来", "property_w1", "每季度第一周贴公示栏，业委会签字", 25, "shown"),
    ("夜里装修噪声没人管", "property_w2", "保安夜间巡两次，登记装修时间", 15, "account"),
    ("地下车库有积水", "property_cs", "清两处地漏，换一台水泵", 20, "open"),
    ("路口缺反光镜", "urban", "城管现场看过，加装两面", 40, "open"),
)
_RAISERS: Final = ("业主代表 周一宁", "业委会委员 林安", "楼栋党小组长 苏平")


def plan(world: World) -> None:
    """Let the meetings of the last three months be held, where the text tells of them."""
    main = doors.main_community()
    if world.tenant.code != MEETINGS or main is None:
        return
    for number, held_on in enumerate(_fifths(clock.local(world.now).date())):
        at = datetime.combine(held_on, time(9, 30), tzinfo=clock.BEIJING)
        world.at(at, _meeting(world, main, held_on, number))


def _fifths(today: date) -> list[date]:
    """Return the last three fifths of a month, oldest first (S5 5.2)."""
    found: list[date] = []
    day = today
    while len(found) < 3:
        if day.day == 5:
            found.append(day)
        day -= DAY
    return found[::-1]


def _meeting(world: World, area: Any, held_on: date, number: int) -> Action:
    """Return the action of a fifth: what is open comes along, three more problems each time."""

    def meet(at: datetime) -> None:
        desk = world.staff.in_role("desk", area.path, at)
        lead = world.staff.in_role("lead", area.path, at)
        if desk is None or lead is None:
            return
        docket, _is_new = dockets.open_docket(
            community_id=area.pk,
            sheet=DocketSheet(
                kind="meeting", series="三方联席会", held_on=held_on,
                next_on=_following(held_on), place="和邻话室", people="社区、业委会、物业",
            ),
            actor=desk, now=at,
        )  # fmt: skip
        for at_number, row in enumerate(_PROBLEMS[3 * number : 3 * number + 3]):
            matter = _raise(docket, row, at_number, desk, at)
            if number < 2:
                world.at(at + 12 * DAY, _follow(world, matter, row[4], desk, lead))

    return meet


def _following(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=5)


def _raise(docket: Any, row: Any, number: int, desk: Actor, at: datetime) -> Any:
    problem, code, measure, days, fate = row
    body = posts.find_organisation(code)
    is_own = fate == "account"
    return dockets.raise_matter(
        docket_id=docket.pk,
        sheet=MatterSheet(
            problem=problem, is_own=is_own, measure=measure,
            raised_name="" if is_own else _RAISERS[number % len(_RAISERS)],
            organisation_id=body.pk if body else None, due_on=docket.held_on + timedelta(days=days),
        ),
        key=f"meeting:{problem}", actor=desk, now=at,
    )  # fmt: skip


def _follow(world: World, matter: Any, fate: str, desk: Actor, lead: Actor) -> Action:
    def follow(at: datetime) -> None:
        if fate == "open":
            return
        hands = world.staff.holding(None, matter.organisation_id, at) or desk
        one: dict[str, Any] = {"matter_id": matter.pk}
        matters.show_matter(
            evidence=f"{matter.measure}，已完成，现场看过。", actor=hands, now=at, **one
        )
        if fate == "account":
            matters.say_word(is_done=True, word="看过了，好了。", actor=desk, now=at + DAY, **one)
        elif fate == "written":
            matters.write_word(
                name=matter.raised_name, is_done=True, word="好用了，谢谢。", actor=desk,
                now=at + DAY, **one,
            )  # fmt: skip
            matters.check_word(actor=lead, now=at + DAY, **one)

    return follow
