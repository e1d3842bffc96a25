"""Makes what stories about campaigns need: a neighbourhood with kinds, who plans and who clears."""

import io
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from PIL import Image

from linli.campaigns.models import Campaign, Entry, Kind
from linli.campaigns.rules import next_month
from linli.campaigns.selectors import dockets
from linli.campaigns.services import dockets as docket_services
from linli.campaigns.services import gathering, importing, matters, planning, working
from linli.campaigns.services.dockets import DocketSheet, MatterSheet
from linli.campaigns.services.gathering import EntrySheet
from linli.campaigns.services.planning import CampaignSheet
from linli.campaigns.states import CampaignState
from linli.cases.tests import makers as cases
from linli.kernel import clock, pictures
from linli.kernel.ids import new_id
from linli.kernel.models import Tenant
from linli.posts import selectors as posts
from linli.posts.models import Holding, PostDuty
from linli.posts.tests import makers as posts_makers

MONDAY, HOUR, DAY = cases.MONDAY, cases.HOUR, cases.DAY
MANAGER = ("campaigns.view", "campaigns.work", "campaigns.manage")


def make_ground() -> SimpleNamespace:
    """Return a neighbourhood whose desk plans campaigns, and a department that joins them."""
    world = cases.make_neighbourhood()
    for actor in (world.desk, world.lead):
        allow(actor, *MANAGER)
    allow(world.lin, "campaigns.work")
    district = world.community.parent.parent
    world.bureau = posts_makers.make_organisation(
        district, kind="department", name="城市管理局", code="urban"
    )
    bureau_post = cases.make_post(
        "department", district, ("cases.handle", "campaigns.work"), organisation=world.bureau
    )
    world.cai = cases.make_staff("蔡文", bureau_post)
    world.desk, world.lead, world.lin = (
        posts.actor_of(one.account_id, MONDAY) for one in (world.desk, world.lead, world.lin)
    )
    world.dump = Kind.objects.create(
        code="dump", name="乱堆乱放", unit="处", category_code="rubbish", order=10
    )
    world.car = Kind.objects.create(code="dead_car", name="“僵尸车”", unit="辆", order=20)
    return world


def allow(actor: Any, *duties: str) -> None:
    """Give somebody's post more rights."""
    post = Holding.objects.select_related("post").get(account_id=actor.account_id).post
    for duty in duties:
        PostDuty.objects.create(post=post, duty=duty)


def make_campaign(
    world: SimpleNamespace, *, at: datetime = MONDAY, is_running: bool = True, **facts: Any
) -> Campaign:
    """Return a campaign of this week whose team are the grid worker's post and the department."""
    today = clock.local(at).date()
    usual: dict[str, Any] = {
        "title": "乱堆乱放集中整治",
        "starts_on": today,
        "ends_on": today + timedelta(days=2),
        "meet": "09:00 西门",
    }
    campaign = planning.plan_campaign(
        community_id=world.community.pk,
        sheet=CampaignSheet(**usual | facts),
        actor=world.desk,
        now=at,
    )
    who = {"campaign_id": campaign.pk, "actor": world.desk, "now": at}
    part = planning.add_part(area_id=world.grid.pk, **who)
    planning.add_member(organisation_id=world.bureau.pk, is_lead=True, **who)
    planning.add_member(post_id=world.grid_post.pk, part_id=part.pk, is_lead=True, **who)
    if is_running:
        campaign = planning.move_campaign(state=CampaignState.RUNNING, **who)
    return campaign


def make_entry(
    world: SimpleNamespace, campaign: Campaign, *, at: datetime = MONDAY, **facts: Any
) -> Entry:
    """Return an entry at the building's door."""
    usual = {
        "kind_id": world.dump.pk,
        "place": f"building:{world.building.pk}",
        "text": "纸箱挡着通道",
    }
    before = facts.pop("before", ())
    entry, _is_new = gathering.add_entry(
        campaign_id=campaign.pk,
        sheet=EntrySheet(**usual | facts),
        key=new_id().hex,
        before=before,
        actor=world.desk,
        now=at,
    )
    return entry


def picture(colour: str = "teal") -> pictures.Picture:
    """Return a small photo of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "JPEG")
    buffer.seek(0)
    return pictures.clean(buffer)


def tenant_code(world: SimpleNamespace) -> str:
    """Return the code of the tenant that the neighbourhood lies in."""
    return str(Tenant.objects.get(pk=world.community.tenant_id).code)


def campaign_things(world: SimpleNamespace, keeper: Any) -> dict[str, Any]:
    """Return what stands behind the addresses of this room, for the gates that walk all of them."""
    now = clock.now()
    world.desk, world.bureau = keeper, world.property_company
    world.dump = Kind.objects.create(code="dump", name="乱堆乱放", category_code="rubbish")
    campaign = make_campaign(world, at=now)
    entry = make_entry(world, campaign, at=now, before=(picture("red"),))
    working.settle_entry(entry_id=entry.pk, after=(picture(),), actor=keeper, now=now)
    waiting = importing.prepare_import(
        campaign_id=campaign.pk, file_name="清单.csv", actor=keeper, now=now,
        content="类型,地点\n乱堆乱放,东门\n没有的,西门\n".encode(),
    )  # fmt: skip
    docket, matter = make_matter(world, keeper, now)
    matters.show_matter(matter_id=matter.pk, after=(picture("blue"),), actor=keeper, now=now)
    evidence = matter.photos.first().pk
    token = dockets.token_of(matter, tenant_code(world))
    shot = {"entry_id": entry.pk, "photo_id": entry.photos.first().pk}
    return {
        "campaign_id": campaign.pk,
        "entry_id": entry.pk,
        "member_id": campaign.members.first().pk,
        "docket_id": docket.pk,
        "matter_id": matter.pk,
        **{f"campaigns:{door}_photo": shot for door in ("desk", "field")},
        **{
            f"campaigns:{name}": {"import_id": waiting.pk}
            for name in ("import", "import_confirm", "import_discard")
        },
        **{
            f"campaigns:{name}": {"token": token, "photo_id": evidence}
            for name in ("word", "word_said", "word_photo")
        },
        **{f"campaigns:{door}_matter_photo": {"photo_id": evidence} for door in ("desk", "field")},
    }


def make_matter(world: SimpleNamespace, actor: Any, now: datetime, **facts: Any) -> tuple[Any, Any]:
    """Return the lists of a meeting of the three parties, and a problem that an owner raised there."""
    docket, _is_new = docket_services.open_docket(
        community_id=world.community.pk,
        sheet=DocketSheet(
            kind="meeting",
            series="三方联席会",
            held_on=clock.local(now).date(),
            next_on=next_month(clock.local(now).date()),
            people="社区、业委会、物业",
        ),
        actor=actor,
        now=now,
    )
    usual: dict[str, Any] = {
        "problem": "东门道闸坏了两周",
        "is_own": False,
        "raised_name": "业主代表 王小河",
        "organisation_id": world.property_company.pk,
        "measure": "换道闸电机",
        "due_on": clock.local(now).date() + timedelta(days=5),
    }
    matter = docket_services.raise_matter(
        docket_id=docket.pk,
        sheet=MatterSheet(**usual | facts),
        key=new_id().hex,
        actor=actor,
        now=now,
    )
    return docket, matter
