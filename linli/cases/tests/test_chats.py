"""Staff paste a group chat; rules split it, people tick, each matter is a case once."""

import random
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from linli.cases.models import Case, ChatMatter, ChatPaste, Entry
from linli.cases.selectors import chats as asked
from linli.cases.services import chats
from linli.cases.tests.makers import DAY, make_case, make_category, make_neighbourhood
from linli.kernel import clock, memory, runs
from linli.kernel.errors import BadInput, DomainError, NotAllowed, NotFound
from linli.people.services import retention
from linli.people.tests.makers import sign_in

CHAT = """张小三 2026-02-27 08:31
3号楼楼道的垃圾桶满了两天，味道很大😡 我电话10012345678
李四 2026-02-27 08:32
我家也是，@张小三 说得对
王五 2026-02-27 08:33
早上好[玫瑰]
赵六 2026-02-27 09:40
[图片]
3号楼一楼路灯不亮了，晚上看不见
“赵六”撤回了一条消息
钱七 2026-02-27 10:00
「群聊的聊天记录」
"""


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    found = make_neighbourhood()
    make_category("lighting", "路灯楼道灯")
    make_category("trash", "环境卫生垃圾")
    memory.forget_all()
    return found


def paste(world, text=CHAT, *, key="p1", actor=None, **facts):
    now = clock.now()
    kept, run = chats.paste_chat(
        community_id=world.community.pk, group_name="天山花园业主群", text=text,
        estate_id=world.estate.pk, actor=actor or world.desk, now=now, key=key, **facts,
    )  # fmt: skip
    runs.carry_here(run, now, lambda: None)
    kept.refresh_from_db()
    return kept


def take(world, kept, *picks):
    return chats.take_matters(chat_id=kept.pk, picks=picks, actor=world.desk, now=clock.now())


def test_what_is_ticked_becomes_a_case_once(world):
    kept = paste(world)
    rows = asked.matters_of(kept)
    assert [(row.building_id, row.speakers.split("\n")) for row in rows] == [
        (world.building.pk, ["张小三", "李四"]),
        (world.building.pk, ["赵六"]),
    ]
    assert rows[1].category.code == "lighting"
    assert kept.found == {"messages": 6, "speakers": 5, "matters": 2, "kept": 2, "known": 0}

    picks = [chats.Pick(matter_id=row.pk) for row in rows]
    taken = take(world, kept, *picks)
    assert len(taken.made) == 2
    assert take(world, kept, *picks).made == ()  # sent twice
    case = Case.objects.get(pk=taken.made[1].pk)
    assert (case.source, case.building_id) == ("group_chat", world.building.pk)
    assert case.entered_by == world.desk.account_id
    assert "赵六" not in case.text
    assert Case.objects.count() == 2
    assert [one.paste_id for one in asked.matters_of_case(case)] == [kept.pk]
    with pytest.raises(DomainError, match="凭据"):
        chats.discard_chat(chat_id=kept.pk, actor=world.desk, now=clock.now())


def test_the_same_paste_is_kept_once_and_encrypted(world):
    from django.db import connection

    kept = paste(world)
    assert paste(world).pk == kept.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT text FROM cases_chatpaste WHERE tenant_id = %s", [world.community.tenant_id]
        )
        assert "垃圾" not in cursor.fetchone()[0]
    shown = asked.original_of(kept, [1])
    assert shown[0].is_meant
    said = "".join(f"{one.name}{one.text}" for one in shown)
    for personal in ("张小三", "李四", "10012345678"):
        assert personal not in said


def test_what_is_open_already_is_pointed_out_and_joined(world):
    text = "3号楼楼道的垃圾桶满了两天，味道很大，没人管。"
    case = make_case(world, at=clock.now(), text=text)
    kept = paste(world)
    first = asked.matters_of(kept)[0]
    assert first.likely_id == case.pk
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    page = reverse("cases:chat", args=[kept.pk])
    assert case.number in desk.get(page).content.decode()
    Case.objects.filter(pk=case.pk).update(is_confidential=True)  # put right since
    assert case.number not in desk.get(page).content.decode()
    Case.objects.filter(pk=case.pk).update(is_confidential=False)
    taken = take(world, kept, chats.Pick(matter_id=first.pk, is_same=True))
    assert (taken.made, taken.joined) == ((), 1)
    assert "群聊" in Entry.objects.get(case=case, kind="note").text


def test_what_was_gone_through_the_day_before_is_not_asked_again(world):
    first = paste(world)
    more = CHAT + "郑一 2026-11-20 19:00\n5号楼单元门锁打不开\n"
    untouched = paste(world, text=more, key="k2")
    assert len(asked.matters_of(untouched)) == 3  # nobody has ticked the first yet
    take(world, first, chats.Pick(matter_id=asked.matters_of(first)[0].pk))
    again = paste(world, text=more, key="k3")
    assert ["门锁" in row.text for row in asked.matters_of(again)] == [True]
    assert again.found["known"] == 2
    nothing = paste(world, key="k4")
    assert (
        "没有新的"
        in sign_in(world.desk.account_id, world.desk.tenant_id)
        .get(f"/desk/chats/{nothing.pk}/")
        .content.decode()
    )


