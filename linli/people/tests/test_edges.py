"""Where the register could tell too much, or lose what somebody said: each was found by looking."""

from datetime import timedelta

import pytest

from linli.field.selectors import day
from linli.field.selectors.openrosa import forms_of
from linli.field.services import submissions
from linli.kernel import ids
from linli.kernel.actor import Actor, ActorKind, Grant
from linli.kernel.errors import NotAllowed
from linli.people.models import Consent, FieldKind, Person
from linli.people.selectors import privacy
from linli.people.selectors import register as asked
from linli.people.services import consents, copying, looking, marking, merging
from linli.people.services import register as services
from linli.people.tests.makers import REGISTERED as NOW
from linli.people.tests.makers import make_home, make_tag, register


@pytest.fixture
def door(cast):
    return make_home(cast.entrance, "501")


def elsewhere(cast):
    """Return who keeps the register here, and has the delicate duties in another community only."""
    other = f"{cast.community.path.rsplit('/', 2)[0]}/elsewhere/"
    delicate = ("people.register", "people.reveal", "people.sensitive")
    held = {cast.community.path: ("people.register",), other: delicate}
    grants = tuple(Grant(duty, path) for path, duties in held.items() for duty in duties)
    return Actor(cast.home.pk, ActorKind.STAFF, account_id=ids.new_id(), name="何", grants=grants)


def test_delicate_duties_hold_where_they_were_given_and_nowhere_else(cast, door):
    mei = register(door.id, actor=cast.lead)
    make_tag("hiv", "特殊照顾", is_sensitive=True)
    marking.tag_person(person_id=mei.pk, code="hiv", actor=cast.lead, now=NOW)
    clerk = elsewhere(cast)
    assert [one.code for one in asked.person_lines([mei.pk], cast.lead)[mei.pk].tags] == ["hiv"]
    assert asked.person_lines([mei.pk], clerk)[mei.pk].tags == ()
    with pytest.raises(NotAllowed):
        marking.untag_person(person_id=mei.pk, code="hiv", actor=clerk, now=NOW)
    with pytest.raises(NotAllowed):
        copying.take_copy(
            file_format="json", person_id=mei.pk, purpose="verify", actor=clerk, now=NOW
        )


def test_who_may_not_see_numbers_gives_out_no_copy_with_them(cast, door):
    mei = register(door.id, actor=cast.lead)
    grants = tuple(Grant(one, cast.community.path) for one in ("people.register", "people.reveal"))
    clerk = Actor(cast.home.pk, ActorKind.STAFF, account_id=ids.new_id(), name="何", grants=grants)
    with pytest.raises(NotAllowed):
        copying.take_copy(
            file_format="json", person_id=mei.pk, purpose="verify", actor=clerk, now=NOW
        )


def test_a_merge_takes_consents_looks_and_the_account_along_and_gives_them_back(cast, door):
    kept, gone = register(door.id, actor=cast.lead), register(door.id, "梅晓雨", actor=cast.lead)
    consents.give_consent(purpose="care", how="paper", person_id=gone.pk, actor=cast.lead, now=NOW)
    looking.reveal_person(person_id=gone.pk, purpose="verify", actor=cast.lead, now=NOW)
    consents.link_account(
        person_id=gone.pk, account_id=cast.mei.account_id, actor=cast.lead, now=NOW
    )
    merge = merging.merge_people(kept_id=kept.pk, gone_id=gone.pk, actor=cast.lead, now=NOW)
    owner = privacy.own(cast.mei)
    assert owner.person_id == kept.pk
    assert privacy.account_of_person(kept.pk) == cast.mei.account_id
    assert privacy.has_consent("care", person_id=kept.pk)
    assert len(privacy.looks(owner)) == 1
    consents.withdraw_consent(purpose="care", actor=cast.mei, now=NOW)
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    merging.part_people(merge_id=merge.pk, actor=cast.lead, now=NOW)
    assert privacy.own(cast.mei).person_id == gone.pk
    assert len(privacy.looks(privacy.own(cast.mei))) == 1
    assert privacy.looks(privacy.Owner(person_id=kept.pk)) == []


def test_a_check_to_do_is_no_form_for_other_programs(cast, door):
    register(door.id, actor=cast.lin)
    assert [one.form for one in day.providers()["people"](cast.lin, NOW)] == ["people.check"]
    assert not [one for one in forms_of(cast.lin, NOW) if one.kind == "people.check"]


def test_what_the_desk_corrected_meanwhile_is_not_overwritten_by_a_phone(cast, door):
    FieldKind.objects.create(
        code="phone", name="电话", subject="person", value="phone", column="phone", shelf_days=1
    )
    mei = register(door.id, phone="10000000001", actor=cast.lin)
    (card,) = day.providers()["people"](cast.lin, NOW)
    later = NOW + timedelta(hours=2)
    services.correct_person(
        person_id=mei.pk, facts={"phone": "10000000009"}, actor=cast.lead, now=later
    )

    def sent(base, said="10000000002"):
        return submissions.Sent(
            id=ids.new_id(), kind="people.check", subject_id=door.id, base_version=base,
            answers={f"f_phone_{mei.pk.hex}": said}, photos=(),
            made_at=NOW + timedelta(hours=1), actor=cast.lin, now=later + timedelta(hours=1),
        )  # fmt: skip

    take = submissions.taker("people.check")
    with pytest.raises(submissions.Differs) as differs:
        take(sent(card.version))
    assert Person.objects.get().phone == "10000000009"
    (one,) = differs.value.differences
    assert (one.sent, "10000000009" in one.here) == ("10000000002", False)
    # Decided for the phone's word, upon what was looked at, it is taken; one more change is shown again.
    take(sent(differs.value.version))
    assert Person.objects.get().phone == "10000000002"
    with pytest.raises(submissions.Differs):
        take(sent(differs.value.version, "10000000003"))
