"""Campaigns of the demo: one that ended with the counts of the text, and those that run."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any, Final

from linli.blueprints.demo import doors, drawing
from linli.blueprints.demo.world import Action, World
from linli.campaigns.selectors import campaigns, ground, lists
from linli.campaigns.selectors.lists import Asked
from linli.campaigns.services import gathering, importing, planning, working
from linli.campaigns.services.gathering import EntrySheet
from linli.campaigns.services.planning import CampaignSheet
from linli.cases.selectors import queue as queues
from linli.cases.selectors.conditions import Question
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.places import selectors as places
from linli.posts import selectors as posts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# The tenant of each story; what is cleared by kind, as the text counts it (S1 1.4).
CLEARED: Final = {"gy": {"dump": 31, "dead_car": 23, "stall": 12, "plot": 25}}
RUNNING: Final = {
    "gy": ("楼道和空地堆物回头看", {"dump": 9, "dead_car": 4, "fire": 3}),
    "wjq": ("楼道堆物和背阴积冰清理", {"dump": 8, "snow": 5, "dead_car": 2}),
}
_BODIES: Final = {
    "gy": ("housing", "urban", "police", "market", "firedept"),
    "wjq": ("urban", "police", "firedept"),
}
_SPOTS: Final = {
    "dump": ("单元门口旧家具", "楼后空地建筑垃圾", "楼道纸箱和旧桌椅", "车棚旁废纸板"),
    "dead_car": ("灰色面包车，胎都瘪了", "没牌照的三轮车", "落满灰的小轿车", "锈死的电动车"),
    "stall": ("早点摊占了人行道", "水果摊占路", "修鞋摊挡出口"),
    "plot": ("草坪改成了菜地", "花坛里种了葱", "围起来种豆角"),
    "fire": ("消防通道停了车", "飞线从二楼拉下来"),
    "snow": ("单元门口冰没铲", "坡道背阴结冰"),
}
_SCENES: Final = {
    "dump": "corridor", "dead_car": "cars", "stall": "stall", "plot": "tree", "fire": "wires",
    "snow": "snow",
}  # fmt: skip


def plan(world: World) -> None:
    """Let the campaigns and meetings of a tenant happen, where its text tells of them."""
    code, rng = world.tenant.code, Random(f"{world.tenant.code} campaigns")
    main = doors.main_community()
    if main is None:
        return
    if code in CLEARED:
        world.at(_morning(world.now - 38 * DAY), _finished(world, main, CLEARED[code], rng))
    if code in RUNNING:
        world.at(_morning(world.now - 2 * DAY), _running(world, main, *RUNNING[code], rng))


def _morning(moment: datetime) -> datetime:
    return datetime.combine(clock.local(moment).date(), time(8, 20), tzinfo=clock.BEIJING)


def _team(world: World, area: Any, at: datetime) -> tuple[Actor | None, Actor | None]:
    return world.staff.in_role("desk", area.path, at), world.staff.in_role("lead", area.path, at)


def _planned(world: World, area: Any, title: str, days: int, at: datetime) -> Any:
    """Plan a campaign with the micro-communities as parts, the departments as its team."""
    desk, lead = _team(world, area, at)
    today = clock.local(at).date()
    sheet = CampaignSheet(
        title=title,
        starts_on=today,
        ends_on=today + timedelta(days=days),
        meet="09:00 党群服务站门口",
        note="一人记、一人拍，前后各一张；商户先劝后清，不收东西。",
    )
    planner = desk or lead
    assert planner is not None
    who: dict[str, Any] = {"actor": planner, "now": at}
    campaign = planning.plan_campaign(community_id=area.pk, sheet=sheet, **who)
    parts = [
        planning.add_part(campaign_id=campaign.pk, area_id=one.pk, **who)
        for one in places.areas_below(area.path)
        if one.kind == "micro"
    ]
    bodies = [posts.find_organisation(code) for code in _BODIES.get(world.tenant.code, ())]
    for number, body in enumerate(one for one in bodies if one):
        planning.add_member(
            campaign_id=campaign.pk, organisation_id=body.pk, is_lead=number == 0, **who
        )
    for part in parts:
        post = posts.post_in("grid_worker", area_path=part.area.path, estate_id=None)
        if post and post.post_id:
            planning.add_member(
                campaign_id=campaign.pk, post_id=post.post_id, part_id=part.pk, is_lead=True, **who
            )
    return planning.move_campaign(campaign_id=campaign.pk, state="running", **who)


def _table(area: Any, counts: dict[str, int], rng: Random) -> bytes:
    """Return the list as the community kept it before: a table of kinds and places."""
    kinds = {one.code: one.name for one in campaigns.kinds()}
    options = [
        f"{group}{label}"
        for group, rows in ground.choices(area.pk)
        for value, label in rows
        if value.startswith("building:")
    ]
    lines, number = ["类型,地点,说明"], 0
    for code, count in counts.items():
        for place in rng.sample(options, count):
            number += 1
            lines.append(f"{kinds[code]},{place},{rng.choice(_SPOTS[code])}（{number}）")
    return "\n".join(lines).encode()


def _finished(world: World, area: Any, counts: dict[str, int], rng: Random) -> Action:
    def run(at: datetime) -> None:
        campaign = _planned(world, area, "综合执法进小区集中整治", 4, at)
        desk, lead = _team(world, area, at)
        planner = desk or lead
        assert planner is not None
        kept = importing.prepare_import(
            campaign_id=campaign.pk, file_name="微网格问题整治清单.csv",
            content=_table(area, counts, rng), actor=planner, now=at,
        )  # fmt: skip
        importing.confirm_import(import_id=kept.pk, actor=planner, now=at)
        moment = at + HOUR
        for entry in lists.all_entries(campaign, Asked()):
            moment += timedelta(minutes=rng.randint(3, 7))
            _settle(world, entry, moment, rng, with_before=entry.number % 9 == 0)
        planning.move_campaign(
            campaign_id=campaign.pk, state="ended", actor=planner, now=at + 4 * DAY,
            summary="五个部门进小区，商户和车主大多当场配合，居民一致说好。",
        )  # fmt: skip

    return run


def _settle(
    world: World, entry: Any, at: datetime, rng: Random, *, with_before: bool = True
) -> None:
    worker = world.staff.in_role("grid_worker", entry.area_path, at)
    if worker is None:
        return
    scene = _SCENES[entry.kind.code]
    variant = rng.randint(0, 1)
    before = drawing.picture(scene, is_after=False, variant=variant) if with_before else None
    after = drawing.picture(scene, is_after=True)
    working.settle_entry(
        entry_id=entry.pk, before=(before,) if before else (), after=(after,) if after else (),
        actor=worker, now=at,
    )  # fmt: skip


def _running(world: World, area: Any, title: str, counts: dict[str, int], rng: Random) -> Action:
    def run(at: datetime) -> None:
        campaign = _planned(world, area, title, 4, at)
        desk, _lead = _team(world, area, at)
        if desk is None:
            return
        kept = importing.prepare_import(
            campaign_id=campaign.pk, file_name="巡查清单.csv", content=_table(area, counts, rng),
            actor=desk, now=at,
        )  # fmt: skip
        importing.confirm_import(import_id=kept.pk, actor=desk, now=at)
        _add_open_cases(campaign, desk, at)
        world.at(at + 3 * HOUR, lambda moment: _first_day(world, campaign, moment, rng))
        world.at(at + 26 * HOUR, lambda moment: _second_day(world, campaign, moment, rng))

    return run


def _add_open_cases(campaign: Any, desk: Actor, at: datetime) -> None:
    """Put what residents reported lately on the list: the same dumps, with a number of a case."""
    codes = {one.category_code for one in campaigns.kinds() if one.code in ("dump", "dead_car")}
    page = queues.queue(Question(community_id=campaign.community_id), desk, at)
    fitting = [
        one.pk
        for one in queues.cases_of(page)
        if one.category.code in codes and one.is_open and not one.is_confidential
    ]
    if fitting:
        gathering.add_cases(
            campaign_id=campaign.pk, case_ids=fitting[-4:], kind_id=None, actor=desk, now=at
        )


def _first_day(world: World, campaign: Any, at: datetime, rng: Random) -> None:
    rows = lists.all_entries(campaign, Asked(state="open"))
    for number, entry in enumerate(rows[: len(rows) // 3]):
        _settle(world, entry, at + timedelta(minutes=6 * number), rng)


def _second_day(world: World, campaign: Any, at: datetime, rng: Random) -> None:
    desk = world.staff.in_role("desk", campaign.area_path, at) or world.staff.system
    rows = lists.all_entries(campaign, Asked(state="open"))
    cars = [one for one in rows if one.kind.code == "dead_car" and one.case_id is None]
    worker = world.staff.in_role("grid_worker", campaign.area_path, at) or desk
    if len(cars) > 1:
        working.hand_entry(
            entry_id=cars[0].pk, text="车主联系不上，请交警查一下车主。", actor=worker, now=at
        )
        working.give_up_entry(
            entry_id=cars[1].pk, reason="车主住院，家属说下周来挪。", actor=worker, now=at
        )
    done = {one.pk for one in cars[:2]}
    for number, entry in enumerate([one for one in rows if one.pk not in done][:3]):
        _settle(world, entry, at + timedelta(minutes=8 * number), rng)
    sheet = EntrySheet(
        kind_id=rows[0].kind_id, spot="巷口配电箱旁", text="又堆了两车装修垃圾", count=2
    )
    gathering.add_entry(
        campaign_id=campaign.pk, sheet=sheet, key="site", gathered="site",
        actor=worker, now=at,
    )  # fmt: skip
