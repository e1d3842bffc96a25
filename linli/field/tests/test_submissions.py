"""What a phone hands in: once, in its order, nothing lost, nothing overwritten in silence."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.field.errors import OtherContent, PhotosMissing
from linli.field.models import Submission
from linli.field.services import submissions
from linli.field.services.submissions import Difference, Differs, Taken, hand_in
from linli.field.services.taking import KEPT_FOR, forget_taken
from linli.field.tests.makers import HOUR, NINE, NOTE, delivery, make_device, make_photo, taking
from linli.kernel.errors import BadInput, Busy, NotAllowed, NotFound
from linli.kernel.ids import new_id


def take_all(sent):
    return Taken(link="/field/", words="收到。")


def refusing(error):
    def take(sent):
        raise error

    return take


def test_the_first_time_is_new_and_the_same_again_is_not(cast):
    one = delivery()
    with taking(take_all):
        first = hand_in(delivery=one, actor=cast.lin, now=NINE)
        again = hand_in(delivery=one, actor=cast.lin, now=NINE + HOUR)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.submission.pk == again.submission.pk
    assert again.submission.state == "taken"
    assert (again.submission.link, again.submission.words) == ("/field/", "收到。")


def test_answers_in_another_order_are_the_same_content(cast):
    one = delivery(answers={"a": 1, "b": "二"})
    with taking(take_all):
        hand_in(delivery=one, actor=cast.lin, now=NINE)
        other = delivery(id=one.id, answers={"b": "二", "a": 1})
        assert not hand_in(delivery=other, actor=cast.lin, now=NINE).is_new


@pytest.mark.parametrize("change", [{"answers": {"text": "另一句"}}, {"kind": "tests.other"}])
def test_the_same_id_with_other_content_is_refused(cast, change):
    one = delivery()
    with taking(take_all):
        hand_in(delivery=one, actor=cast.lin, now=NINE)
        with pytest.raises(OtherContent):
            hand_in(delivery=delivery(id=one.id, **change), actor=cast.lin, now=NINE)
        with pytest.raises(OtherContent):
            hand_in(delivery=one, actor=cast.desk, now=NINE)


def test_a_colleague_in_another_district_does_not_meet_the_id(cast):
    one = delivery()
    with taking(take_all):
        hand_in(delivery=one, actor=cast.lin, now=NINE)
    assert Submission.objects.count() == 1
    from linli.kernel import tenancy

    with tenancy.tenant(cast.away.pk), taking(take_all):
        assert Submission.objects.count() == 0
        assert hand_in(delivery=one, actor=cast.zhou, now=NINE).is_new


def test_what_came_too_early_waits_for_what_belongs_before_it(cast):
    told = []
    one = delivery(answers={"text": "一"})
    two = delivery(answers={"text": "二"}, after=(one.id,))
    three = delivery(answers={"text": "三"}, after=(two.id,))

    def take(sent):
        told.append(sent.answers["text"])
        return Taken()

    with taking(take):
        assert hand_in(delivery=three, actor=cast.lin, now=NINE).submission.state == "held"
        assert hand_in(delivery=two, actor=cast.lin, now=NINE).submission.state == "held"
        assert told == []
        hand_in(delivery=one, actor=cast.lin, now=NINE)
    assert told == ["一", "二", "三"]
    assert set(Submission.objects.values_list("state", flat=True)) == {"taken"}


def test_what_waits_for_something_that_never_comes_goes_on_alone(cast):
    with taking(take_all):
        hand_in(delivery=delivery(after=(new_id(),)), actor=cast.lin, now=NINE)
        assert submissions.release_overdue(now=NINE + HOUR) == 0
        assert submissions.release_overdue(now=NINE + submissions.HELD_FOR) == 1
    assert Submission.objects.get().state == "taken"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_order_of_arrival_the_end_is_the_same(cast, data):
    """Four records of a phone, each after the one before, arrive in any order, some of them twice."""
    chain = [delivery(answers={"text": str(at)}) for at in range(4)]
    linked = [
        delivery(id=one.id, answers=one.answers, after=(chain[at - 1].id,) if at else ())
        for at, one in enumerate(chain)
    ]
    arrivals = data.draw(st.permutations(linked + linked[:2]))
    board: list[str] = []

    def take(sent):
        if sent.answers["text"] == "2":
            raise BadInput("写错了。")
        board.append(sent.answers["text"])
        return Taken(words=f"第 {len(board)} 个")

    with transaction.atomic(), taking(take):
        for one in arrivals:
            hand_in(delivery=one, actor=cast.lin, now=NINE)
        ended = {row.sent_id: (row.state, row.words) for row in Submission.objects.all()}
        transaction.set_rollback(True)
    assert board == ["0", "1", "3"]
    assert [ended[one.id] for one in linked] == [
        ("taken", "第 1 个"), ("taken", "第 2 个"), ("refused", "写错了。"), ("taken", "第 3 个"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (BadInput("这位老人已经走访过了。"), "refused"),
        (NotAllowed("没有找到这一页。"), "quarantined"),
        (NotFound("没有找到这个人。"), "quarantined"),
    ],
)
def test_what_a_room_says_no_to_is_kept_with_its_words(cast, error, state):
    with taking(refusing(error)):
        came = hand_in(delivery=delivery(), actor=cast.lin, now=NINE).submission
    came.refresh_from_db()
    assert (came.state, came.words) == (state, error.message)
    assert came.said == {"text": "看过了。"}


def test_what_no_room_takes_is_kept_for_the_desk(cast):
    came = hand_in(delivery=delivery(kind="tests.nothing"), actor=cast.lin, now=NINE).submission
    assert came.state == "quarantined"


def test_what_time_mends_leaves_nothing_behind(cast):
    with taking(refusing(Busy("过一分钟再来。"))), pytest.raises(Busy):
        hand_in(delivery=delivery(), actor=cast.lin, now=NINE)
    assert not Submission.objects.exists()


def test_what_a_room_began_and_then_refused_is_undone(cast):
    def half(sent):
        Submission.objects.filter(sent_id=sent.id).update(link="半截")
        raise BadInput("不行。")

    with taking(half):
        came = hand_in(delivery=delivery(), actor=cast.lin, now=NINE).submission
    came.refresh_from_db()
    assert (came.link, came.state) == ("", "refused")


def test_a_record_that_was_changed_meanwhile_is_laid_side_by_side(cast):
    met = Difference(name="phone", label="电话", base="1", sent="2", here="3")
    with taking(refusing(Differs((met,), version="7", link="/field/x/"))):
        came = hand_in(delivery=delivery(base_version="6"), actor=cast.lin, now=NINE).submission
    assert (came.state, came.here_version) == ("conflict", "7")
    assert came.different == [
        {"name": "phone", "label": "电话", "base": "1", "sent": "2", "here": "3"}
    ]


def test_photos_come_first_and_belong_to_one_submission(cast):
    photo, seen = make_photo(cast.lin), []
    with taking(lambda sent: seen.append(sent.photos) or Taken()):
        one = delivery(photos=(("door", photo),))
        with pytest.raises(PhotosMissing):
            hand_in(delivery=delivery(photos=(("door", new_id()),)), actor=cast.lin, now=NINE)
        hand_in(delivery=one, actor=cast.lin, now=NINE)
        with pytest.raises(PhotosMissing):
            hand_in(delivery=delivery(photos=(("door", photo),)), actor=cast.lin, now=NINE)
        assert not hand_in(delivery=one, actor=cast.lin, now=NINE).is_new
    ((code, picture),) = seen[0]
    assert (code, picture.width, picture.path.endswith(".jpg")) == ("door", 64, True)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": {"text": "长" * 70_000}},
        {"photos": tuple(("a", new_id()) for _ in range(21))},
        {"after": tuple(new_id() for _ in range(21))},
        {"title": "长" * 121},
    ],
)
def test_too_much_is_refused_before_anything_is_kept(cast, wrong):
    with taking(take_all), pytest.raises(BadInput):
        hand_in(delivery=delivery(**wrong), actor=cast.lin, now=NINE)
    assert not Submission.objects.exists()


def test_what_waits_does_not_fail_what_comes_in_nor_its_neighbours(cast):
    """A room's own fault over one of them: the others go on, and it is tried again."""
    one, taken, is_broken = delivery(answers={"text": "一"}), [], [True]
    later = [delivery(answers={"text": text}, after=(one.id,)) for text in "二三"]

    def take(sent):
        if sent.answers["text"] == "二" and is_broken[0]:
            raise ZeroDivisionError
        taken.append(sent.answers["text"])
        return Taken()

    with taking(take):
        for each in (*later, one):
            hand_in(delivery=each, actor=cast.lin, now=NINE)
        assert taken == ["一", "三"]
        assert Submission.objects.get(sent_id=later[0].id).state == "held"
        with transaction.atomic():
            submissions.release_overdue(now=NINE + submissions.HELD_FOR + 2 * timedelta(days=1))
            assert Submission.objects.get(sent_id=later[0].id).state == "quarantined"
            transaction.set_rollback(True)
        is_broken[0] = False
        assert submissions.release_overdue(now=NINE + HOUR) == 1
    assert taken == ["一", "三", "二"]