def test_each_is_refused_or_done_by_itself(world):
    kept = paste(world)
    one, two = asked.matters_of(kept)
    elsewhere = chats.Pick(matter_id=one.pk, building_id=kept.pk)
    taken = take(world, kept, elsewhere, chats.Pick(matter_id=two.pk))
    assert len(taken.made) == 1
    assert [number for number, _why in taken.refused] == [1]


def test_limits_and_refusals(world):
    with pytest.raises(BadInput, match="300 KB"):
        paste(world, "张三: " + "楼" * 110_000)
    with pytest.raises(BadInput, match="贴在这里"):
        paste(world, "   ")
    with pytest.raises(NotAllowed):
        paste(world, actor=world.lin)
    kept = paste(world)
    with pytest.raises(NotFound):
        asked.get_chat(kept.pk, world.lin)
    chats.discard_chat(chat_id=kept.pk, actor=world.desk, now=clock.now())
    kept.refresh_from_db()
    assert (kept.text, kept.state) == ("", "discarded")
    assert not ChatMatter.objects.exists()


def test_the_original_goes_when_its_day_is_over_and_the_case_stays(world):
    kept = paste(world)
    take(world, kept, chats.Pick(matter_id=asked.matters_of(kept)[0].pk))
    kept_for = timedelta(days=6 * 30.44)
    assert retention.keep_to_rules(now=clock.now() + kept_for - DAY)["cases.chats"] == 0
    assert retention.keep_to_rules(now=clock.now() + kept_for + DAY)["cases.chats"] == 1
    kept.refresh_from_db()
    assert kept.text == ""
    assert Case.objects.count() == 1
    assert {row.speakers for row in asked.matters_of(kept)} == {""}


def test_two_hundred_kilobytes_with_emoji_and_cards_take_seconds(world):
    chance = random.Random(4)
    heads = ["{n} 2026-02-{d:02d} {h:02d}:{m:02d}"] * 9 + ["{n}:"]
    words = [
        "早上好😊[玫瑰]", "收到👌", "3号楼的路灯又不亮了😡😡", "南门口垃圾没人清[捂脸]", "谢谢大家🙏🙏",
        "「群聊的聊天记录」", "电梯又卡住了，{f} 楼",
        "有人看见我家猫吗🐱", "[图片]", "地下车库漏水，{f}号车位",
    ]  # fmt: skip
    blocks = []
    size = 0
    while size < 200 * 1024:
        head = chance.choice(heads).format(
            n=f"业主{chance.randrange(200)}", d=chance.randrange(1, 27), h=chance.randrange(24),
            m=chance.randrange(60),
        )  # fmt: skip
        block = f"\n{head}\n{chance.choice(words).format(f=chance.randrange(30))}\n"
        size += len(block.encode())
        blocks.append(block)
    started = time.process_time()
    kept = paste(world, "".join(blocks))
    assert time.process_time() - started < 8
    assert kept.state == "ready"
    assert kept.found["messages"] > 3000
    assert kept.found["kept"] <= 200


def test_the_pages_paste_tick_and_show_the_original(world):
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    page = desk.get(reverse("cases:chats"))
    sent = {
        "key": str(page.context["form"]["key"].value()), "community": str(world.community.pk),
        "group_name": "天山花园业主群", "estate_id": str(world.estate.pk), "text": CHAT,
    }  # fmt: skip
    assert desk.post(reverse("cases:chats"), {**sent, "text": ""}).status_code == 422
    too_long = desk.post(reverse("cases:chats"), {**sent, "text": "张三: " + "楼" * 110_000})
    assert (too_long.status_code, "300 KB" in too_long.content.decode()) == (422, True)
    answer = desk.post(reverse("cases:chats"), sent)
    kept = ChatPaste.objects.get()
    own = reverse("cases:chat", args=[kept.pk])
    assert answer.headers["Location"] == own
    assert "张小三" not in desk.get(own).content.decode()
    rows = asked.matters_of(kept)
    ticked = {
        "m1-what": "new", "m1-category_id": str(rows[0].category_id), "m1-building_id": "",
        "m1-text": rows[0].text, "m2-what": "", "m2-text": rows[1].text,
    }  # fmt: skip
    assert desk.post(own, {**ticked, "m1-category_id": "nonsense"}).status_code == 422
    done = desk.post(own, ticked)
    assert "立了 1 件" in done.content.decode()
    assert desk.post(own, ticked).status_code == 200
    case = Case.objects.get()
    assert "群聊原话" in desk.get(f"/desk/cases/{case.pk}/").content.decode()
    shown = desk.get(reverse("cases:chat_original", args=[kept.pk]), {"matter": "1"})
    assert "李四" not in shown.content.decode()
    other = sign_in(world.lin.account_id, world.lin.tenant_id)
    for name in ("chat", "chat_original"):
        assert other.get(reverse(f"cases:{name}", args=[kept.pk])).status_code == 404
