"""Bad input and bad luck at the resident's door: nothing lost, nothing twice, said in plain words."""

import gzip
import io
import re
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.models import Case, Photo
from linli.cases.services import desk, stash, telling
from linli.cases.tests.makers import make_case
from linli.cases.tests.residents import (
    WORDS,
    phone,
    photo,
    resolved,
    send,
    token_in,
    world,
)
from linli.kernel import clock
from linli.kernel.ids import new_id
from linli.places.tests.makers import make_code

__all__ = ["phone", "world"]


def test_a_form_sent_twice_makes_one_case_and_one_receipt(world, phone):
    key = str(new_id())
    first, again = send(phone, world, key=key), send(phone, world, key=key)
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1


def test_the_same_from_two_tabs_is_one_case(world, phone):
    first = send(phone, world, go="new")
    other = send(phone, world, go="new")
    assert first["Location"] == other["Location"]
    assert Case.objects.count() == 1


def test_the_same_words_from_two_phones_are_two_cases(world, phone):
    neighbour = Client()
    neighbour.get(world.report)
    send(phone, world)
    send(neighbour, world, go="new")
    assert Case.objects.count() == 2


def test_sending_again_after_a_lost_answer_leads_to_the_same_receipt(world, phone):
    key = str(new_id())
    lost = send(phone, world, key=key, photos=[photo()])
    again = send(phone, world, key=key, photos=[photo()])
    assert again["Location"] == lost["Location"]
    assert Photo.objects.count() == 1


def test_edited_after_a_lost_answer_is_told_where_the_first_one_is(world, phone):
    key = str(new_id())
    token = token_in(send(phone, world, key=key))
    edited = send(phone, world, key=key, text="还有，楼梯扶手也松了。", go="new")
    page = edited.content.decode()
    assert edited.status_code == 409
    assert f"/c/{token}/" in page
    assert "楼梯扶手也松了" in page
    assert key not in page


def bad_photos():
    pixel = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(b"\0" * 90_001)),
            (b"IEND", b""),
        )
    )
    return {
        "40 MB": (b"\xff\xd8\xff" + b"\0" * 40 * 2**20, "太大了"),
        "PDF": (b"%PDF-1.7 nothing here", "不是照片"),
        "bomb": (pixel, "尺寸太大"),
        "broken": (photo().read()[:400], "打不开"),
    }


@pytest.mark.parametrize("kind", ["40 MB", "PDF", "bomb", "broken"])
def test_a_bad_photo_is_told_and_neither_words_nor_the_good_photo_are_lost(world, phone, kind):
    data, words = bad_photos()[kind]
    bad = SimpleUploadedFile("IMG_2031.jpg", data, content_type="image/jpeg")
    key = str(new_id())

    answer = send(phone, world, key=key, photos=[photo("good.jpg"), bad])
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert "IMG_2031.jpg" in page
    assert WORDS in page
    assert not Case.objects.exists()
    kept = re.findall(r'name="kept" value="([^"]+)"', page)
    assert len(kept) == 1
    assert "（还能加 3 张）" in page
    assert 'data-max="3"' in page
    token_in(send(phone, world, key=key, kept=kept))
    assert Case.objects.get().photo_count == 1


def test_five_photos_are_one_too_many_and_the_four_stay(world, phone):
    answer = send(phone, world, photos=[photo() for _ in range(5)])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "最多 4 张照片" in page
    assert page.count('name="kept"') == 4


def test_heic_from_a_phone_becomes_a_photo_that_everybody_can_see(world, phone):
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(buffer)
    file = SimpleUploadedFile("IMG_1.HEIC", buffer.getvalue(), content_type="image/heic")
    token_in(send(phone, world, photos=[file]))
    with default_storage.open(Photo.objects.get().path) as kept:
        assert kept.read(3) == b"\xff\xd8\xff"


def test_the_position_in_a_photo_does_not_survive(world, phone):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (44.0, 10.0, 20.0), 3: "E", 4: (87.0, 33.0, 30.0)}
    exif[0x010F] = "SomePhone"
    token_in(send(phone, world, photos=[photo(exif=exif)]))
    with default_storage.open(Photo.objects.get().path) as kept:
        data = kept.read()
    assert b"SomePhone" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


def test_twenty_thousand_characters_are_taken_and_of_more_none_is_cut(world, phone):
    words = "楼道灯坏了" * 4_000
    token = token_in(send(phone, world, text=words))
    assert Case.objects.get().text == words
    assert phone.get(f"/c/{token}/").status_code == 200
    answer = send(phone, world, text=words + "！")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "20000 个字，现在有 20001 个" in page
    assert words + "！" in page
    assert Case.objects.count() == 1