def test_a_phone_that_stood_in_1970_says_nothing_of_when(cast):
    device, _token = make_device(cast.lin, now=NINE)
    long_ago = NINE.replace(year=1970)
    with taking(take_all):
        rows = [
            hand_in(
                delivery=delivery(said_at=at, is_of_form_client=is_form), actor=cast.lin,
                device=device, now=NINE + HOUR,
            ).submission
            for at, is_form in ((long_ago, False), (NINE, False), (long_ago, True))
        ]  # fmt: skip
    assert [row.made_at for row in rows] == [NINE + HOUR, NINE, long_ago]


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-1)])
def test_a_phones_clock_a_day_off_is_set_right(cast, off):
    """It was made at nine and handed in at ten, whatever the phone thinks."""
    with taking(take_all):
        came = hand_in(
            delivery=delivery(said_at=NINE + off, skew=-off), actor=cast.lin, now=NINE + HOUR
        ).submission
    assert (came.made_at, came.said_at) == (NINE, NINE + off)


def test_what_is_handed_in_is_not_readable_in_the_database(cast, django_assert_num_queries):
    from django.db import connection

    with taking(take_all):
        hand_in(delivery=delivery(answers={"text": "心脏不好"}), actor=cast.lin, now=NINE)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT answers, acts_as FROM field_submission WHERE tenant_id = %s", [cast.home.pk]
        )
        (row,) = cursor.fetchall()
    assert "心脏" not in row[0]
    assert cast.lin.name not in row[1]
    assert Submission.objects.get(kind=NOTE).said == {"text": "心脏不好"}


def test_what_was_taken_long_ago_is_emptied_and_stays_the_same_submission(cast):
    one, waiting = delivery(), delivery(kind="tests.nothing")
    with taking(take_all):
        hand_in(delivery=one, actor=cast.lin, now=NINE)
        hand_in(delivery=waiting, actor=cast.lin, now=NINE)
        later = NINE + KEPT_FOR + HOUR
        assert forget_taken(now=NINE + KEPT_FOR) == 0
        assert forget_taken(now=later) == 1
        assert forget_taken(now=later) == 0
        assert not hand_in(delivery=one, actor=cast.lin, now=later).is_new
    assert Submission.objects.get(sent_id=one.id).said == {}
    assert Submission.objects.get(sent_id=waiting.id).said == {"text": "看过了。"}
