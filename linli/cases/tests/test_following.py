"""A follower, "me too": a number and a link of one's own, an answer, and the way out."""

from types import SimpleNamespace

import pytest
from django.test import Client

from linli.cases.models import Case, Follower
from linli.cases.selectors import followers
from linli.cases.selectors.reading import timeline
from linli.cases.services import closing, following, handling, merging, telling
from linli.cases.tests.makers import DAY, HOUR, MONDAY, make_case, make_neighbourhood
from linli.cases.tests.test_field_report import picture
from linli.kernel import clock, tenancy, worker
from linli.kernel.actor import reporter
from linli.kernel.errors import DomainError, NotFound
from linli.kernel.models import EventRow
from linli.messages.models import Delivery
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def follow(case, phone="10055556666", device="neighbour", at=MONDAY) -> Follower:
    found, _is_new = following.follow_case(
        case_id=case.pk,
        device=device,
        phone=phone,
        consent_version="1",
        actor=reporter(case.tenant_id),
        now=at,
    )
    return found


def token(follower) -> str:
    return telling.token_of_follower(follower)


def say(follower, *, is_solved=True, satisfaction=3, at=MONDAY + 2 * DAY) -> Case:
    return following.rate_as_follower(
        token=token(follower),
        is_solved=is_solved,
        satisfaction=satisfaction,
        comment="",
        actor=reporter(follower.tenant_id),
        now=at,
    )


def withdraw(case) -> Case:
    return closing.withdraw_case(
        token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + HOUR
    )


def resolve(world, case) -> Case:
    return handling.resolve_case(
        case_id=case.pk, text="已清运。", actor=world.desk, now=MONDAY + DAY
    )


def page(follower, part="") -> str:
    return f"/f/{token(follower)}/{part}"


def text_of(answer) -> str:
    return answer.content.decode()


def test_each_who_follows_has_a_number_and_a_link_of_their_own(world):
    case = make_case(world)
    first, second = follow(case), follow(case, "", "other")

    assert followers.number_of(first) == f"{case.number}-1"
    assert followers.number_of(second) == f"{case.number}-2"
    assert len({token(first), token(second), telling.token_of(case)}) == 3
    assert follow(case).pk == first.pk  # the same phone follows once
    assert Case.objects.get().follower_count == 2


def test_the_link_comes_by_message_and_the_number_finds_it_again(world):
    case = make_case(world)
    found = follow(case)
    with tenancy.all_tenants():
        worker.tick(MONDAY + HOUR)

    sent = Delivery.objects.filter(notice__event_name="cases.case.followed")
    assert [f"/f/{token(found)}/" in one.text for one in sent] == [True]
    at = f"home-{world.community.code}"
    sent = {"at": at, "number": f"{case.number}-1", "tail": "6666"}
    assert Client().post("/find/", sent).url == page(found)
    assert Client().post("/find/", sent | {"tail": "5678"}).status_code == 404
    for order in ("²", "9" * 20, "x"):
        odd = sent | {"number": f"{case.number}-{order}"}
        assert Client().post("/find/", odd).status_code in (404, 422)


def test_a_follower_reads_how_it_goes_and_nothing_of_the_reporter(world):
    case = make_case(world, text="302 的电表箱冒烟，我家老人害怕。", spot="302 门口")
    closing.add_to_case(
        token=telling.token_of(case),
        text="我的电话晚上打。",
        actor=reporter(case.tenant_id),
        now=MONDAY,
    )
    found = follow(case)
    resolve(world, case)

    shown = text_of(Client().get(page(found)))

    assert "已办好" in shown
    assert "已清运" in shown  # what was done is for everybody who met it
    for secret in (
        "302 的",
        "302 门口",
        "我的电话晚上打",
        case.title,
        "10012345678",
        telling.token_of(case),
    ):
        assert secret not in shown


def test_what_a_follower_adds_is_for_staff_and_themselves(world):
    case = make_case(world, at=clock.now())
    found, other = follow(case), follow(case, "10077778888", "other")
    phone = Client()

    answer = phone.post(
        page(found, "additions/"), {"text": "西门那边也满了。", "photos": picture()}, follow=True
    )

    assert "西门那边也满了" in text_of(answer)
    photo = Case.objects.get().photos.get()
    assert phone.get(page(found, f"photos/{photo.pk}/full/")).status_code == 200
    assert phone.get(page(other, f"photos/{photo.pk}/full/")).status_code == 404
    assert "西门那边也满了" not in text_of(phone.get(page(other)))
    own = f"/c/{telling.token_of(case)}/"
    assert "西门那边也满了" not in text_of(phone.get(own))
    assert phone.get(f"{own}photos/{photo.pk}/").status_code == 404
    desk = sign_in(world.desk.account_id, case.tenant_id)
    assert "西门那边也满了" in text_of(desk.get(f"/desk/cases/{case.pk}/"))


def test_one_pause_between_urges_for_all_who_wait(world):
    case = make_case(world)
    found = follow(case)
    following.urge_as_follower(token=token(found), actor=reporter(case.tenant_id), now=MONDAY)

    with pytest.raises(DomainError, match="催过"):
        closing.urge_case(
            token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + HOUR
        )
    titles = [str(line.title) for line in timeline(Case.objects.get(), for_staff=False)]
    assert "您催办了一次" not in titles


