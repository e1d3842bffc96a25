"""My notices, at the desk's and the field's door."""

import pytest

from linli.kernel import clock
from linli.messages import selectors
from linli.messages.models import Notice, Preference
from linli.messages.tests.test_views import tell_lin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("door", ["desk", "field"])
def test_lin_sees_what_is_new_and_how_many_on_every_page(cast, sign_in, door):
    tell_lin(cast)
    page = sign_in("lin").get(f"/{door}/notices/").content.decode()
    assert "新工单：楼道灯不亮" in page
    assert "1 条没读" in page
    assert f'{"rail" if door == "desk" else "tabbar"}__count">1<' in page


def test_opening_a_notice_leads_to_its_case_and_marks_it_read(cast, sign_in):
    notice = tell_lin(cast)
    lin = sign_in("lin")
    answer = lin.get(f"/field/notices/{notice}/")
    assert (answer.status_code, answer["Location"]) == (302, "/field/cases/1/")
    assert selectors.unread_count(cast.lin.account_id) == 0
    assert "都读过了" in lin.get("/field/notices/").content.decode()


def test_a_notice_without_a_link_is_shown_itself(cast, sign_in):
    notice = tell_lin(cast, link="")
    page = sign_in("lin").get(f"/desk/notices/{notice}/").content.decode()
    assert "楼道灯不亮" in page


def test_a_link_that_leads_elsewhere_is_not_followed(cast, sign_in):
    notice = tell_lin(cast, link="//evil.example/")
    assert sign_in("lin").get(f"/desk/notices/{notice}/").status_code == 200


def test_reading_all_leaves_unread_what_came_meanwhile(cast, sign_in):
    first = tell_lin(cast, "灯")
    tell_lin(cast, "井盖")
    answer = sign_in("lin").post("/desk/notices/read/", {"up_to": first})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/notices/")
    assert selectors.unread_count(cast.lin.account_id) == 1
    sign_in("lin").post("/field/notices/read/", {"up_to": "nonsense"})
    assert selectors.unread_count(cast.lin.account_id) == 0


def test_older_notices_are_a_page_away_and_the_list_costs_the_same(
    cast, sign_in, django_assert_max_num_queries
):
    for number in range(35):
        tell_lin(cast, f"第 {number} 件")
    lin = sign_in("lin")
    with django_assert_max_num_queries(12):
        page = lin.get("/desk/notices/").content.decode()
    assert "第 34 件" in page
    assert "更早的" in page
    last = selectors.notices_of(cast.lin.account_id, limit=30)[-1]
    older = lin.get(f"/desk/notices/?before={last.id}").content.decode()
    assert "第 0 件" in older
    assert "第 34 件" not in older
    assert "没有没读的" not in lin.get("/desk/notices/?state=unread").content.decode()


def test_lin_chooses_mail_instead_of_texts(cast, sign_in):
    answer = sign_in("lin").post("/field/notices/preferences/", {"by_mail": "on"})
    assert answer["Location"] == "/field/notices/?said=preferences"
    wish = Preference.objects.get(account_id=cast.lin.account_id)
    assert (wish.by_sms, wish.by_mail, wish.daily_digest) == (False, True, False)
    assert "checked" in sign_in("lin").get("/desk/notices/preferences/").content.decode()


def test_a_hundred_unread_are_ninety_nine(cast):
    Notice.objects.bulk_create(
        Notice(key=str(number), account_id=cast.lin.account_id, event_name="x", title="x",
               body="x", created_at=clock.now())
        for number in range(120)
    )  # fmt: skip
    assert selectors.unread_count(cast.lin.account_id) == 99
