"""Contacts are kept with consent, masked, and shown with a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.kernel import events, tenancy
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.people import selectors, services
from linli.people.models import Contact, Reveal
from linli.people.tests.makers import make_contact

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = "10000000021"


def names_of(subject_id):
    return [row.name for row in events.timeline(subject_id)]


def keep(cast, **given):
    given.setdefault("actor", reporter(cast.home.pk))
    return services.keep_contact(**given, now=NINE)


def test_nothing_given_is_no_contact(cast):
    assert keep(cast, name="  ", phone=" ") is None


def test_the_same_phone_and_name_is_the_same_contact_however_written(cast):
    first = keep(cast, name="梅小雨", phone="100 0000 0021", consent_version="2026-01")
    again = keep(cast, name=" 梅小雨 ", phone="+86 １００-0000-0021", address="3号楼2单元301室")
    assert again.id == first.id
    again.refresh_from_db()
    assert (again.consent_version, again.consented_at) == ("2026-01", NINE)
    assert again.address == "3号楼2单元301室"
    assert again.phone_tail == "0021"


def test_another_name_with_the_same_phone_is_another_contact(cast):
    assert keep(cast, name="梅小雨", phone=PHONE).id != keep(cast, name="梅大雨", phone=PHONE).id


def test_a_name_alone_makes_nobody_the_same_person(cast):
    assert keep(cast, name="梅小雨").id != keep(cast, name="梅小雨").id


def test_a_signed_in_residents_contact_is_theirs_and_filled_in(cast):
    contact = keep(cast, account_id=cast.mei.account_id)
    assert (contact.name, contact.phone) == ("梅小雨", "10000000001")
    assert keep(cast, account_id=cast.mei.account_id).id == contact.id
    assert selectors.contact_ids_of_account(cast.mei.account_id) == [contact.id]


def test_what_was_reported_with_ones_phone_before_is_ones_own(cast):
    before = keep(cast, name="梅", phone="10000000001")
    other = keep(cast, name="别人", phone=PHONE)
    mine = selectors.contact_ids_of_account(cast.mei.account_id)
    assert before.id in mine
    assert other.id not in mine


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"phone": "1234"}, "phone"),
        ({"phone": PHONE, "name": "长" * 31}, "name"),
        ({"phone": PHONE, "address": "长" * 121}, "address"),
    ],
)
def test_what_cannot_be_kept_says_which_field(cast, given, field):
    with pytest.raises(BadInput) as refusal:
        keep(cast, **given)
    assert refusal.value.field == field


def test_a_contact_is_unreadable_in_the_database_and_found_by_its_phone(
    cast, django_assert_num_queries
):
    contact = keep(cast, name="梅小雨", phone=PHONE, address="3号楼2单元301室")
    raw = Contact.objects.filter(pk=contact.pk).extra(
        select={"raw_phone": "phone", "raw_name": "name"}
    )
    stored = next(iter(raw.values_list("raw_phone", "raw_name")))
    assert PHONE not in stored[0]
    assert "梅" not in stored[1]
    with django_assert_num_queries(1):
        assert selectors.find_contacts_by_phone("100 0000 0021") == [contact.id]
    assert selectors.find_contacts_by_phone("梅小雨") == []


def test_a_card_is_masked(cast):
    card = selectors.contact_card(
        keep(cast, name="梅小雨", phone=PHONE, address="3号楼2单元301室").id
    )
    assert (card.name, card.phone, card.tail) == ("梅**", "100****0021", "0021")
    assert "301" not in card.address
    assert not card.is_revealed
    assert selectors.contact_cards([card.id]) == {card.id: card}


def test_an_unknown_or_foreign_contact_is_not_found(cast):
    with tenancy.tenant(cast.away.pk):
        foreign = make_contact()
    for ask in (selectors.contact_card, selectors.reach_contact):
        with pytest.raises(NotFound):
            ask(foreign.id)


def reveal(cast, actor, contact, **given):
    given = {"purpose": "verify", "is_allowed": False, **given}
    return services.reveal_contact(
        contact_id=contact.id,
        area_path=cast.community.path,
        subject_id=None,
        actor=actor,
        now=NINE,
        **given,
    )


def test_revealing_shows_everything_and_records_who_and_why_without_the_words(cast):
    contact = make_contact()
    card = reveal(cast, cast.desk, contact, purpose="other", note="居民要求更正电话 10000000001")
    assert (card.name, card.phone, card.is_revealed) == ("梅小雨", "10000000001", True)
    event = events.timeline(contact.id)[0]
    assert event.name == "people.contact.revealed"
    assert event.data["purpose"] == "other"
    assert "梅" not in str(event.data)
    assert "10000000001" not in str(event.data)
    line = selectors.reveals(cast.security)[0]
    assert (line.who, line.contact, line.note) == ("何", "梅**", "居民要求更正电话 10000000001")


def test_a_handler_sees_without_the_duty_and_others_do_not(cast):
    contact = make_contact()
    with pytest.raises(NotAllowed):
        reveal(cast, cast.lin, contact)
    assert reveal(cast, cast.lin, contact, is_allowed=True).is_revealed
    with pytest.raises(NotAllowed):
        reveal(cast, cast.property, contact)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"purpose": ""}, "purpose"), ({"purpose": "other", "note": " "}, "note")],
)
def test_no_reveal_without_a_purpose(cast, given, field):
    with pytest.raises(BadInput) as refusal:
        reveal(cast, cast.desk, make_contact(), **given)
    assert refusal.value.field == field
    assert not Reveal.objects.exists()


def test_an_unknown_contact_is_not_revealed(cast):
    contact = make_contact()
    contact.delete()
    with pytest.raises(NotFound):
        reveal(cast, cast.desk, contact)


def test_the_log_of_reveals_is_the_security_offices(cast):
    with pytest.raises(NotAllowed):
        selectors.reveals(cast.lead)


def test_the_log_comes_page_by_page_and_messages_reach_people_in_clear(cast):
    contact = make_contact()
    for _time in range(3):
        reveal(cast, cast.desk, contact)
    first = selectors.reveals(cast.security, limit=2)
    rest = selectors.reveals(cast.security, before=first[-1].id)
    assert len({line.id for line in (*first, *rest)}) == 3
    assert selectors.reach_contact(contact.id).phone == "10000000001"


def test_a_list_in_full_needs_the_duty_and_a_purpose_and_leaves_one_line(cast):
    run_id = keep(cast, name="梅小雨", phone=PHONE).pk
    many = {"count": 17, "subject_id": run_id, "now": NINE}
    with pytest.raises(NotAllowed):
        services.record_reveal_of_many(purpose="follow_up", actor=cast.officer, **many)
    for wrong in ({"purpose": ""}, {"purpose": "other"}, {"purpose": "other", "note": "长" * 201}):
        with pytest.raises(BadInput):
            services.record_reveal_of_many(**wrong, actor=cast.lead, **many)
    assert not Reveal.objects.exists()
    services.record_reveal_of_many(purpose="other", note="年度满意度抽查", actor=cast.lead, **many)
    assert names_of(run_id) == ["people.contacts.exported"]
    line = selectors.reveals(cast.security)[0]
    assert (line.contact, line.note) == ("导出的清单，17 位", "年度满意度抽查")
