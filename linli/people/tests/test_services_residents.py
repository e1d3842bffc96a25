"""Residents sign in with a phone and a code by message, which works once."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import events, secrets, tenancy
from linli.kernel.actor import reporter, system
from linli.kernel.errors import BadInput, TooMany
from linli.kernel.models import EventRow, Job
from linli.people import services
from linli.people.errors import CodeTooSoon, WrongSignIn
from linli.people.models import OneTimeCode
from linli.people.tests.makers import make_account, make_resident

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "10000000021"


def names_of(subject_id):
    return [row.name for row in events.timeline(subject_id)]


def send(cast, phone=PHONE, now=NINE, address="192.0.2.1"):
    return services.send_code(phone=phone, address=address, actor=reporter(cast.home.pk), now=now)


def sent_code():
    return secrets.decrypt(Job.objects.filter(task="messages.send_code").latest("id").data["code"])


def enter(cast, code, phone=PHONE, now=NINE):
    return services.sign_in_by_code(phone=phone, code=code, actor=reporter(cast.home.pk), now=now)


def test_a_code_by_message_makes_the_account_the_first_time_only(cast):
    assert send(cast).shown == ""  # outside the demo nobody sees it but the phone
    first = enter(cast, sent_code())
    send(cast, now=NINE + MINUTE)
    again = enter(cast, f" {sent_code()} ", phone="+86 100 0000 0021", now=NINE + MINUTE)
    assert again.account_id == first.account_id
    assert names_of(first.account_id)[:2] == ["people.account.created", "people.account.signed_in"]


def test_the_job_carries_phone_and_code_encrypted(cast):
    send(cast)
    job = Job.objects.latest("id")
    assert PHONE not in str(job.data)
    assert secrets.decrypt(job.data["phone"]) == PHONE
    assert len(sent_code()) == 6


def test_the_demo_shows_the_code(cast, settings):
    settings.DEMO = True
    shown = send(cast).shown
    assert shown == sent_code()


def test_a_code_by_message_works_once(cast):
    send(cast)
    code = sent_code()
    enter(cast, code)
    with pytest.raises(WrongSignIn):
        enter(cast, code)


def test_a_code_by_message_lives_five_minutes(cast):
    send(cast)
    with pytest.raises(WrongSignIn):
        enter(cast, sent_code(), now=NINE + 5 * MINUTE)


def test_only_the_newest_code_counts(cast):
    send(cast)
    old = sent_code()
    send(cast, now=NINE + MINUTE)
    if old != sent_code():
        with pytest.raises(WrongSignIn):
            enter(cast, old, now=NINE + MINUTE)


def test_five_wrong_tries_use_a_code_up(cast):
    send(cast)
    code = sent_code()
    wrong = "000000" if code != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(WrongSignIn):
            enter(cast, wrong)
    with pytest.raises(WrongSignIn):
        enter(cast, code)
    assert OneTimeCode.objects.get().failed_count == 5


def test_a_phone_that_was_sent_nothing_does_not_get_in(cast):
    with pytest.raises(WrongSignIn):
        enter(cast, "123456")


def test_one_code_a_minute_and_ten_a_day(cast):
    send(cast)
    with pytest.raises(CodeTooSoon, match="30"):
        send(cast, now=NINE + timedelta(seconds=30, milliseconds=500))
    for n in range(1, 10):
        send(cast, now=NINE + n * MINUTE)
    with pytest.raises(CodeTooSoon, match="明天"):
        send(cast, now=NINE + 20 * MINUTE)


def test_a_flood_from_one_address_is_limited_and_others_are_not(cast):
    for number in range(20):
        send(cast, phone=f"1000000{number:04d}")
    with pytest.raises(TooMany):
        send(cast, phone="10000009999")
    send(cast, phone="10000009999", address="192.0.2.2")


def test_a_landline_gets_no_code(cast):
    with pytest.raises(BadInput):
        send(cast, phone="0518-86210000")
    with pytest.raises(BadInput):
        send(cast, phone="")


def test_the_same_phone_in_another_tenant_is_another_person(cast):
    send(cast)
    code = sent_code()
    with tenancy.tenant(cast.away.pk), pytest.raises(WrongSignIn):
        services.sign_in_by_code(phone=PHONE, code=code, actor=reporter(cast.away.pk), now=NINE)


def test_two_first_sign_ins_at_once_make_one_account(cast, monkeypatch):
    from linli.people.services import codes

    made = make_resident(PHONE)
    hashed = made.phone_hash
    found = codes._make_account(PHONE, hashed, system(cast.home.pk), NINE)
    assert found.id == made.id


def test_no_event_of_people_carries_personal_data(cast):
    send(cast)
    enter(cast, sent_code())
    make_account("钱")
    told = "".join(str(row.data) for row in EventRow.objects.all())
    assert PHONE not in told
    assert "梅" not in told