def test_emoji_stay_control_characters_go_and_html_is_only_text(world, phone):
    token = token_in(
        send(phone, world, text="灯灭了😀👩‍🔧\x00\x1b[31m<script>alert(1)</script>\u202e & 谢谢")
    )
    assert Case.objects.get().text == "灯灭了😀👩‍🔧[31m<script>alert(1)</script> & 谢谢"
    page = phone.get(f"/c/{token}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_unknown_code_says_so_and_lets_people_choose(world, phone):
    answer = phone.get("/s/home-zzzzzz/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "没有找到这个点位码" in page
    assert f"/at/{world.at}/" in page
    assert phone.get("/s/nowhere-zzzzzz/").status_code == 404
    assert phone.get("/s/home-zzzzzz/report/")["Location"] == "/s/home-zzzzzz/"


def test_an_ended_code_says_so_and_the_community_is_still_known(world, phone):
    old = make_code(world.building, ended_at=clock.now())
    page = phone.get(f"/s/{old.code}/").content.decode()
    assert "已经停用" in page
    assert f"/at/{world.at}/report/" in page


@pytest.mark.parametrize(
    "suffix", ["", "receipt/", "withdrawal/", "photos/01a2022f-e2cb-74c4-a1c4-a2b7ba2087c1/"]
)
def test_a_link_that_was_guessed_altered_or_revoked_is_not_found(world, phone, suffix):
    case = make_case(world, at=clock.now())
    token = telling.token_of(case)
    altered = token[:-3] + ("aaa" if token[-3:] != "aaa" else "bbb")
    other = f"away{token[token.index('.') :]}"
    for link in (altered, other, "home.abc", "x"):
        assert phone.get(f"/c/{link}/{suffix}").status_code == 404

    desk.revoke_link(case_id=case.pk, actor=world.desk, now=clock.now())
    answer = phone.get(f"/c/{token}/{suffix}")
    assert answer.status_code == 404
    assert "编号" in answer.content.decode()
    assert "/find/" in answer.content.decode()


def test_nothing_is_done_behind_a_revoked_link(world, phone):
    case = resolved(world)
    token = telling.token_of(case)
    desk.revoke_link(case_id=case.pk, actor=world.desk, now=clock.now())
    for path in ("additions", "urges", "withdrawal", "rating"):
        assert phone.post(f"/c/{token}/{path}/", {"text": "x"}).status_code == 404


def test_a_flood_from_one_phone_is_stopped_and_the_house_is_not_shut_out(world, phone):
    answers = [send(phone, world, text=f"第 {n} 件事", go="new") for n in range(9)]
    assert [one.status_code for one in answers] == [302] * 8 + [429]
    page = answers[-1].content.decode()
    assert "100-0000-0001" in page
    assert "第 8 件事" in page

    neighbour = Client()
    neighbour.get(world.report)
    assert send(neighbour, world, text="楼上漏水", go="new").status_code == 302


def test_a_flood_of_additions_is_stopped_and_the_words_are_kept(world, phone):
    send(phone, world, go="new")
    url = f"/c/{telling.token_of(Case.objects.get())}/additions/"

    answers = [phone.post(url, {"text": f"补充 {n}"}) for n in range(9)]

    assert [one.status_code for one in answers][-2:] == [422, 422]
    assert "补充 8" in answers[-1].content.decode()


def test_a_flood_from_one_address_is_stopped_in_the_end(world):
    statuses = []
    for n in range(62):
        fresh = Client()
        fresh.get(world.report)
        statuses.append(send(fresh, world, text=f"第 {n} 件事", go="new").status_code)
    assert statuses == [302] * 60 + [429] * 2


def test_a_choice_that_ended_meanwhile_is_asked_for_again(world, phone):
    url = f"/at/{world.at}/report/"
    answer = send(phone, world, url=url, building=str(new_id()), category="gone")
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()


@pytest.mark.parametrize("value", ["nan", "inf", "999", "x"])
def test_a_senseless_position_is_no_place(world, phone, value):
    url = f"/at/{world.at}/report/"
    answer = send(phone, world, url=url, lat=value, lon=value)
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_phone_that_is_none_is_told_at_the_field(world, phone):
    answer = send(phone, world, phone="12")
    assert answer.status_code == 422
    assert 'id="id_phone_error"' in answer.content.decode()


def test_photos_that_waited_for_a_day_are_thrown_away(world, phone):
    key = new_id()
    send(phone, world, key=str(key), text="", photos=[photo()])
    folder = Path(default_storage.path(f"{world.community.tenant_id}/waiting/{key.hex}"))
    assert len(list(folder.iterdir())) == 2
    assert stash.sweep_stash(clock.now()) == 0
    assert stash.sweep_stash(clock.now() + timedelta(days=2)) >= 1
    assert not folder.exists()


def test_a_waiting_photo_is_reached_by_no_other_form(world, phone):
    key = str(new_id())
    page = send(phone, world, key=key, text="", photos=[photo()]).content.decode()
    (name,) = re.findall(r'name="kept" value="([^"]+)"', page)
    send(phone, world, kept=[name, "../../secret"])
    assert Case.objects.get().photo_count == 0


def weight(page: str, kinds: str) -> int:
    """Return the compressed size of the files that a page loads."""
    found = re.findall(rf'(?:href|src)="{settings.STATIC_URL}([^"]+\.(?:{kinds}))"', page)
    return sum(len(gzip.compress(Path(finders.find(one)).read_bytes(), 6)) for one in set(found))


def test_every_residents_page_is_light(world, phone):
    case = make_case(world, at=clock.now())
    token = telling.token_of(case)
    for url in (
        "/?choose=1", f"/s/{world.door.code}/", world.report, f"{world.report}?step=1", f"/c/{token}/",
        f"/c/{token}/receipt/", "/find/", f"/at/{world.at}/snap/",
    ):  # fmt: skip
        page = phone.get(url).content
        script, style = weight(page.decode(), "js"), weight(page.decode(), "css")
        assert script <= 10_000, (url, script)
        assert len(gzip.compress(page, 6)) + script + style <= 30_000, url
