"""What stories about whistles need: departments with somebody in them, the rung above, a clause."""

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from linli.cases.models import Case, Clause, PartPhoto, Whistle, WhistlePart
from linli.cases.services import arbitrating, chats, whistle_closing, whistle_parts, whistling
from linli.cases.services.whistle_parts import Here
from linli.cases.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_case,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.cases.tests.test_resident_pages import photo
from linli.kernel import clock, memory, pictures, runs
from linli.places import selectors as places
from linli.posts import selectors as posts
from linli.posts.models import Holding, PostDuty
from linli.posts.tests import makers as posts_makers

DEPARTMENTS = {"housing": "住建局", "urban": "城管局", "market": "市场监管局"}


def make_town() -> SimpleNamespace:
    """Return the neighbourhood with three departments, each with a liaison, and a subdistrict above."""
    world = make_neighbourhood()
    for actor in (world.desk, world.lead):
        held = Holding.objects.get(account_id=actor.account_id)
        PostDuty.objects.create(post_id=held.post_id, duty="cases.whistle")
    district = places.areas_below("").filter(kind="district").first() or world.community.parent
    world.offices = {}
    for code, name in DEPARTMENTS.items():
        office = posts_makers.make_organisation(
            world.community, kind="department", name=name, code=code
        )
        post = make_post(
            "department", world.community, ("cases.handle",), name=f"{name}联络员", code=code,
            organisation=office, is_confined=True, level="district",
        )  # fmt: skip
        world.offices[code] = office
        setattr(world, code, make_staff(f"{name[0]}生", post))
    upper = world.community.parent or district
    street = posts_makers.make_organisation(upper, kind="subdistrict", name="街道", code="street")
    above = make_post(
        "subdistrict", upper, ("cases.view", "cases.arbitrate", "cases.supervise", "cases.dispatch"),
        name="街道社区治理办", organisation=street, level="subdistrict",
    )  # fmt: skip
    world.above = make_staff("街明", above)
    world.clause = Clause.objects.create(
        code="illegal-building", title="违法建设认定", text="是否违法建设由主管部门认定。",
        source="《城乡规划法》第六十四条", answer_amount=2, answer_unit="work_day",
    )  # fmt: skip
    memory.forget_all()
    posts.forget()
    world.desk = posts.actor_of(world.desk.account_id, MONDAY)
    world.lead = posts.actor_of(world.lead.account_id, MONDAY)
    return world


def call(world: SimpleNamespace, *codes: str, **facts: Any) -> whistling.Call:
    """Return a call of departments, the first of which leads."""
    named = [world.offices[code].pk for code in codes or ("housing", "urban", "market")]
    usual = {
        "lead_id": named[0],
        "assisting": tuple(named[1:]),
        "words": "南门外搭了棚，一起去看。",
    }
    return whistling.Call(**usual | facts)


def blow(
    world: SimpleNamespace, *codes: str, case: Case | None = None, at: Any = MONDAY, **facts: Any
) -> Whistle:
    """Return a whistle that the desk blew."""
    case = case or make_case(world, at=at)
    return whistling.blow_whistle(
        case_id=case.pk, call=call(world, *codes, **facts), actor=world.desk, now=at
    )


def part(world: SimpleNamespace, whistle: Whistle, code: str) -> WhistlePart:
    """Return a department's part as it is now."""
    return WhistlePart.objects.get(whistle=whistle, organisation=world.offices[code])


def shots(number: int = 1) -> tuple:
    return tuple(pictures.clean(ContentFile(photo().read(), f"{n}.jpg")) for n in range(number))


def report_in(world, whistle, code, at=MONDAY + HOUR):
    return whistle_parts.report_in(
        part_id=part(world, whistle, code).pk,
        here=Here(place="南门", lat=34.8, lon=119.1),
        actor=getattr(world, code),
        now=at,
    )


def finish(world, whistle, code, at=MONDAY + DAY):
    return whistle_parts.finish_part(
        part_id=part(world, whistle, code).pk,
        text="拆了两处，留了通知。",
        actor=getattr(world, code),
        now=at,
    )


def close(world, whistle, *, missing=None, actor=None, at=MONDAY + DAY):
    return whistle_closing.close_whistle(
        whistle_id=whistle.pk,
        text="棚子拆了，地面清干净了。",
        missing=missing or {},
        actor=actor or world.housing,
        now=at,
    )


def whistle_things(world: SimpleNamespace, keeper: Any) -> dict[str, Any]:
    """Return what stands behind the addresses of whistles, questions and chats (tests/gates/town.py)."""
    now = clock.now()
    office = posts_makers.make_organisation(
        world.community, kind="department", name="住建局", code="housing"
    )
    case = make_case(world, at=now, text="南门外搭了棚。", phone="10055550001")
    whistle = whistling.blow_whistle(
        case_id=case.pk, actor=keeper, now=now,
        call=whistling.Call(lead_id=office.pk, words="一起去看。"),
    )  # fmt: skip
    one = WhistlePart.objects.get(whistle=whistle)
    shots = (pictures.clean(ContentFile(photo().read(), "x.jpg")),)
    whistle_parts.arrive(part_id=one.pk, actor=keeper, now=now, photos=shots)
    street = posts_makers.make_organisation(
        world.community.parent, kind="subdistrict", name="街道", code="street"
    )
    above = make_post(
        "subdistrict", world.community.parent, ("cases.view", "cases.arbitrate"),
        organisation=street, level="subdistrict",
    )  # fmt: skip
    make_staff("街明", above)
    memory.forget_all()
    posts.forget()
    clause = Clause.objects.create(code="roof", title="外墙改造", text="由住建部门定。")
    memory.forget_all()
    other = make_case(world, at=now, text="外墙要改造。", phone="10055550002")
    asked = arbitrating.ask_arbitration(
        case_id=other.pk, clause_id=clause.pk, text="社区定不了。", actor=keeper, now=now
    )
    paste, run = chats.paste_chat(
        community_id=world.community.pk, group_name="业主群", actor=keeper, now=now, key="gates",
        text="张三:\n3号楼路灯不亮了\n\n李四:\n我家也是",
    )  # fmt: skip
    runs.carry_here(run, now, lambda: None)
    photo_id = PartPhoto.objects.get(part=one).photo_id
    return {
        "whistle_id": whistle.pk,
        "part_id": one.pk,
        "arbitration_id": asked.pk,
        "chat_id": paste.pk,
        "cases:whistle_blow": {"case_id": other.pk},
        **{f"cases:{door}_whistle_photo": {"photo_id": photo_id} for door in ("desk", "field")},
        **{f"cases:{door}_part_act": {"action": "finish"} for door in ("desk", "field")},
    }
