"""The demo's phones: what was written in a cellar and came in later, an old phone that was found again."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from linli.blueprints.demo import doors
from linli.blueprints.demo.world import Action, World
from linli.cases.selectors import active_categories, ground, hands
from linli.field.services import devices, submissions
from linli.field.services.devices import Hand
from linli.field.services.submissions import Delivery
from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.ids import new_id
from linli.places import selectors as places

DAY: Final = timedelta(days=1)
_SEEN: Final = "地下车库没有信号，先记在手机上：配电间门口堆了两箱旧书，挡住灭火器。"
_DONE: Final = "和物业一起弄好了，拍照留在群里。"
_LATE: Final = "换手机以前写的：3 单元楼道灯修好了，看过。"


def plan(world: World) -> None:
    """Let one grid worker of the main community be without a network for a morning."""
    main = doors.main_community()
    if main is not None:
        day = clock.local(world.now - DAY).date()
        at = datetime.combine(day, time(11, 40), tzinfo=clock.BEIJING)
        world.at(at, _back_in_the_net(world, main))


def _back_in_the_net(world: World, main: Any) -> Action:
    def act(at: datetime) -> None:
        worker = _worker(world, main, at)
        if worker is None:
            return
        phones = [
            devices.know_device(name=name, tenant_code=world.tenant.code, actor=worker, now=at)[0]
            for name in ("安卓手机 · 微信", "鸿蒙手机")
        ]
        old = devices.end_device(device_id=phones[0].pk, actor=worker, now=at)
        for phone, days, text, spot in (
            (phones[1], timedelta(hours=2), _SEEN, "地下车库"),
            (old, 21 * DAY, _LATE, "3 单元"),
        ):
            hand = devices.hand_of_device(device=phone, signed_in=worker, now=at)
            answers = {**_report(worker), "text": text, "spot": spot}
            _hand_in(hand, answers, made_at=at - days, at=at)
        _both_sides(devices.hand_of_device(device=phones[1], signed_in=worker, now=at), at)

    return act


def _both_sides(hand: Hand, at: datetime) -> None:
    """Say on the phone that something is done which ended here meanwhile."""
    for task in hands.in_hand(hand.actor, at).resolved[:1]:
        delivery = Delivery(
            id=new_id(),
            kind="cases.progress",
            title=task.title,
            subject_id=task.id,
            base_version="1",
            answers={"step": "done", "text": _DONE},
            told=(("这次是", "办好了"), ("做了什么", _DONE)),
            said_at=at - timedelta(hours=1),
        )
        submissions.hand_in(delivery=delivery, actor=hand.actor, device=hand.device, now=at)


def _worker(world: World, main: Any, at: datetime) -> Actor | None:
    found = (
        world.staff.in_role("grid_worker", grid.path, at) for grid in places.grid_choices(main.pk)
    )
    return next((one for one in found if one is not None), None)


def _report(worker: Actor) -> dict[str, Any]:
    (place, _label), *_rest = ground.all_choices(worker)
    kinds = [one for one in active_categories() if not (one.is_confidential or one.needs_photo)]
    return {"category": str(kinds[0].pk), "place": place}


def _hand_in(hand: Hand, answers: dict[str, Any], *, made_at: datetime, at: datetime) -> None:
    delivery = Delivery(
        id=new_id(),
        kind="cases.report",
        title="上报一件事",
        answers=answers,
        told=(("看到了什么", str(answers["text"])), ("具体位置", str(answers["spot"]))),
        said_at=made_at,
    )
    submissions.hand_in(
        delivery=delivery,
        actor=hand.actor,
        device=hand.device,
        why_apart=hand.why_apart,
        now=at,
    )
