"""Names are masked for those who need no more; every column says whether it is personal."""

from datetime import UTC, datetime

import pytest
from django.apps import apps

from linli.kernel.actor import Actor
from linli.kernel.errors import NotAllowed, NotFound
from linli.people import selectors
from linli.people.tests.makers import make_account

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MODELS = list(apps.get_app_config("people").get_models())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_column_says_whether_it_is_personal(model):
    columns = {field.name for field in model._meta.concrete_fields}
    personal, plain = set(model.PERSONAL), set(model.NOT_PERSONAL)
    assert personal | plain == columns, "A new column is named in PERSONAL or NOT_PERSONAL."
    assert not personal & plain
    assert set(model.PERSONAL.values()) <= {
        "name",
        "phone",
        "address",
        "text",
        "secret",
        "hash",
        "id",
        "date",
    }


def test_staff_are_named_and_residents_masked(cast, django_assert_num_queries):
    ids = [cast.lin.account_id, cast.mei.account_id, cast.zhou.account_id, None]
    with django_assert_num_queries(2):  # one more for the id that is no account here
        assert selectors.account_names(ids) == {
            cast.lin.account_id: "林",
            cast.mei.account_id: "梅**",
        }
    assert selectors.account_names([]) == {}


def test_the_lead_sees_the_accounts_of_the_community_and_no_others(cast, django_assert_num_queries):
    for number in range(5):
        make_account(f"员{number}", area_path=cast.community.path)
    with django_assert_num_queries(2):
        lines = selectors.accounts_below(cast.lead)
    names = {line.name for line in lines}
    assert {"林", "何", "高", "马", "员0"} <= names
    assert not {"郑", "周", "谢", "梅小雨"} & names


def test_accounts_are_found_by_name_or_whole_login(cast):
    assert [line.login for line in selectors.accounts_below(cast.lead, words="林")] == ["lin"]
    assert [line.name for line in selectors.accounts_below(cast.lead, words="desk")] == ["何"]
    assert selectors.accounts_below(cast.lead, words="des") == []
    assert selectors.accounts_below(cast.lead, words="zhou") == []


def test_accounts_come_page_by_page(cast):
    everybody = selectors.accounts_below(cast.lead)
    first = selectors.accounts_below(cast.lead, limit=2)
    rest = selectors.accounts_below(cast.lead, before=first[-1].id)
    assert [*first, *rest] == everybody


def test_without_the_duty_there_are_no_accounts(cast):
    with pytest.raises(NotAllowed):
        selectors.accounts_below(cast.lin)
    with pytest.raises(NotAllowed):
        selectors.locked_accounts(cast.lead, NINE)


def test_a_stranger_has_no_account_of_their_own(cast):
    with pytest.raises(NotFound):
        selectors.get_own_account(Actor(tenant_id=cast.home.pk))


def test_a_resident_has_no_login(cast):
    assert selectors.login_of(cast.mei.account_id) == ""
    assert selectors.login_of(cast.lin.account_id) == "lin"


def test_demo_accounts_are_shown_in_the_demo_only(settings, monkeypatch):
    from linli.people.selectors import demo

    monkeypatch.setattr(demo, "_sources", [])
    shown = selectors.DemoAccount(group="东城社区", label="网格员", login="lin", password="x")
    demo.register_demo_accounts(lambda: [shown])
    settings.DEMO = True
    assert selectors.demo_accounts() == [shown]
    settings.DEMO = False
    assert selectors.demo_accounts() == []
