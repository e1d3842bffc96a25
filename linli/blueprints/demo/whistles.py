"""Whistles, questions to the rung above and group chats of the demo: some in time, some late, some open."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from linli.blueprints.demo import doors, drawing, people
from linli.blueprints.demo.world import Action, World
from linli.cases import selectors as cases
from linli.cases.selectors import arbitrations
from linli.cases.selectors import whistles as asked
from linli.cases.services import (
    arbitrating,
    chats,
    whistle_closing,
    whistle_parts,
    whistling,
)
from linli.cases.services.intake import Report, enter_case
from linli.kernel import clock, runs
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.places import selectors as places
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.cases.models import Whistle

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """One whistle: how many days ago, on what, who was called (the lead first), who stays away."""

    days: int
    kind: str
    says: str
    offices: tuple[str, ...]
    brief: str = "一起到现场，先看清再定怎么办。"
    done: str = ""  # "" while it is open
    away: tuple[str, ...] = ()
    scene: str = ""


_SHED: Final = "一楼住户在楼后搭了彩钢棚，占了消防通道。"
_STALL: Final = "傍晚流动摊位占了人行道，油烟熏得二楼开不了窗。"
TALES: Final[dict[str, tuple[Tale, ...]]] = {
    "gy": (
        Tale(days=46, kind="illegal", says=_SHED, offices=("housing", "urban", "police"),
             done="彩钢棚已拆除，通道恢复四米宽，住户签了不再搭建的承诺。", scene="shed"),
        Tale(days=31, kind="vendor", says=_STALL, offices=("urban", "market", "police"),
             done="十二个摊位劝离到便民市场，路面清洗干净。", away=("market",), scene="stall"),
        Tale(days=18, kind="fire", says="楼道里三处飞线充电，灭火器压力不够。",
             offices=("firedept", "housing"), done="飞线当场剪除，灭火器换新，充电棚月底装好。",
             scene="wires"),
        Tale(days=4, kind="vendor", says="早市散了还有摊位不走，校门口进出不便。",
             offices=("urban", "market", "police"), away=("market",), scene="stall"),
        Tale(days=1, kind="illegal", says="顶楼正在加建阳光房，材料堆在楼道。",
             offices=("housing", "urban"), away=("housing", "urban"), scene="shed"),
    ),
    "jh": (
        Tale(days=24, kind="vendor", says=_STALL, offices=("urban", "police"),
             done="摊位已劝离，设了早晚值守。", scene="stall"),
        Tale(days=2, kind="noise", says="夜里十一点还有广场音响，睡不着。", offices=("police", "urban")),
    ),
    "ax": (
        Tale(days=21, kind="illegal", says=_SHED, offices=("urban", "housing"),
             done="棚子已拆，绿地补种。", scene="shed"),
    ),
    "dq": (
        Tale(days=16, kind="gas", says="楼道里有股燃气味，好几户都闻到了。", offices=("gas", "housing"),
             done="查到一处接头松动，已换新并逐户检漏。"),
    ),
    "wjq": (
        Tale(days=12, kind="heating", says="整个单元暖气不热，供热站和物业各说各的。",
             offices=("property_dc", "property_qh", "red_team"), done="分水器换了滤网，各户回水都热了。"),
    ),
}  # fmt: skip


def plan(world: World) -> None:
    """Let the whistles of a tenant be blown, where its text tells of them, and two questions go up."""
    rng, main = Random(f"{world.tenant.code} whistles"), doors.main_community()
    if main is None:
        return
    for tale in TALES.get(world.tenant.code, ()):
        world.at(_morning(world.now - tale.days * DAY, rng), _blow(world, main, tale, rng))
    for days, is_answered in ((27, True), (2, False)):
        moment = _morning(world.now - days * DAY, rng)
        world.at(moment, _ask(world, main, rng, is_answered=is_answered))
    world.at(_morning(world.now - DAY, rng), _paste(world, main, rng))


def _morning(moment: datetime, rng: Random) -> datetime:
    at = time(9, rng.randrange(60))
    return datetime.combine(clock.local(moment).date(), at, tzinfo=clock.BEIJING)


def _report(main: Any, kind: str, says: str, source: Any) -> Report:
    known = [one for one in cases.active_categories() if not one.is_confidential]
    category = next((one for one in known if one.code == kind), known[0])
    building = next(iter(places.buildings_of(main.pk)), None)
    where = places.where_of(
        community_id=main.pk, building_id=building.pk if building is not None else None
    )
    return Report(category_id=category.pk, text=says, where=where, source=source, key=str(new_id()))


def _blow(world: World, main: Any, tale: Tale, rng: Random) -> Action:
    def blow(at: datetime) -> None:
        desk = world.staff.in_role("desk", main.path, at)
        found = [posts.find_organisation(code) for code in tale.offices]
        here = {value for value, _label in asked.organisation_choices(main.path)}
        ids = [one.pk for one in found if one is not None and str(one.pk) in here]
        if desk is None or not ids:
            return
        call = whistling.Call(lead_id=ids[0], assisting=tuple(ids[1:]), words=tale.brief)
        whistle = whistling.blow_on_new(
            report=_report(main, tale.kind, tale.says, cases.Source.WHISTLE), call=call,
            photos=drawing.photos(tale.scene, rng) if tale.scene else (), actor=desk, now=at,
        )  # fmt: skip
        away = {one.pk for one in found if one is not None and one.code in tale.away}
        for number, organisation_id in enumerate(ids):
            if organisation_id not in away:
                world.at(
                    world.working(at + HOUR * (1 + number)),
                    _come(world, whistle, organisation_id, tale, rng),
                )
        if tale.done:
            world.at(world.working(at + 4 * DAY), _close(world, whistle, desk, tale, rng))

    return blow


def _part(whistle: "Whistle", organisation_id: UUID) -> Any:
    return next(one for one in asked.parts_of(whistle.pk) if one.organisation_id == organisation_id)


def _come(
    world: World, whistle: "Whistle", organisation_id: UUID, tale: Tale, rng: Random
) -> Action:
    def come(at: datetime) -> None:
        actor = world.staff.holding(None, organisation_id, at)
        if actor is None:
            return
        part = _part(whistle, organisation_id)
        here = whistle_parts.Here(place="社区门口集合")
        whistle_parts.report_in(part_id=part.pk, here=here, actor=actor, now=at)
        world.at(world.working(at + HOUR), _work(world, part, actor, tale, rng))

    return come


def _work(world: World, part: Any, actor: Actor, tale: Tale, rng: Random) -> Action:
    def work(at: datetime) -> None:
        shots = drawing.photos(tale.scene, rng) if tale.scene else ()
        if shots:
            whistle_parts.arrive(part_id=part.pk, photos=shots, actor=actor, now=at)
        if tale.done and not part.is_lead:
            world.at(world.working(at + 3 * HOUR), finish)

    def finish(at: datetime) -> None:
        whistle_parts.finish_part(
            part_id=part.pk,
            text="到现场看过，该我们办的办完了，已告诉牵头单位。",
            actor=actor,
            now=at,
        )

    return work


def _close(world: World, whistle: "Whistle", desk: Actor, tale: Tale, rng: Random) -> Action:
    def close(at: datetime) -> None:
        parts = asked.parts_of(whistle.pk)
        lead = next(one for one in parts if one.is_lead)
        actor = world.staff.holding(None, lead.organisation_id, at) or desk
        missing = {one.pk: "几次催办都没有人来，已报街道督办。" for one in parts if not one.is_lead}
        whistle_closing.close_whistle(
            whistle_id=whistle.pk, text=tale.done, missing=missing, actor=actor, now=at,
            after=drawing.photos(tale.scene, rng, is_after=True) if tale.scene else (),
        )  # fmt: skip
        for one in asked.parts_of(whistle.pk):
            came = one.state == "done"
            whistle_closing.score_part(
                part_id=one.pk, score=3 if came else 1, remark="" if came else "没有来。",
                actor=desk, now=at,
            )  # fmt: skip

    return close


def _ask(world: World, main: Any, rng: Random, *, is_answered: bool) -> Action:
    def ask(at: datetime) -> None:
        desk = world.staff.in_role("desk", main.path, at)
        above = world.staff.in_role("subdistrict", main.path, at)
        known = arbitrations.clauses()
        if desk is None or not known:
            return
        clause = known[0] if is_answered else known[-1]
        report = _report(
            main, "property", f"{clause.title}：社区跑了两趟，定不下来。", cases.Source.WALK_IN
        )
        case, _is_new = enter_case(report=report, actor=desk, now=at)
        row = arbitrating.ask_arbitration(
            case_id=case.pk, clause_id=clause.pk, text="职责清单里写明由主管部门认定，社区没有权限。",
            actor=desk, now=at,
        )  # fmt: skip
        if is_answered and above is not None:
            world.at(world.working(at + DAY * rng.choice((1, 2))), _answer(row.pk, above))

    return ask


def _answer(arbitration_id: UUID, above: Actor) -> Action:
    def answer(at: datetime) -> None:
        words = "情况属实，由街道协调主管部门，社区先做好解释和看护。"
        said = arbitrating.Answer(outcome="stay", text=words)
        arbitrating.answer_arbitration(
            arbitration_id=arbitration_id, answer=said, actor=above, now=at
        )

    return answer


def _paste(world: World, main: Any, rng: Random) -> Action:
    def paste(at: datetime) -> None:
        desk = world.staff.in_role("desk", main.path, at)
        if desk is None:
            return
        own = next(
            (one for one in places.estates_of(main.pk) if places.buildings_of(main.pk, one.pk)),
            None,
        )
        _kept, run = chats.paste_chat(
            community_id=main.pk, group_name="邻里互助群", text=_chat(main, own, at, rng),
            estate_id=own.pk if own else None, actor=desk, now=at, key=str(new_id()),
        )  # fmt: skip
        runs.carry_here(run, at, lambda: None)

    return paste


def _chat(main: Any, own: Any, at: datetime, rng: Random) -> str:
    held = places.buildings_of(main.pk, own.pk if own else None)
    buildings = [one.name for one in held][:3] or ["3号楼"]
    names = [people.name(rng) for _number in range(5)]
    said = (
        f"{buildings[0]}楼道灯又不亮了，晚上看不见😡", "我家也是，黑了两天了[捂脸]", "早上好[玫瑰]",
        "[图片]", f"{buildings[-1]}门口垃圾堆了三天没人清", "收到👌", "南门口路上积水，孩子上学得绕",
        "谢谢社区🙏",
    )  # fmt: skip
    start = clock.local(at - 2 * HOUR)
    return "\n".join(
        f"{rng.choice(names)} {start + number * timedelta(minutes=7):%Y-%m-%d %H:%M}\n{words}"
        for number, words in enumerate(said)
    )
