"""People decide: conflicts field by field, what was kept apart with a reason, and never one alone."""

import pytest
from django.core.files.storage import default_storage
from django.db.models import TextField
from django.db.models.functions import Cast

from linli.field.models import Submission, Upload
from linli.field.selectors import handed
from linli.field.services import deciding, devices
from linli.field.services import taking as taking_up
from linli.field.services.submissions import Difference, Differs, Taken, hand_in
from linli.field.tests.makers import HOUR, NINE, delivery, make_device, make_photo, taking
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.kernel.ids import new_id
from linli.kernel.models import EventRow


@pytest.fixture
def clerk(cast):
    return looker(cast)


@pytest.fixture
def second(cast):
    return looker(cast)


def looker(cast, path=""):
    grant = Grant("field.quarantine", path or cast.community.path)
    return Actor(
        cast.home.pk, kind=ActorKind.STAFF, account_id=new_id(), name="何", grants=(grant,)
    )


class Record:
    """A record with a version, as a room has it."""

    def __init__(self):
        self.version, self.phone, self.name = 7, "新", "李"

    def take(self, sent):
        changed = {name: said for name, said in sent.answers.items() if name in ("phone", "name")}
        if sent.base_version not in ("", str(self.version)):
            raise Differs(
                tuple(
                    Difference(
                        name=name, label=name, base="旧", sent=said, here=getattr(self, name)
                    )
                    for name, said in changed.items()
                ),
                version=str(self.version),
            )
        for name, said in changed.items():
            setattr(self, name, said)
        self.version += 1
        return Taken(words="改好了。")


@pytest.fixture
def record():
    one = Record()
    with taking(one.take):
        yield one


def conflicting(cast):
    one = delivery(answers={"phone": "手机写的", "name": "王"}, base_version="6")
    return hand_in(delivery=one, actor=cast.lin, now=NINE).submission


def test_each_field_is_decided_and_the_other_side_stays(cast, record):
    row = conflicting(cast)
    assert row.state == "conflict"
    decided = deciding.decide_conflict(
        submission_id=row.pk, choices={"phone": "sent", "name": "here"}, actor=cast.lin, now=NINE
    )
    assert (decided.state, record.phone, record.name) == ("taken", "手机写的", "李")
    with pytest.raises(Conflict):
        deciding.decide_conflict(submission_id=row.pk, choices={}, actor=cast.lin, now=NINE)


def test_keeping_everything_that_is_here_changes_nothing(cast, record):
    row = conflicting(cast)
    decided = deciding.decide_conflict(
        submission_id=row.pk, choices={"phone": "here", "name": "here"}, actor=cast.lin, now=NINE
    )
    assert (decided.state, record.phone, record.version) == ("taken", "新", 7)


def test_one_more_change_in_between_is_laid_side_by_side_again(cast, record):
    row = conflicting(cast)
    record.version, record.phone = 8, "更新"
    again = deciding.decide_conflict(
        submission_id=row.pk, choices={"phone": "sent", "name": "sent"}, actor=cast.lin, now=NINE
    )
    assert (again.state, again.here_version) == ("conflict", "8")
    assert again.different[0]["here"] == "更新"


@pytest.mark.parametrize("choices", [{}, {"phone": "sent"}, {"phone": "x", "name": "here"}])
def test_every_field_needs_a_choice(cast, record, choices):
    row = conflicting(cast)
    with pytest.raises(BadInput):
        deciding.decide_conflict(submission_id=row.pk, choices=choices, actor=cast.lin, now=NINE)


def test_the_desk_may_decide_and_others_find_nothing(cast, record, clerk):
    row = conflicting(cast)
    choices = {"phone": "sent", "name": "sent"}
    for other in (cast.property, cast.desk, looker(cast, cast.grid.path + "x/")):
        with pytest.raises(NotFound):
            deciding.decide_conflict(submission_id=row.pk, choices=choices, actor=other, now=NINE)
    assert (
        deciding.decide_conflict(submission_id=row.pk, choices=choices, actor=clerk, now=NINE).state
        == "taken"
    )


def apart(cast, **facts):
    return hand_in(
        delivery=delivery(**facts), actor=cast.lin, why_apart="岗位已经结束。", now=NINE
    ).submission


def test_what_came_after_a_post_ended_is_taken_with_a_reason_in_its_makers_name(cast, clerk):
    seen = []
    with taking(lambda sent: seen.append(sent.actor) or Taken(words="记下了。")):
        row = apart(cast)
        assert (row.state, seen) == ("quarantined", [])
        with pytest.raises(BadInput):
            deciding.take_quarantined(submission_id=row.pk, reason=" ", actor=clerk, now=NINE)
        taken = deciding.take_quarantined(
            submission_id=row.pk, reason="问过本人。", actor=clerk, now=NINE + HOUR
        )
    assert (taken.state, taken.reason, taken.decided_by) == (
        "taken",
        "问过本人。",
        clerk.account_id,
    )
    assert seen == [cast.lin]
    assert EventRow.objects.filter(name="field.quarantine.taken").count() == 1
    with pytest.raises(Conflict):
        deciding.take_quarantined(submission_id=row.pk, reason="再来", actor=clerk, now=NINE)


