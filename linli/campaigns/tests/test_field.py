"""What a phone shows of a campaign, and hands in hours later: once, and never over somebody's head."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from linli.campaigns import field
from linli.campaigns.services import planning, working
from linli.campaigns.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_campaign,
    make_entry,
    make_ground,
    make_matter,
    picture,
)
from linli.field.services.submissions import Differs, Sent, SentPicture
from linli.kernel import events, outbox, pictures
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, NotFound
from linli.places.events import BuildingsAssigned
from linli.places.models import Building
from linli.places.tests.makers import make_grid
from linli.posts.services import handover

pytestmark = pytest.mark.usefixtures("in_home")


@pytest.fixture
def world(in_home):
    return make_ground()


@pytest.fixture
def campaign(world):
    return make_campaign(world)


def on_disk(colour="green") -> SentPicture:
    shot = picture(colour)
    stored = pictures.store(shot, "field")
    return SentPicture(
        path=stored.path, thumb_path=stored.thumb_path, width=shot.width, height=shot.height,
        sha256=shot.sha256,
    )  # fmt: skip


def sent(entry, actor, *, base=None, answers=None, photos=None, **facts) -> Sent:
    usual = {
        "id": uuid4(), "kind": field.KIND, "subject_id": entry.pk,
        "base_version": str(entry.version) if base is None else base,
        "answers": {"outcome": "settled"} | (answers or {}),
        "photos": (("after", on_disk()),) if photos is None else photos,
        "made_at": MONDAY + HOUR, "actor": actor, "now": MONDAY + 5 * HOUR,
    }  # fmt: skip
    return Sent(**usual | facts)


def test_the_day_shows_open_entries_of_ones_own_part_on_days_on_site_only(world, campaign):
    make_entry(world, campaign)
    make_entry(world, campaign, place="", spot="西墙外")
    (card,) = field.cards(world.lin, MONDAY)
    assert (card.form, card.version, card.title) == ("campaigns.entry", "1", "乱堆乱放")
    assert [one.code for one in card.items] == ["outcome", "after", "before", "words", "count"]
    assert len(field.cards(world.cai, MONDAY)) == 2
    assert field.cards(world.manager, MONDAY) == []
    assert field.cards(world.lin, MONDAY + 9 * DAY) == []


def test_who_is_on_no_team_has_the_entries_of_their_own_grid_only(world, campaign):
    make_entry(world, campaign)
    make_entry(world, campaign, place=f"community:{world.community.pk}", text="别处")
    campaign.members.filter(post__isnull=False).delete()
    assert [card.facts[0][1] for card in field.cards(world.lin, MONDAY)] == ["纸箱挡着通道"]
    assert len(field.cards(world.cai, MONDAY)) == 2


def test_an_entry_cleared_without_a_network_is_settled_when_it_happened_once(world, campaign):
    entry = make_entry(world, campaign)
    one = sent(entry, world.lin, answers={"count": "2", "words": "清了两堆"})
    for _time in range(2):
        assert "已整治" in field.take_entry(one).words
    entry.refresh_from_db()
    assert (entry.state, entry.settled_at, entry.count) == ("settled", MONDAY + HOUR, 2)
    assert entry.photos.count() == 1


@pytest.mark.parametrize("outcome", ["settled", "handed", "impossible"])
def test_photos_stay_with_the_entry_and_nowhere_else(
    world, campaign, outcome, django_capture_on_commit_callbacks
):
    entry, shot = make_entry(world, campaign), on_disk()
    answers = {"outcome": outcome, "words": "太重了，要城管来。"}
    item = "after" if outcome == "settled" else "before"
    with django_capture_on_commit_callbacks(execute=True):
        field.take_entry(sent(entry, world.lin, answers=answers, photos=((item, shot),)))
    (kept,) = entry.photos.all()
    assert (kept.stage, kept.path == shot.path) == (item, False)
    assert default_storage.exists(kept.path)
    assert not default_storage.exists(shot.path)


def test_what_a_colleague_settled_meanwhile_is_shown_side_by_side_and_not_overwritten(
    world, campaign
):
    entry = make_entry(world, campaign)
    working.settle_entry(
        entry_id=entry.pk, after=(picture("blue"),), result="昨天清的", actor=world.cai,
        now=MONDAY + HOUR,
    )  # fmt: skip
    with pytest.raises(Differs) as met:
        field.take_entry(sent(entry, world.lin, base="1"))
    assert (met.value.differences[0].here, met.value.version) == ("已整治：昨天清的", "2")
    entry.refresh_from_db()
    field.take_entry(sent(entry, world.lin))  # after both were looked at: its photo is kept too
    entry.refresh_from_db()
    assert (entry.settled_by, entry.photos.count()) == (world.cai.account_id, 2)


@pytest.mark.parametrize(
    "answers", [{"outcome": "x"}, {"count": "许多"}, {"outcome": "handed"}, {"outcome": ""}]
)
def test_what_a_phone_cannot_mean_is_told(world, campaign, answers):
    with pytest.raises(BadInput):
        field.take_entry(sent(make_entry(world, campaign), world.lin, answers=answers))


def test_a_phone_of_nobody_on_the_team_finds_nothing(world, campaign):
    with pytest.raises(NotFound):
        field.take_entry(sent(make_entry(world, campaign), world.manager))


def test_a_post_that_changes_hands_leaves_its_campaigns_and_matters(world, campaign):
    make_matter(
        world, world.desk, MONDAY, organisation_id=None, post_id=world.grid_post.pk,
        due_on=(MONDAY - timedelta(days=3)).date(),
    )  # fmt: skip
    leaving = handover.Leaving(
        post_id=world.grid_post.pk, account_id=world.lin.account_id, role="grid_worker",
        area_path=world.grid.path, estate_id=None, is_shared=False, now=MONDAY,
    )  # fmt: skip
    found = field.lines(leaving)
    assert [(one.kind, one.is_late) for one in found] == [
        ("参加的整治行动", False), ("没销号的整改", True),
    ]  # fmt: skip


def test_entries_follow_their_building_to_the_grid_that_it_belongs_to_now(world):
    campaign = make_campaign(world)
    entry = make_entry(world, campaign)
    assert (entry.area_path, entry.part.area_id) == (world.grid.path, world.grid.pk)
    other = make_grid(world.community, "g02", "第二网格")
    part = planning.add_part(
        campaign_id=campaign.pk, area_id=other.pk, actor=world.desk, now=MONDAY
    )
    Building.objects.filter(pk=world.building.pk).update(grid=other)
    added = (str(world.building.pk),)
    moved = BuildingsAssigned(subject_id=other.pk, area_path=other.path, added=added)
    events.record(moved, actor=system(world.community.tenant_id), at=MONDAY)
    outbox.deliver_events(MONDAY)
    entry.refresh_from_db()
    assert (entry.area_path, entry.part_id) == (other.path, part.pk)
