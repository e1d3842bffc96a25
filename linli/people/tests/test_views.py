"""Through the pages: in and out, one's own account."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from linli.kernel import clock, tenancy
from linli.people import selectors, services
from linli.people.models import Account
from linli.people.tests.makers import PASSWORD
from linli.people.tests.makers import sign_in as open_browser

NEW = "two old jujube trees"


def enter(client: Client, login: str = "lin", password: str = PASSWORD, **more):
    return client.post(reverse("people:sign_in"), {"login": login, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("people:me")).status_code == 200


def text(answer) -> str:
    return answer.content.decode()


def test_staff_sign_in_and_out(cast):
    client = Client()
    assert "工作人员登录" in text(client.get(reverse("people:sign_in")))
    assert enter(client).headers["Location"] == "/home/"
    assert is_in(client)
    assert client.post(reverse("people:sign_out")).headers["Location"] == "/sign-in/"
    assert not is_in(client)


def test_after_signing_in_one_is_where_one_wanted_to_go(cast):
    client = Client()
    asked = client.get(reverse("people:accounts") + "?q=lin&ended=1")
    page = client.get(asked.headers["Location"])
    assert page.context["next"] == "/desk/people/accounts/?q=lin&ended=1"
    assert enter(client, next=page.context["next"]).headers["Location"] == page.context["next"]


def test_nobody_is_sent_to_another_site(cast):
    assert enter(Client(), next="https://example.com/").headers["Location"] == "/home/"
    assert enter(Client(), next="//example.com/").headers["Location"] == "/home/"


def test_a_wrong_password_keeps_the_login_and_not_the_password(cast):
    answer = enter(Client(), password="my other password")
    assert answer.status_code == 422
    assert 'value="lin"' in text(answer)
    assert "my other password" not in text(answer)
    assert "登录名或密码不对" in text(answer)


def test_signing_in_takes_a_new_session_so_that_a_planted_one_is_worth_nothing(cast):
    client = Client()
    client.cookies["sessionid"] = "planted"
    enter(client)
    first = client.cookies["sessionid"].value
    assert first != "planted"
    enter(client, login="desk")
    assert client.cookies["sessionid"].value != first
    thief = Client()
    thief.cookies["sessionid"] = first
    assert not is_in(thief)


def test_the_first_password_has_to_be_changed_before_anything_else(cast, sign_in):
    made = services.reset_password(account_id=cast.lin.account_id, actor=cast.lead, now=clock.now())
    client = Client()
    assert enter(client, password=made.password).headers["Location"] == "/me/password/"
    assert client.get(reverse("people:me")).headers["Location"] == "/me/password/"
    form = {"old": made.password, "new": NEW, "again": "another one here"}
    assert "两遍写的不一样" in text(client.post(reverse("people:password"), form))
    answer = client.post(reverse("people:password"), {**form, "again": NEW})
    assert answer.headers["Location"] == "/home/"
    assert is_in(client)


def test_with_codes_turned_on_there_is_a_second_step(cast, sign_in):
    own = sign_in("lin")
    page = own.get(reverse("people:totp"))
    secret = page.context["secret"]
    assert '<svg class="qr"' in text(page)
    wrong = own.post(reverse("people:totp"), {"secret": secret, "code": "12"})
    assert (wrong.status_code, wrong.context["secret"]) == (422, secret)
    now = clock.now()
    code = pyotp.TOTP(secret).at(now - timedelta(seconds=30))
    own.post(reverse("people:totp"), {"secret": secret, "code": code})
    client = Client()
    assert enter(client, next="/me/").headers["Location"] == "/sign-in/code/"
    assert not is_in(client)
    assert client.get(reverse("people:confirm")).status_code == 200
    assert client.post(reverse("people:confirm"), {"code": "000"}).status_code == 422
    answer = client.post(reverse("people:confirm"), {"code": pyotp.TOTP(secret).at(clock.now())})
    assert answer.headers["Location"] == "/me/"
    assert is_in(client)
    off = {"password": PASSWORD, "code": pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))}
    assert client.post(reverse("people:totp"), off).headers["Location"] == "/me/?done=no-totp"


def test_the_second_step_needs_the_first_and_not_long_ago(cast):
    client = Client()
    assert client.get(reverse("people:confirm")).headers["Location"] == "/sign-in/"
    session = client.session
    old = int((clock.now() - timedelta(minutes=6)).timestamp())
    halfway = {"account": cast.lin.account_id.hex, "tenant": cast.home.pk, "at": old, "next": "/"}
    session["halfway"] = halfway
    session.save()
    assert client.get(reverse("people:confirm")).headers["Location"] == "/sign-in/"


def test_a_changed_password_and_ended_sessions_leave_only_this_browser(cast, sign_in):
    here, there = sign_in("lin"), sign_in("lin")
    form = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert here.post(reverse("people:password"), form).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    again = Client()
    enter(again, password=NEW)
    here.post(reverse("people:sessions"))
    assert is_in(here)
    assert not is_in(again)


@pytest.mark.parametrize(("hours_ago", "stays"), [(1, True), (3, False), (13, False)])
def test_a_staff_session_ends_by_itself(cast, hours_ago, stays):
    began = clock.now() - timedelta(hours=hours_ago)
    client = open_browser(cast.lin.account_id, cast.home.pk, at=began)
    assert is_in(client) is stays


def test_using_a_session_keeps_it_but_not_beyond_twelve_hours(cast):
    client = open_browser(cast.lin.account_id, cast.home.pk, at=clock.now() - timedelta(hours=1))
    assert is_in(client)
    who = client.session["who"]
    assert who["seen"] - who["since"] >= 3600
    session = client.session
    session["who"] = {**who, "since": who["since"] - 12 * 3600}
    session.save()
    assert not is_in(client)


def test_an_ended_account_is_out_at_once(cast, sign_in):
    client = sign_in("lin")
    assert is_in(client)
    services.end_account(account_id=cast.lin.account_id, actor=cast.lead, now=clock.now())
    assert not is_in(client)


def test_a_session_of_a_tenant_that_was_switched_off_is_over(cast, sign_in):
    client = sign_in("lin")
    cast.home.is_active = False
    cast.home.save()
    assert not is_in(client)


def test_a_broken_session_is_nobody(cast):
    client = Client()
    session = client.session
    session["who"] = {"account": "nonsense"}
    session.save()
    assert not is_in(client)


def test_own_name_and_phone_are_changed_and_errors_keep_what_was_typed(cast, sign_in):
    client = sign_in("lin")
    wrong = client.post(reverse("people:me"), {"name": "林一", "phone": "12"})
    assert wrong.status_code == 422
    assert 'value="林一"' in text(wrong)
    assert (
        client.post(reverse("people:me"), {"name": "林一", "phone": "10000000044"}).status_code
        == 302
    )
    assert "已改好" in text(client.get(reverse("people:me") + "?done=name"))
    assert selectors.account_names([cast.lin.account_id])[cast.lin.account_id] == "林一"


def at(cast) -> str:
    return f"?at={cast.home.code}-{cast.community.code}"


def test_a_resident_signs_in_with_a_phone_and_a_code(cast, settings):
    settings.DEMO = True
    client = Client()
    page = client.get(reverse("people:resident_sign_in") + at(cast))
    assert "用手机号登录" in text(page)
    sent = client.post(reverse("people:resident_sign_in") + at(cast), {"phone": "100 0000 0051"})
    assert sent.context["shown"] in text(sent)
    form = {"phone": "10000000051", "code": "12", "next": "/me/"}
    wrong = client.post(reverse("people:resident_enter") + at(cast), form)
    assert wrong.status_code == 422
    assert "10000000051" in text(wrong)
    form["code"] = sent.context["shown"]
    answer = client.post(reverse("people:resident_enter") + at(cast), form)
    assert answer.headers["Location"] == "/me/"
    assert client.cookies["sessionid"]["max-age"] > 29 * 24 * 3600
    assert "密码" not in text(client.get(reverse("people:me")))
    assert client.get(reverse("people:password")).status_code == 404
    client.post(reverse("people:me"), {"name": "小梅"})
    with tenancy.tenant(cast.home.pk):
        assert Account.objects.latest("id").name == "小梅"
    assert client.post(reverse("people:sign_out")).headers["Location"] == "/"


def test_a_residents_session_lasts_a_month(cast):
    client = open_browser(cast.mei.account_id, cast.home.pk, at=clock.now() - timedelta(days=29))
    assert is_in(client)
    old = open_browser(cast.mei.account_id, cast.home.pk, at=clock.now() - timedelta(days=31))
    assert not is_in(old)


def test_a_second_code_within_a_minute_is_told_and_the_phone_kept(cast):
    client = Client()
    address = reverse("people:resident_sign_in") + at(cast)
    client.post(address, {"phone": "10000000052"})
    again = client.post(address, {"phone": "10000000052"})
    assert again.status_code == 422
    assert "秒后可以再发" in text(again)
    assert "10000000052" in text(again)


def test_without_a_community_a_resident_is_sent_to_choose_one(cast):
    for client in (Client(), Client()):
        assert "先选社区" in text(client.get(reverse("people:resident_sign_in")))
        assert "先选社区" in text(client.get(reverse("people:resident_sign_in") + "?at=none-1"))
    assert "先选社区" in text(Client().post(reverse("people:resident_enter"), {"phone": "1"}))


def test_the_community_may_come_from_the_cookie(cast):
    client = Client()
    client.cookies["at"] = f"{cast.home.code}-{cast.community.code}"
    assert "用手机号登录" in text(client.get(reverse("people:resident_sign_in")))
