"""What shows that a matter is done may be photos: before and after, from a phone, without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.campaigns import field
from linli.campaigns.models import MatterPhoto
from linli.campaigns.selectors import dockets as asked
from linli.campaigns.services import matters
from linli.campaigns.tests.makers import (
    DAY,
    HOUR,
    MONDAY,
    make_ground,
    make_matter,
    picture,
    tenant_code,
)
from linli.campaigns.tests.test_field import sent
from linli.cases.tests.test_resident_pages import photo
from linli.field.services.submissions import Differs
from linli.kernel.errors import BadInput
from linli.people.tests.makers import sign_in


@pytest.fixture
def world(in_home):
    return make_ground()


def file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().read(), "image/jpeg")


def shown_by(client, address: str) -> bytes:
    return b"".join(client.get(address).streaming_content)


def test_photos_are_evidence_without_a_word_and_who_raised_it_sees_them(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    token = asked.token_of(matter, tenant_code(world))
    phone = sign_in(world.manager.account_id, world.manager.tenant_id)
    address = f"/field/matters/{matter.pk}/"
    assert 'type="file"' in phone.get(address).content.decode()
    refused = phone.post(f"{address}evidence/", {"evidence": " "})
    assert refused.status_code == 422
    assert "拍一张改好以后的照片" in refused.content.decode()
    sent = {"evidence": "", "after": file("后.jpg"), "before": file("前.jpg")}
    assert phone.post(f"{address}evidence/", sent).status_code == 302
    matter.refresh_from_db()
    assert (matter.state, matter.evidence) == ("shown", "改好了，见照片。")
    before, after = asked.photos_of(matter)
    assert (before.stage, after.stage) == ("before", "after")
    assert shown_by(phone, f"{address}photos/{after.pk}/full/")
    nobody = Client()
    assert f"/m/{token}/photos/{after.pk}/thumb/" in nobody.get(f"/m/{token}/").content.decode()
    assert shown_by(nobody, f"/m/{token}/photos/{after.pk}/thumb/")
    assert nobody.get(f"{address}photos/{after.pk}/full/").status_code == 302
    stranger = sign_in(world.cai.account_id, world.cai.tenant_id)
    assert stranger.get(f"{address}photos/{after.pk}/full/").status_code == 404


def test_a_matter_that_is_near_is_shown_from_a_phone_without_a_network(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    assert not field.matter_cards(world.manager, MONDAY), "not so soon"
    (card,) = field.matter_cards(world.manager, MONDAY + 6 * DAY)
    assert (card.form, card.is_late, card.title) == (field.MATTER, True, "东门道闸坏了两周")
    facts = {"kind": field.MATTER, "base": card.version, "answers": {"words": ""}}
    taken = field.take_matter(sent(matter, world.manager, **facts))
    matter.refresh_from_db()
    assert (matter.state, taken.words) == ("shown", "整改结果交了，等提出人说好。")
    assert MatterPhoto.objects.get(matter=matter).stage == "after"
    with pytest.raises(Differs):
        field.take_matter(sent(matter, world.manager, **facts))
    facts["base"] = str(matter.version)
    assert "先交的那一份" in field.take_matter(sent(matter, world.manager, **facts)).words
    assert MatterPhoto.objects.count() == 1


def test_the_same_photo_twice_is_one_and_a_second_look_adds_to_the_first(world):
    _docket, matter = make_matter(world, world.desk, MONDAY)
    with pytest.raises(BadInput):
        matters.show_matter(
            matter_id=matter.pk, before=(picture("red"),), actor=world.manager, now=MONDAY
        )
    for at, colour in ((MONDAY, "green"), (MONDAY + HOUR, "green"), (MONDAY + 2 * HOUR, "blue")):
        matters.show_matter(
            matter_id=matter.pk, after=(picture(colour),), actor=world.manager, now=at
        )
        matters.say_word_by_link(
            token=asked.token_of(matter, tenant_code(world)), is_done=False, word="没有。", now=at
        )
    assert MatterPhoto.objects.filter(matter=matter).count() == 2