def test_a_followers_answer_stands_beside_and_moves_nothing(world):
    case = make_case(world)
    found = follow(case)
    resolve(world, case)

    after = say(found, is_solved=False, satisfaction=1)

    assert (after.state, after.is_solved) == ("resolved", None)
    assert followers.answers_of(after) == (1, 0, 0)
    told = EventRow.objects.get(name="cases.case.follower_rated")
    assert told.data["is_solved"] is False
    desk = sign_in(world.desk.account_id, case.tenant_id)
    shown = text_of(desk.get(f"/desk/cases/{case.pk}/"))
    assert "1 位评价：0 位说解决了，0 位满意" in shown
    with pytest.raises(DomainError, match="评价过"):
        say(found)


def test_a_reporter_who_withdraws_does_not_end_it_for_the_others(world):
    case = make_case(world)
    found = follow(case)

    case = withdraw(case)

    assert (case.state, case.is_open) == ("reported", True)
    own = text_of(Client().get(f"/c/{telling.token_of(case)}/"))
    assert "您已撤回" in own
    assert "照常办" in own
    assert "照常办" in text_of(Client().get(page(found)))
    with pytest.raises(DomainError):
        closing.urge_case(
            token=telling.token_of(case), actor=reporter(case.tenant_id), now=MONDAY + DAY
        )


def test_when_the_reporter_left_the_word_of_those_who_stay_counts(world):
    case = make_case(world)
    found = follow(case)
    withdraw(case)
    resolve(world, case)

    case = say(found, is_solved=False, satisfaction=1)

    assert case.is_open
    assert case.reopen_count == 1


def test_what_is_done_again_is_asked_again(world):
    case = make_case(world)
    one, other = follow(case), follow(case, phone="10033334444", device="other")
    withdraw(case)
    resolve(world, case)
    assert say(one, is_solved=False, satisfaction=1).state == "assigned"

    handling.resolve_case(case_id=case.pk, text="又清了。", actor=world.desk, now=MONDAY + 3 * DAY)

    one.refresh_from_db()
    assert followers.can_rate(one, MONDAY + 3 * DAY)
    assert say(one, at=MONDAY + 4 * DAY).state == "closed"
    with pytest.raises(DomainError):
        say(one, at=MONDAY + 4 * DAY)
    assert say(other, is_solved=False, satisfaction=1, at=MONDAY + 4 * DAY).state == "closed"


def test_the_last_who_leaves_a_case_without_reporter_ends_it(world):
    case = make_case(world)
    found, other = follow(case), follow(case, "10077778888", "other")
    withdraw(case)
    for one in (found, other):
        assert Case.objects.get().is_open
        following.leave_case(token=token(one), actor=reporter(case.tenant_id), now=MONDAY + DAY)

    assert Case.objects.get().state == "withdrawn"


def test_leaving_stops_the_link_and_the_count(world):
    case = make_case(world)
    found = follow(case)
    assert "照常办" in text_of(Client().post(page(found, "leaving/")))

    assert Client().get(page(found)).status_code == 404
    assert Case.objects.get().follower_count == 0
    assert Case.objects.get().is_open


def test_without_others_a_withdrawal_is_the_end(world):
    assert withdraw(make_case(world)).state == "withdrawn"


def test_a_followers_link_is_no_reporters_and_the_other_way_round(world):
    case = make_case(world)
    found = follow(case)

    assert Client().get(f"/c/{token(found)}/").status_code == 404
    assert Client().get(f"/f/{telling.token_of(case)}/").status_code == 404
    altered = token(found)[:-2] + ("xA" if token(found)[-2] != "x" else "yA")
    assert Client().get(f"/f/{altered}/").status_code == 404
    Follower.objects.update(link_version=2)
    with pytest.raises(NotFound):
        following.leave_case(token=token(found), actor=reporter(case.tenant_id), now=MONDAY)


def test_a_merged_reporter_keeps_the_link_of_their_own_case(world):
    into, case = make_case(world), make_case(world, phone="10087654321")
    merging.merge_case(case_id=case.pk, into_id=into.pk, actor=world.desk, now=MONDAY)
    resolve(world, into)
    with tenancy.all_tenants():
        worker.tick(MONDAY + DAY)

    case.refresh_from_db()
    sent = Delivery.objects.filter(notice__event_name="cases.case.resolved")
    assert any(f"/c/{telling.token_of(case)}/" in one.text for one in sent)


def test_who_has_left_is_not_called_back_by_a_merge(world):
    into, case = make_case(world), make_case(world, phone="10087654321")
    gone, stays = follow(case), follow(case, phone="10033334444", device="other")
    me = reporter(case.tenant_id)
    following.leave_case(token=token(gone), actor=me, now=MONDAY)
    closing.withdraw_case(token=telling.token_of(case), actor=me, now=MONDAY)

    merging.merge_case(case_id=case.pk, into_id=into.pk, actor=world.desk, now=MONDAY)

    into.refresh_from_db()
    assert [one.contact_id for one in into.followers.all()] == [stays.contact_id]
    assert into.follower_count == 1