def test_leaving_something_out_takes_two_people_and_it_stays_to_be_read(cast, clerk, second):
    row = apart(cast)
    deciding.ask_discard(submission_id=row.pk, reason="重复的。", actor=clerk, now=NINE)
    with pytest.raises(Conflict):
        deciding.ask_discard(submission_id=row.pk, reason="重复的。", actor=second, now=NINE)
    facts = {"submission_id": row.pk, "now": NINE}
    with pytest.raises(BadInput):
        deciding.answer_discard(is_agreed=True, actor=clerk, **facts)
    deciding.answer_discard(is_agreed=False, actor=second, **facts)
    deciding.ask_discard(submission_id=row.pk, reason="还是重复。", actor=second, now=NINE)
    gone = deciding.answer_discard(is_agreed=True, actor=clerk, **facts)
    assert (gone.state, gone.said) == ("discarded", {"text": "看过了。"})
    with pytest.raises(Conflict):
        deciding.answer_discard(is_agreed=True, actor=second, **facts)


def test_answers_are_open_only_to_whoever_may_read_their_kind(cast, clerk):
    nurse = Actor(
        cast.home.pk, kind=ActorKind.STAFF, account_id=new_id(), name="郝",
        grants=(*clerk.grants, Grant("care.view", cast.community.path)),
    )  # fmt: skip
    with taking(lambda sent: Taken(), reads="care.view"):
        row = apart(cast, title="梅** · 80 岁")
        (seen,) = handed.waiting(clerk, "quarantined")
        assert (seen.is_open, str(seen)) == (False, "便条")
        assert str(handed.get_waiting(row.pk, nurse)) == "梅** · 80 岁"
        for do in (deciding.take_quarantined, deciding.ask_discard):
            with pytest.raises(NotAllowed):
                do(submission_id=row.pk, reason="试试", actor=clerk, now=NINE)
        deciding.take_quarantined(submission_id=row.pk, reason="问过。", actor=nurse, now=NINE)
    # It was decided: who did may look back, others see that it is done.
    assert handed.get_waiting(row.pk, nurse).is_open
    assert not handed.get_waiting(row.pk, looker(cast)).is_open


def test_what_never_waited_is_not_found_by_its_id(cast, clerk):
    with taking(lambda sent: Taken()):
        row = hand_in(delivery=delivery(), actor=cast.lin, now=NINE).submission
    with pytest.raises(NotFound):
        handed.get_waiting(row.pk, clerk)


def test_what_it_was_called_is_no_plain_text(cast):
    apart(cast, title="梅** · 80 岁")
    kept = Submission.objects.annotate(raw=Cast("called", TextField())).values_list("raw", "title")
    ((raw, title),) = kept
    assert title == ""
    assert raw
    assert "梅" not in raw


def test_what_nobody_decides_is_told_and_in_the_end_emptied(cast, record):
    one, other = conflicting(cast), apart(cast, photos=(("door", make_photo(cast.lin)),))
    path = Upload.objects.get().path
    assert taking_up.remind_desk(now=NINE + taking_up.REMIND_AFTER) == 0
    late = NINE + taking_up.REMIND_AFTER + HOUR
    assert taking_up.remind_desk(now=late) == 2
    assert taking_up.remind_desk(now=late) == 0
    told = EventRow.objects.get(name="field.submissions.wait")
    assert (told.data["count"], told.area_path) == (2, one.area_path)
    assert taking_up.forget_undecided(now=NINE + taking_up.UNDECIDED_FOR) == 0
    assert taking_up.forget_undecided(now=NINE + taking_up.UNDECIDED_FOR + HOUR) == 2
    for row in (one, other):
        row.refresh_from_db()
        assert (row.state, row.said, row.differences) == ("refused", {}, "")
        assert "没有人定" in row.words
    assert not default_storage.exists(path)


def test_nobody_without_the_duty_decides(cast):
    row = apart(cast)
    for do in (deciding.take_quarantined, deciding.ask_discard):
        with pytest.raises(NotAllowed):
            do(submission_id=row.pk, reason="试试", actor=cast.property, now=NINE)


def test_a_phone_of_somebody_whose_post_ended_hands_in_apart(cast):
    device, _token = make_device(cast.lin)
    bare = Actor(cast.home.pk, kind=ActorKind.STAFF, account_id=cast.lin.account_id, name="林")
    facts = {"device": device, "skew": None, "now": NINE}
    assert devices.hand_of(signed_in=cast.lin, **facts).why_apart == ""
    ended = devices.hand_of(signed_in=bare, **facts)
    assert "岗位已经结束" in ended.why_apart
    assert ended.actor.grants == cast.lin.grants


def test_a_lost_phone_that_was_ended_hands_in_apart(cast):
    device, token = make_device(cast.lin)
    with pytest.raises(NotFound):
        devices.end_device(device_id=device.pk, actor=cast.desk, now=NINE)
    devices.end_device(device_id=device.pk, actor=cast.lin, now=NINE)
    hand = devices.hand_of(device=devices.device_of(token), signed_in=cast.lin, skew=None, now=NINE)
    assert "已经停用" in hand.why_apart
    assert not Submission.objects.exists()
