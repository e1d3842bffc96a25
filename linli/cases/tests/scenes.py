"""A scene for everything that staff do to a case: the case before, who does it, what is sent."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from linli.cases.models import Case, Category, Clause
from linli.cases.services import desk, excluding, extending, handling, merging
from linli.cases.tests.makers import make_case, make_category, make_post, make_staff
from linli.kernel import clock, memory

DAY = timedelta(days=1)


def reported(world) -> Case:
    return make_case(world, at=clock.now())


def accepted(world) -> Case:
    return desk.accept_case(case_id=reported(world).pk, actor=world.desk, now=clock.now())


def assigned(world) -> Case:
    return desk.assign_case(
        case_id=reported(world).pk, post_id=world.grid_post.pk, actor=world.desk, now=clock.now()
    )


def in_hand(world) -> Case:
    return handling.take_case(case_id=assigned(world).pk, actor=world.lin, now=clock.now())


def returned(world) -> Case:
    return handling.return_case(
        case_id=assigned(world).pk, text="归城管。", actor=world.lin, now=clock.now()
    )


def asked(world) -> Case:
    now = clock.now()
    return handling.ask_suspension(
        case_id=in_hand(world).pk, reason="等配件", until=now + DAY, actor=world.lin, now=now
    )


def extension_asked(world) -> Case:
    case = in_hand(world)
    return extending.ask_extension(
        case_id=case.pk,
        reason="等配件",
        until=case.resolve_due_at + DAY,
        actor=world.lin,
        now=clock.now(),
    )


def suspended(world) -> Case:
    return handling.decide_suspension(
        case_id=asked(world).pk, is_approved=True, note="", actor=world.lead, now=clock.now()
    )


def declined(world) -> Case:
    decline = desk.Decline(**no(world))
    return desk.decline_case(
        case_id=reported(world).pk, decline=decline, actor=world.desk, now=clock.now()
    )


def exclusion_asked(world) -> Case:
    return excluding.ask_exclusion(
        case_id=declined(world).pk, **unreasonable(world), actor=world.desk, now=clock.now()
    )


def excluded(world) -> Case:
    return excluding.decide_exclusion(
        case_id=exclusion_asked(world).pk,
        is_approved=True,
        note="",
        actor=world.lead,
        now=clock.now(),
    )


def merged(world) -> Case:
    into, case = reported(world), make_case(world, at=clock.now(), phone="10087654321")
    return merging.merge_case(case_id=case.pk, into_id=into.pk, actor=world.desk, now=clock.now())


Sent = Callable[[SimpleNamespace], dict[str, Any]]


def to_grid(world) -> dict:
    return {"target": f"post:{world.grid_post.pk}", "text": "先看一下。"}


def to_company(world) -> dict:
    return {"target": f"organisation:{world.property_company.pk}", "text": "合同里有。"}


def words(_world) -> dict:
    return {"text": "已经联系物业，明天上午来。"}


def nothing(_world) -> dict:
    return {}


def until(_world) -> dict:
    return {"reason": "等配件到货。", "until": (clock.local(clock.now()) + 5 * DAY).date()}


def no(_world) -> dict:
    return {
        "reason": "私家花园不归社区管。",
        "rule": "物业管理条例第五十二条",
        "alternative": "可以找业委会商量。",
        "review_on": (clock.now() + 90 * DAY).date(),
    }


def other_category(world) -> dict:
    category = Category.objects.filter(code="light").first() or make_category("light", "路灯")
    return {"category_id": category.pk, "building_id": "", "is_urgent": "on"}


def later(world) -> dict:
    day = clock.local(clock.now() + 12 * DAY).date()
    return {"reason": "配件要从外地发来。", "until": day}


def not_yet(_world) -> dict:
    return {"text": "规划还没有批。", "review_on": (clock.now() + 90 * DAY).date()}


def unreasonable(_world) -> dict:
    return {"reason": "demand", "text": "要求把别人家的树砍掉。"}


def another(world) -> dict:
    return {"into": make_case(world, at=clock.now(), phone="10087654321").number}


def beyond(world) -> Case:
    """A case that the community can't decide, with somebody above and a clause to rest on."""
    if not Clause.objects.exists():
        Clause.objects.create(code="roof", title="外墙改造", text="由住建部门定。")
        make_staff(
            "街明",
            make_post("subdistrict", world.community.parent, ("cases.view",), level="subdistrict"),
        )
        memory.forget_all()
    return in_hand(world)


def clause(_world) -> dict:
    return {"clause_id": str(Clause.objects.get().pk), "text": "社区定不了。"}


def yes(_world) -> dict:
    return {"is_approved": "1", "note": "同意。"}


# action: (the case before, who does it, what is sent, the state after)
SCENES: dict[str, tuple[Callable[..., Case], str, Sent, str]] = {
    "take": (assigned, "lin", nothing, "in_hand"),
    "accept": (reported, "desk", words, "accepted"),
    "assign": (reported, "desk", to_grid, "assigned"),
    "arbitrate": (returned, "lead", to_company, "assigned"),
    "progress": (in_hand, "lin", words, "in_hand"),
    "resolve": (in_hand, "lin", words, "resolved"),
    "return": (in_hand, "lin", words, "accepted"),
    "suspend": (in_hand, "lin", until, "in_hand"),
    "decide": (asked, "lead", yes, "suspended"),
    "extend": (in_hand, "lin", later, "in_hand"),
    "decide-extension": (extension_asked, "lead", yes, "in_hand"),
    "review": (declined, "desk", not_yet, "declined"),
    "resume": (suspended, "lin", nothing, "in_hand"),
    "answer": (accepted, "desk", words, "accepted"),
    "note": (reported, "desk", words, "reported"),
    "escalate": (in_hand, "lin", words, "assigned"),
    "refer": (beyond, "desk", clause, "accepted"),
    "supervise": (in_hand, "lead", words, "in_hand"),
    "correct": (reported, "desk", other_category, "reported"),
    "merge": (reported, "desk", another, "merged"),
    "unmerge": (merged, "desk", nothing, "accepted"),
    "decline": (reported, "desk", no, "declined"),
    "exclude": (declined, "desk", unreasonable, "declined"),
    "decide-exclusion": (exclusion_asked, "lead", yes, "declined"),
    "include": (excluded, "lead", words, "declined"),
    "revoke": (reported, "desk", nothing, "reported"),
}
