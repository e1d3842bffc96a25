"""Makes what stories about care need: levels, a list, somebody who lives alone, their visitors."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from linli.care import services
from linli.care.models import CareLevel, CareProfile, CareSettings, ItemList
from linli.care.selectors import catalogue
from linli.care.selectors import family as families
from linli.care.services import AlertSheet, PlanSheet, VisitSheet
from linli.cases.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_category,
    make_neighbourhood,
    make_post,
    make_staff,
)
from linli.cases.tests.test_resident_pages import photo
from linli.kernel import clock, pictures
from linli.people.tests import makers as people
from linli.places.selectors.homes import get_home
from linli.places.tests.makers import make_entrance, make_home
from linli.posts import selectors as posts
from linli.posts.models import PostDuty

__all__ = ["DAY", "HOUR", "MONDAY", "make_block", "make_profile", "visit"]

KEEPER = ("care.view", "care.visit", "care.manage", "people.register", "people.reveal")
ITEMS = [
    {"code": "spirits", "label": "精神怎么样", "kind": "choice", "choices": [
        {"code": "good", "label": "好"}, {"code": "bad", "label": "差", "is_bad": True},
    ]},
    {"code": "stove", "label": "灶具关好了吗", "kind": "yes_no", "bad_if": "no"},
    {"code": "pills", "label": "药还够几天", "kind": "number", "least": 0, "most": 90},
]  # fmt: skip


def make_block() -> SimpleNamespace:
    """Return the neighbourhood with a building head (Sun), a grid worker (Lin) as second visitor, a
    desk that manages care, and Mei, 83, who lives alone on the third floor.
    """
    world = make_neighbourhood()
    _grant(world.desk_post, KEEPER)
    _grant(world.grid_post, ("care.view", "care.visit"))
    world.head_post = make_post("building_head", world.grid, ("care.visit",), name="3号楼楼栋长")
    world.sun = make_staff("孙河", world.head_post)
    world.desk = posts.actor_of(world.desk.account_id, MONDAY)
    world.lin = posts.actor_of(world.lin.account_id, MONDAY)
    world.elder = make_category("elder", "老人关怀", is_confidential=True)
    CareSettings.objects.create(category_code="elder")
    ItemList.objects.create(code="elder", name="看望老人", items=ITEMS)
    make_level("weekly", "每周看", 7, risk=3)
    make_level("monthly", "每月看", 30, risk=1)
    catalogue.forget()
    world.entrance = make_entrance(world.building)
    world.home = get_home(make_home(world.entrance, "301").pk)
    world.mei = register(world, "梅玉兰")
    return world


def register(world: SimpleNamespace, name: str, number: str = "") -> Any:
    """Return somebody of the register, in Mei's home or one of their own."""
    home = get_home(make_home(world.entrance, number).pk) if number else world.home
    return people.register(home.id, name, actor=world.desk)


def make_level(code: str, name: str, days: int, *, risk: int) -> CareLevel:
    """Return a level of care with the list of the old."""
    return CareLevel.objects.create(
        code=code, name=name, every_days=days, risk=risk, list_code="elder"
    )


def plan(world: SimpleNamespace, **facts: Any) -> PlanSheet:
    """Return a plan: weekly, Sun first, then Lin."""
    usual = {
        "level_code": "weekly",
        "post_id": world.head_post.pk,
        "second_post_id": world.grid_post.pk,
        "needs": ("medicine",),
        "why": "高血压，一个人住。",
    }
    return PlanSheet(**usual | facts)


def make_profile(
    world: SimpleNamespace, person: Any = None, *, at: Any = MONDAY, **facts: Any
) -> CareProfile:
    """Return Mei, or somebody else, looked after since Monday."""
    return services.start_care(
        person_id=(person or world.mei).pk, sheet=plan(world, **facts), actor=world.desk, now=at
    )


def visit(
    profile: CareProfile,
    actor: Any,
    outcome: str = "safe",
    *,
    after: timedelta = timedelta(0),
    key: str = "",
    late: timedelta = timedelta(0),
    **facts: Any,
) -> Any:
    """Write a visit down, so long after Monday morning; late: how much later it comes in."""
    if outcome == "wrong":
        facts.setdefault("trouble", "ill")
    at = MONDAY + after
    made, _is_new = services.record_visit(
        profile_id=profile.pk,
        sheet=VisitSheet(outcome=outcome, **facts),
        key=key,
        at=at,
        actor=actor,
        now=at + late,
    )
    return made


def _grant(post: Any, duties: tuple[str, ...]) -> None:
    for duty in duties:
        PostDuty.objects.get_or_create(post=post, duty=duty)
    posts.forget()


def make_cared_for(world: SimpleNamespace, keeper: Any, *, at: Any) -> CareProfile:
    """Return somebody in a home of their own whom the keeper visits, where no block was made."""
    world.desk, world.sun = keeper, keeper
    world.head_post = world.desk_post
    ItemList.objects.create(code="elder", name="看望老人", items=ITEMS)
    make_level("weekly", "每周看", 7, risk=3)
    catalogue.forget()
    world.entrance = make_entrance(world.building, "9单元")
    world.home = get_home(make_home(world.entrance, "901").pk)
    return make_profile(world, register(world, "梅玉兰"), at=at, second_post_id=None)


def town_things(world: SimpleNamespace, keeper: Any) -> dict[str, Any]:
    """Return what stands behind the room's addresses, for the gates: everything shown at once."""
    now = clock.now()
    profile = make_cared_for(world, keeper, at=now - 40 * DAY)
    son = services.name_family(
        profile_id=profile.pk, name="梅海", phone="10012340001", relation="child",
        agreed_how="phone", actor=keeper, now=now,
    )  # fmt: skip
    folder = pictures.folder_of(profile.tenant_id, now)
    stored = pictures.store(pictures.clean(ContentFile(photo().read())), folder)
    made, _new = services.record_visit(
        profile_id=profile.pk, sheet=VisitSheet(outcome="wrong", trouble="ill", note="咳嗽。"),
        photos=(("photo", stored),), key="", at=now - DAY, actor=keeper, now=now,
    )  # fmt: skip
    alert = services.start_alert(
        sheet=AlertSheet(kind="snow", area_id=world.community.pk, until=now + DAY),
        key="", actor=keeper, now=now,
    )  # fmt: skip
    return {
        "profile_id": profile.pk,
        "person_id": profile.person_id,
        "family_id": son.pk,
        "alert_id": alert.pk,
        "visit_photo_id": made.photos.get().pk,
        "care:family": {"token": families.link_of(son).split("/")[2]},
        "care:start": {"person_id": register(world, "陈秀英", "902").pk},
    }
