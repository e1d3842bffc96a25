"""Whose desk looks at what phones hand in: above communities too, and where grids have ended."""

from linli.blueprints import selectors as blueprints
from linli.field.models import Submission
from linli.field.services.submissions import hand_in
from linli.field.services.taking import REMIND_AFTER, remind_desk
from linli.field.tests.makers import HOUR, NINE, delivery, make_device
from linli.kernel import events
from linli.kernel.actor import system
from linli.kernel.outbox import deliver_events
from linli.messages.models import Notice
from linli.places.events import AreaEnded
from linli.posts.models import Holding, PostDuty


def test_a_post_of_every_district_looks_at_what_departments_hand_in():
    # The text, because reading five blueprints to check one line takes seconds.
    for file in blueprints.library():
        posts = blueprints.get_library_text(file.name).split("编号: ")
        above = [one for one in posts if "层级: 区县" in one]
        assert any("核实离线记录" in one for one in above), file.name


def test_what_waits_follows_its_grid_and_the_desk_hears_of_it(cast):
    device, _token = make_device(cast.lin)
    hand_in(delivery=delivery(), actor=cast.lin, device=device, why_apart="岗位结束。", now=NINE)
    assert Submission.objects.get().area_path == cast.grid.path
    ended = AreaEnded(subject_id=cast.grid.pk, area_path=cast.grid.path)
    events.record(ended, actor=system(cast.home.pk), at=NINE)
    deliver_events(NINE)
    assert Submission.objects.get().area_path == cast.community.path
    post = Holding.objects.select_related("post").get(account_id=cast.desk.account_id).post
    PostDuty.objects.create(post=post, duty="field.quarantine")
    late = NINE + REMIND_AFTER + HOUR
    assert remind_desk(now=late) == 1
    deliver_events(late)
    notice = Notice.objects.get(account_id=cast.desk.account_id)
    assert "1 条记录等人核实" in notice.title
