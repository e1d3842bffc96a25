"""What we keep about somebody: agreed to, looked at, handed out, forgotten."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linli.kernel import events
from linli.kernel.actor import reporter
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.kernel.models import EventRow
from linli.people.models import (
    Account,
    Consent,
    Contact,
    Fact,
    FieldKind,
    OneTimeCode,
    Person,
    PersonTag,
    Reveal,
)
from linli.people.selectors import privacy
from linli.people.services import consents, copying, forgetting, looking, marking, retention
from linli.people.services.moving import move_out
from linli.people.tests.makers import (
    make_contact,
    make_home,
    make_tag,
    number_of,
    register,
)

NOW = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def keeper(cast):
    """The lead, who keeps the register and may see everything."""
    return cast.lead


@pytest.fixture
def mei(cast, keeper) -> Person:
    """Mei as the register knows her; the phone is that of her account."""
    home = make_home(cast.entrance)
    return register(home.id, actor=keeper, phone="10000000001", id_number=number_of())


def look(person, actor, **facts):
    return looking.reveal_person(
        person_id=person.pk, purpose="visit", actor=actor, now=NOW, **facts
    )


def link(mei, cast, keeper):
    return consents.link_account(
        person_id=mei.pk, account_id=cast.mei.account_id, actor=keeper, now=NOW
    )


def test_agreeing_is_to_a_wording_and_counts_once(cast):
    first = consents.give_consent(purpose="contact", actor=cast.mei, now=NOW)
    assert consents.give_consent(purpose="contact", actor=cast.mei, now=NOW).pk == first.pk
    consents.write_wording(
        purpose="contact", version="2", text="新", on_withdrawal="删", actor=cast.lead, now=NOW
    )
    owner = privacy.own(cast.mei)
    line = next(one for one in privacy.consent_lines(owner) if one.purpose == "contact")
    assert (line.version, line.is_outdated, line.given.pk) == ("2", True, first.pk)
    newer = consents.give_consent(purpose="contact", actor=cast.mei, now=NOW + DAY)
    assert newer.version == "2"
    assert Consent.objects.filter(withdrawn_at=None).get().pk == newer.pk
    with pytest.raises(Conflict):
        consents.write_wording(
            purpose="contact", version="2", text="x", on_withdrawal="y", actor=cast.lead, now=NOW
        )
    with pytest.raises(BadInput):
        consents.give_consent(purpose="everything", actor=cast.mei, now=NOW)


def test_withdrawing_the_contact_empties_phone_and_address_at_once(cast):
    contact = make_contact(account_id=cast.mei.account_id, address="1 号楼")
    other = make_contact("别人", "10000000002")
    consents.give_consent(purpose="contact", actor=cast.mei, now=NOW)
    assert consents.withdraw_consent(purpose="contact", actor=cast.mei, now=NOW) == 1
    contact.refresh_from_db()
    assert (contact.phone, contact.phone_tail, contact.address) == ("", "", "")
    assert Contact.objects.get(pk=other.pk).phone
    assert not privacy.has_consent("contact", account_id=cast.mei.account_id)
    event = EventRow.objects.filter(name="people.consent.withdrawn").get()
    assert event.data["changed_count"] == 1
    assert "10000000001" not in str(event.data)


def test_withdrawing_details_deletes_what_nobody_has_to_answer(cast, keeper, mei):
    for code, required in (("hobby", False), ("work", True)):
        kind = FieldKind.objects.create(
            code=code, name=code, subject="person", value="text", is_required=required
        )
        Fact.objects.create(person=mei, field=kind, value="x", known_at=NOW, source="desk")
    count = consents.withdraw_consent(
        purpose="details", how="desk", person_id=mei.pk, actor=keeper, now=NOW
    )
    assert count == 1
    assert Fact.objects.get(person=mei).field.code == "work"


def test_withdrawing_care_ends_sensitive_marks(cast, keeper, mei):
    for code, is_sensitive in (("illness", True), ("elder_alone", False)):
        make_tag(code, code, is_sensitive=is_sensitive)
        marking.tag_person(person_id=mei.pk, code=code, actor=keeper, now=NOW)
    consents.withdraw_consent(purpose="care", how="call", person_id=mei.pk, actor=keeper, now=NOW)
    lasting = PersonTag.objects.filter(person=mei, ended_at=None)
    assert [tag.kind.code for tag in lasting] == ["elder_alone"]


def test_staff_take_down_how_it_was_said_and_residents_speak_for_themselves(cast, keeper, mei):
    with pytest.raises(BadInput):
        consents.give_consent(purpose="care", how="self", person_id=mei.pk, actor=keeper, now=NOW)
    with pytest.raises(BadInput):
        consents.give_consent(purpose="care", how="paper", actor=cast.mei, now=NOW)
    for actor in (cast.officer, cast.away_lead, cast.mei):
        with pytest.raises(NotFound):
            consents.give_consent(
                purpose="care", how="paper", person_id=mei.pk, actor=actor, now=NOW
            )
    with pytest.raises(NotFound):
        consents.give_consent(purpose="care", actor=reporter(cast.home.pk), now=NOW)


def test_an_account_becomes_a_persons_when_staff_have_seen_them(cast, keeper, mei):
    consents.give_consent(purpose="contact", actor=cast.mei, now=NOW)
    assert [value for value, _label in privacy.linkable(mei.pk, keeper)] == [
        str(cast.mei.account_id)
    ]
    link(mei, cast, keeper)
    assert privacy.own(cast.mei) == privacy.Owner(mei.pk, cast.mei.account_id)
    assert Consent.objects.get().person_id == mei.pk
    other = register(make_home(cast.entrance, "502").id, "别人", actor=keeper, phone="10000000009")
    with pytest.raises(Conflict):
        link(other, cast, keeper)
    consents.unlink_account(person_id=mei.pk, account_id=cast.mei.account_id, actor=keeper, now=NOW)
    assert privacy.own(cast.mei).person_id is None
    with pytest.raises(NotFound):
        consents.link_account(
            person_id=mei.pk, account_id=cast.desk.account_id, actor=keeper, now=NOW
        )


def test_one_reads_who_looked_by_post_and_why_never_by_name(cast, keeper, mei, sign_in):
    look(mei, keeper, parts=("contact", "id"))
    link(mei, cast, keeper)
    line = privacy.looks(privacy.own(cast.mei))[0]
    assert (line.post, line.purpose) == ("东城社区社区负责人", "约时间上门")
    assert "证件号码" in line.what
    page = sign_in("mei").get(reverse("people:privacy")).content.decode()
    assert "东城社区社区负责人" in page
    assert "约时间上门" in page
    assert ">高<" not in page


def test_the_copy_holds_everything_and_is_noted(cast, keeper, mei):
    link(mei, cast, keeper)
    copy = copying.take_copy(file_format="json", actor=cast.mei, now=NOW)
    said = json.loads(copy.content)
    titles = {section["title"] for section in said["sections"]}
    assert {"登记资料", "居住", "账号"} <= titles
    rows = next(one["rows"] for one in said["sections"] if one["title"] == "登记资料")
    assert {row["项目"]: row["内容"] for row in rows}["证件号码"] == number_of()
    event = EventRow.objects.filter(name="people.copy.given").get()
    assert event.data == {"file_format": "json", "is_by_desk": False}
    with pytest.raises(BadInput):
        copying.take_copy(file_format="pdf", actor=cast.mei, now=NOW)


def test_the_desk_gives_the_copy_with_a_reason_that_the_person_sees(cast, keeper, mei, tmp_path):
    with pytest.raises(BadInput):
        copying.take_copy(file_format="xlsx", person_id=mei.pk, actor=keeper, now=NOW)
    made = copying.take_copy(
        file_format="xlsx",
        person_id=mei.pk,
        purpose="other",
        note="本人到窗口",
        actor=keeper,
        now=NOW,
    )
    path = tmp_path / "copy.xlsx"
    path.write_bytes(made.content)
    assert "登记资料" in load_workbook(path).sheetnames
    assert Reveal.objects.get(person=mei).parts == "contact,facts,id"
    for actor in (cast.officer, cast.away_lead):
        with pytest.raises(NotFound):
            copying.take_copy(
                file_format="xlsx", person_id=mei.pk, purpose="visit", actor=actor, now=NOW
            )


def test_people_who_are_gone_lose_their_name_when_their_time_is_over(cast, keeper, mei):
    move_out(person_id=mei.pk, home_id=mei.home_id, ends_on=NOW.date(), actor=keeper, now=NOW)
    assert forgetting.keep_to_rules(now=NOW + 59 * 30 * DAY)["people.gone"] == 0
    later = NOW + 62 * 31 * DAY
    assert forgetting.keep_to_rules(now=later)["people.gone"] == 1
    assert forgetting.keep_to_rules(now=later)["people.gone"] == 0
    mei.refresh_from_db()
    assert (mei.name, mei.id_number, mei.phone, mei.born_on) == ("", "", "", None)
    event = EventRow.objects.filter(name="people.retention.applied").latest("id")
    assert (event.data["kind"], event.data["count"]) == ("people.gone", 1)
    assert retention.rules_by_kind()["people.gone"].total_count == 1


def test_whoever_lives_here_is_never_forgotten(cast, keeper, mei):
    forgetting.keep_to_rules(now=NOW + 9999 * DAY)
    mei.refresh_from_db()
    assert mei.name


def test_the_job_goes_in_batches_and_other_kinds_have_their_time(cast, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    OneTimeCode.objects.bulk_create(
        OneTimeCode(phone_hash="x", code_hash="y", created_at=NOW, expires_at=NOW)
        for _number in range(5)
    )
    Account.objects.filter(pk=cast.mei.account_id).update(ended_at=NOW)
    assert forgetting.keep_to_rules(now=NOW + 40 * DAY)["people.codes"] == 5
    told = EventRow.objects.filter(name="people.retention.applied")
    assert [row.data["count"] for row in told.order_by("id")] == [2, 2, 1]
    rule = retention.rules_by_kind()["people.codes"]
    assert (rule.applied_count, rule.total_count) == (
        5,
        5,
    )  # of the whole going, not its last batch
    assert forgetting.keep_to_rules(now=NOW + 400 * DAY)["people.accounts"] == 1
    assert Account.objects.get(pk=cast.mei.account_id).phone == ""


def test_a_community_says_how_long_and_may_switch_it_off(cast):
    def say(**facts):
        base = {"months": 2, "action": "delete", "is_active": True, **facts}
        return retention.set_retention(
            kind=base.pop("kind", "people.codes"), **base, actor=cast.lead, now=NOW
        )

    assert say().months == 2
    for facts in ({"months": 0}, {"months": 601}, {"action": "anonymise"}):
        with pytest.raises(BadInput):
            say(**facts)
    with pytest.raises(NotFound):
        say(kind="nothing")
    with pytest.raises(NotAllowed):
        retention.set_retention(
            kind="people.codes", months=1, action="delete", is_active=True, actor=cast.lin, now=NOW
        )
    say(is_active=False)
    OneTimeCode.objects.create(phone_hash="x", code_hash="y", created_at=NOW, expires_at=NOW)
    assert forgetting.keep_to_rules(now=NOW + 999 * DAY)["people.codes"] == 0


def test_the_pages_work_from_end_to_end(cast, keeper, mei, sign_in):
    resident, desk = sign_in("mei"), sign_in("lead")
    person = [mei.pk]
    page = desk.get(reverse("people:person_privacy", args=person)).content.decode()
    assert "核对过证件，就是本人" in page
    desk.post(reverse("people:person_link", args=person), {"account": cast.mei.account_id})
    answer = resident.post(reverse("people:consent", args=["care"]), {"answer": "yes"})
    assert answer.status_code == 302
    assert privacy.has_consent("care", person_id=mei.pk)
    desk.post(
        reverse("people:person_consent", args=person),
        {"purpose": "care", "how": "paper", "answer": "no"},
    )
    assert not privacy.has_consent("care", person_id=mei.pk)
    assert number_of() in resident.get(reverse("people:own_data")).content.decode()
    file = resident.post(reverse("people:own_copy"), {"file_format": "xlsx"})
    assert file.content[:2] == b"PK"
    wrong = desk.post(reverse("people:person_copy", args=person), {"file_format": "xlsx"})
    assert wrong.status_code == 422
    rules = {"months": 3, "action": "delete", "is_active": "on"}
    desk.post(reverse("people:retention_rule", args=["people.codes"]), rules)
    assert "保存 3 个月" in desk.get(reverse("people:retention")).content.decode()
    bad = desk.post(reverse("people:retention_rule", args=["people.codes"]), {"months": 0})
    assert bad.status_code == 422
    assert events.timeline(mei.pk)
