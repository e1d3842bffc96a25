"""Through the pages: accounts at the desk, and what the security office sees."""

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from linli.people import services
from linli.people.tests.makers import PASSWORD, make_contact

NEW = "two old jujube trees"


def enter(client: Client, login: str = "lin", password: str = PASSWORD, **more):
    return client.post(reverse("people:sign_in"), {"login": login, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get(reverse("people:me")).status_code == 200


def text(answer) -> str:
    return answer.content.decode()


def test_the_lead_opens_an_account_and_sees_its_password_once(cast, sign_in):
    lead = sign_in("lead")
    form = {"name": "王", "login": "wang.fang", "area_path": cast.community.path}
    wrong = lead.post(reverse("people:new_account"), {**form, "login": "lin"})
    assert wrong.status_code == 422
    assert "已经有人用了" in text(wrong)
    made = lead.post(reverse("people:new_account"), form)
    password = made.context["made"].password
    assert password in text(made)
    assert made.headers["Cache-Control"] == "no-store"
    assert enter(Client(), login="wang.fang", password=password).status_code == 302
    above = lead.post(
        reverse("people:new_account"), {**form, "area_path": cast.community.parent.path}
    )
    assert above.status_code == 422


def test_the_lead_changes_resets_and_ends_an_account(cast, sign_in):
    lead, lin = sign_in("lead"), cast.lin.account_id
    page = reverse("people:account", args=[lin])
    assert lead.post(page, {"name": "林一", "phone": "10000000044"}).status_code == 302
    assert 'value="10000000044"' in text(lead.get(page))
    assert lead.post(page, {"name": "林一", "phone": "44"}).status_code == 422
    reset = lead.post(reverse("people:account_password", args=[lin]))
    assert reset.context["made"].login == "lin"
    for _try in range(5):
        enter(Client(), password="wrong")
    assert "暂停登录" in text(lead.get(page))
    lead.post(reverse("people:unlocking", args=[lin]))
    assert "暂停登录" not in text(lead.get(page))
    assert lead.post(reverse("people:ending", args=[lin])).status_code == 302
    assert "林一" not in text(lead.get(reverse("people:accounts")))
    assert "林一" in text(lead.get(reverse("people:accounts") + "?ended=1"))


def test_the_list_of_accounts_takes_few_queries(cast, sign_in, django_assert_max_num_queries):
    lead = sign_in("lead")
    with django_assert_max_num_queries(11):  # four of them count what waits, for the rail
        assert "何" in text(lead.get(reverse("people:accounts")))
    assert lead.get(reverse("people:accounts") + "?before=nonsense").status_code == 404


def test_the_security_office_sees_reveals_and_locked_accounts(cast, sign_in):
    contact = make_contact()
    services.reveal_contact(
        contact_id=contact.id,
        purpose="verify",
        area_path=cast.community.path,
        subject_id=None,
        actor=cast.desk,
        now=datetime(2026, 3, 2, tzinfo=UTC),
    )
    for _try in range(5):
        enter(Client(), password="wrong")
    security = sign_in("security")
    page = text(security.get(reverse("people:security")))
    assert "梅**" in page
    assert "联系反映人核实情况" in page
    unlock = reverse("people:security_unlocking", args=[cast.lin.account_id])
    assert unlock in page
    assert security.post(unlock).status_code == 302
    assert unlock not in text(security.get(reverse("people:security")))
