"""Accounts are made, changed, reset, unlocked and ended, each within its area."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import events
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.people import selectors, services
from linli.people.errors import AccountEnded, LoginTaken, WrongSignIn
from linli.people.models import Account, LoginIdentity
from linli.people.tests.makers import PASSWORD

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "10000000021"


def names_of(subject_id):
    return [row.name for row in events.timeline(subject_id)]


def open_account(cast, **given):
    given = {"login": "wang.fang", "name": "王", "area_path": cast.community.path, **given}
    given.setdefault("actor", cast.lead)
    return services.create_account(**given, now=NINE)


def test_a_new_account_signs_in_with_its_first_password_and_has_to_change_it(cast):
    made = open_account(cast, login=" Wang.Fang ", phone="100-0000-0033", email="w@example.cn")
    signed = services.sign_in(login="WANG.FANG", password=made.password, now=NINE)
    assert (signed.account_id, signed.tenant_id) == (made.account_id, cast.home.pk)
    assert signed.must_change_password
    assert names_of(made.account_id) == ["people.account.created", "people.account.signed_in"]
    reach = selectors.reach_accounts([made.account_id])[made.account_id]
    assert (reach.phone, reach.email) == ("10000000033", "w@example.cn")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"login": "王芳"}, "login"),
        ({"login": "w"}, "login"),
        ({"login": "1wang"}, "login"),
        ({"name": " "}, "name"),
        ({"name": "长" * 31}, "name"),
        ({"phone": "12"}, "phone"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_an_account_says_what_is_wrong_with_it(cast, given, field):
    with pytest.raises(BadInput) as refusal:
        open_account(cast, **given)
    assert refusal.value.field == field
    assert not LoginIdentity.objects.filter(login="wang.fang").exists()


def test_a_login_is_taken_in_every_tenant_at_once(cast):
    with pytest.raises(LoginTaken):
        open_account(cast, login="zhou")
    assert Account.objects.filter(name="王").count() == 0


def test_nobody_opens_accounts_beyond_their_area(cast):
    with pytest.raises(NotAllowed):
        open_account(cast, area_path=cast.community.parent.path)
    with pytest.raises(NotAllowed):
        open_account(cast, actor=cast.lin)


def manage(service, cast, actor, account_id, **given):
    return service(account_id=account_id, actor=actor, now=NINE, **given)


@pytest.mark.parametrize(
    "service",
    [
        services.reset_password,
        services.unlock_account,
        services.end_account,
        lambda **given: services.change_account(name="新名", **given),
    ],
)
def test_an_account_of_an_area_above_is_out_of_reach(cast, service):
    for actor, account_id in (
        (cast.lead, cast.officer.account_id),
        (cast.lead, cast.zhou.account_id),
        (cast.away_lead, cast.lin.account_id),
        (cast.lin, cast.desk.account_id),
        (cast.lead, cast.mei.account_id),
    ):
        with pytest.raises(NotFound):
            service(account_id=account_id, actor=actor, now=NINE)


def test_an_account_that_gets_a_post_above_is_lifted_out_of_reach(cast):
    above = cast.community.parent.path
    services.lift_account(
        account_id=cast.lin.account_id, area_path=above, actor=cast.lead, now=NINE
    )
    with pytest.raises(NotFound):
        manage(services.reset_password, cast, cast.lead, cast.lin.account_id)
    assert names_of(cast.lin.account_id) == ["people.account.lifted"]


def test_an_account_that_gets_a_post_below_stays(cast):
    services.lift_account(
        account_id=cast.desk.account_id, area_path=cast.grid.path, actor=cast.lead, now=NINE
    )
    assert manage(services.reset_password, cast, cast.lead, cast.desk.account_id).password


def test_a_reset_password_works_once_and_ends_sessions(cast):
    made = manage(services.reset_password, cast, cast.lead, cast.lin.account_id)
    with pytest.raises(WrongSignIn):
        services.sign_in(login="lin", password=PASSWORD, now=NINE)
    signed = services.sign_in(login="lin", password=made.password, now=NINE)
    assert (signed.session_round, signed.must_change_password) == (1, True)


def test_an_ended_account_signs_in_no_more_and_keeps_its_login(cast):
    manage(services.end_account, cast, cast.lead, cast.lin.account_id)
    with pytest.raises(WrongSignIn):
        services.sign_in(login="lin", password=PASSWORD, now=NINE)
    with pytest.raises(LoginTaken):
        open_account(cast, login="lin")
    for service in (services.reset_password, services.end_account, services.unlock_account):
        with pytest.raises(AccountEnded):
            manage(service, cast, cast.lead, cast.lin.account_id)


def test_nobody_ends_their_own_account(cast):
    with pytest.raises(BadInput):
        manage(services.end_account, cast, cast.lead, cast.lead.account_id)


def test_changing_an_account_records_which_fields_not_what(cast):
    manage(services.change_account, cast, cast.lead, cast.lin.account_id, name="林一", phone=PHONE)
    event = events.timeline(cast.lin.account_id)[-1]
    assert event.data == {"changed": "name,phone"}
    manage(services.change_account, cast, cast.lead, cast.lin.account_id, name="林一", phone=PHONE)
    assert len(events.timeline(cast.lin.account_id)) == 1
