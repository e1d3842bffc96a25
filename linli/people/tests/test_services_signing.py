"""Staff sign in with password and code; guesses lock, codes work once."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from linli.kernel import events
from linli.kernel.errors import BadInput, NotFound, TooMany
from linli.people import selectors, services
from linli.people.errors import WeakPassword, WrongSignIn
from linli.people.tests.makers import PASSWORD

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "10000000021"


def names_of(subject_id):
    return [row.name for row in events.timeline(subject_id)]


def test_five_failures_lock_the_account_even_for_the_right_password(cast):
    for _try in range(5):
        with pytest.raises(WrongSignIn):
            services.sign_in(login="lin", password="wrong", now=NINE)
    with pytest.raises(WrongSignIn):
        services.sign_in(login="lin", password=PASSWORD, now=NINE + 14 * MINUTE)
    assert names_of(cast.lin.account_id) == ["people.account.locked"]
    assert selectors.locked_accounts(cast.security, NINE)[0].login == "lin"
    services.sign_in(login="lin", password=PASSWORD, now=NINE + 15 * MINUTE)


def test_the_fifth_try_may_still_be_right_and_clears_the_count(cast):
    for _round in range(2):
        for _try in range(4):
            with pytest.raises(WrongSignIn):
                services.sign_in(login="lin", password="wrong", now=NINE)
        services.sign_in(login="lin", password=PASSWORD, now=NINE)
    assert "people.account.locked" not in names_of(cast.lin.account_id)


def test_unlocking_lets_somebody_try_at_once(cast):
    for _try in range(5):
        with pytest.raises(WrongSignIn):
            services.sign_in(login="lin", password="wrong", now=NINE)
    services.unlock_account(account_id=cast.lin.account_id, actor=cast.security, now=NINE)
    services.sign_in(login="lin", password=PASSWORD, now=NINE)


def test_unknown_locked_and_wrong_are_told_the_same(cast, monkeypatch):
    checked = []
    from linli.people.services import signing

    real = signing.check_password
    monkeypatch.setattr(
        signing, "check_password", lambda given, kept: checked.append(kept) or real(given, kept)
    )
    words = set()
    for login in ("nobody", "lin", "lin", "lin", "lin", "lin", "lin"):
        with pytest.raises(WrongSignIn) as refusal:
            services.sign_in(login=login, password="wrong", now=NINE)
        words.add(refusal.value.message)
    assert len(words) == 1
    # A hash was worked on every time: the unknown and the locked take as long as the wrong.
    assert len(checked) == 7


def test_guessing_at_many_logins_from_one_address_is_slowed_down(cast):
    for number in range(60):
        with pytest.raises(WrongSignIn):
            services.sign_in(login=f"guess{number}", password="x", address="192.0.2.1", now=NINE)
    with pytest.raises(TooMany):
        services.sign_in(login="lin", password=PASSWORD, address="192.0.2.1", now=NINE)
    services.sign_in(login="lin", password=PASSWORD, address="192.0.2.2", now=NINE)


def test_staff_of_a_tenant_that_was_switched_off_do_not_sign_in(cast):
    cast.home.is_active = False
    cast.home.save()
    with pytest.raises(WrongSignIn):
        services.sign_in(login="lin", password=PASSWORD, now=NINE)


def turn_on_totp(cast, actor=None):
    actor = actor or cast.lin
    secret, uri = services.start_totp(secret="", actor=actor)
    assert uri.startswith("otpauth://totp/")
    assert services.start_totp(secret=secret, actor=actor)[0] == secret
    code = pyotp.TOTP(secret).at(NINE - MINUTE)
    services.set_totp(secret=secret, code=code, actor=actor, now=NINE - MINUTE)
    return pyotp.TOTP(secret)


def enter_code(cast, code, now=NINE):
    return services.confirm_totp(
        account_id=cast.lin.account_id, tenant_id=cast.home.pk, code=code, now=now
    )


def test_with_codes_turned_on_the_password_alone_is_not_enough(cast):
    totp = turn_on_totp(cast)
    assert services.sign_in(login="lin", password=PASSWORD, now=NINE).needs_code
    assert names_of(cast.lin.account_id) == ["people.account.totp_changed"]
    assert not enter_code(cast, totp.at(NINE)).needs_code
    assert names_of(cast.lin.account_id)[-1] == "people.account.signed_in"


def test_a_right_password_is_no_failure_while_the_code_is_owed(cast):
    """The fifth try may be right here too; wrong codes go on counting all the same."""
    totp = turn_on_totp(cast)
    for _try in range(4):
        with pytest.raises(WrongSignIn):
            services.sign_in(login="lin", password="wrong", now=NINE)
    services.sign_in(login="lin", password=PASSWORD, now=NINE)
    enter_code(cast, totp.at(NINE))
    for _try in range(5):
        services.sign_in(login="lin", password=PASSWORD, now=NINE)
        with pytest.raises(WrongSignIn):
            enter_code(cast, totp.at(NINE))  # used
    with pytest.raises(WrongSignIn):
        services.sign_in(login="lin", password=PASSWORD, now=NINE)
    assert names_of(cast.lin.account_id).count("people.account.locked") == 1


def test_a_code_works_once(cast):
    totp = turn_on_totp(cast)
    code = totp.at(NINE)
    enter_code(cast, code)
    with pytest.raises(WrongSignIn):
        enter_code(cast, code, NINE + timedelta(seconds=5))
    with pytest.raises(WrongSignIn):  # and none before it
        enter_code(cast, totp.at(NINE - timedelta(seconds=30)))


def test_a_code_may_be_one_step_early_or_late_and_no_more(cast):
    totp = turn_on_totp(cast)
    for seconds in (-90, -60, 60, 90):
        with pytest.raises(WrongSignIn):
            enter_code(cast, totp.at(NINE + timedelta(seconds=seconds)))
    services.unlock_account(account_id=cast.lin.account_id, actor=cast.lead, now=NINE)
    enter_code(cast, totp.at(NINE - timedelta(seconds=30)))
    enter_code(
        cast,
        " "
        + totp.at(NINE + timedelta(seconds=30))[:3]
        + " "
        + totp.at(NINE + timedelta(seconds=30))[3:],
    )


def test_wrong_codes_lock_too(cast):
    totp = turn_on_totp(cast)
    for _try in range(5):
        with pytest.raises(WrongSignIn):
            enter_code(cast, "000000" if totp.at(NINE) != "000000" else "111111")
    with pytest.raises(WrongSignIn):
        enter_code(cast, totp.at(NINE))


def test_codes_are_turned_on_only_with_the_right_one(cast):
    secret, _uri = services.start_totp(secret="", actor=cast.lin)
    with pytest.raises(BadInput):
        services.set_totp(secret=secret, code="12345", actor=cast.lin, now=NINE)
    assert not services.sign_in(login="lin", password=PASSWORD, now=NINE).needs_code


def test_codes_are_turned_off_with_password_and_a_last_code(cast):
    totp = turn_on_totp(cast)
    with pytest.raises(BadInput):
        services.drop_totp(password="wrong", code=totp.at(NINE), actor=cast.lin, now=NINE)
    with pytest.raises(BadInput):
        services.drop_totp(password=PASSWORD, code="nothing", actor=cast.lin, now=NINE)
    services.drop_totp(password=PASSWORD, code=totp.at(NINE), actor=cast.lin, now=NINE)
    assert not services.sign_in(login="lin", password=PASSWORD, now=NINE).needs_code


def test_a_changed_password_ends_other_sessions(cast):
    signed = services.set_password(
        old=PASSWORD, new="two old jujube trees", actor=cast.lin, now=NINE
    )
    assert (signed.session_round, signed.must_change_password) == (1, False)
    services.sign_in(login="lin", password="two old jujube trees", now=NINE)


@pytest.mark.parametrize(
    ("old", "new", "refusal", "field"),
    [
        ("wrong", "two old jujube trees", BadInput, "old"),
        (PASSWORD, "short", WeakPassword, "new"),
        (PASSWORD, "password123", WeakPassword, "new"),
        (PASSWORD, PASSWORD, WeakPassword, "new"),
    ],
)
def test_a_new_password_is_refused_for_a_reason(cast, old, new, refusal, field):
    with pytest.raises(refusal) as raised:
        services.set_password(old=old, new=new, actor=cast.lin, now=NINE)
    assert raised.value.field == field


def test_ending_sessions_raises_the_round(cast):
    assert services.end_sessions(actor=cast.lin, now=NINE).session_round == 1
    assert names_of(cast.lin.account_id) == ["people.account.sessions_ended"]


def test_a_resident_changes_the_name_and_keeps_the_phone(cast):
    services.change_own(name="梅", phone=PHONE, actor=cast.mei, now=NINE)
    own = selectors.get_own_account(cast.mei)
    assert (own.name, own.phone) == ("梅", "10000000001")


def test_an_ended_account_changes_nothing(cast):
    services.end_account(account_id=cast.lin.account_id, actor=cast.lead, now=NINE)
    with pytest.raises(NotFound):
        services.end_sessions(actor=cast.lin, now=NINE)
    with pytest.raises(NotFound):
        selectors.get_own_account(cast.lin)
