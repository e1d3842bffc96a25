"""The pages lead from an old mailbox's file to its cases, for those alone who take matters down."""

import io

import pytest
from django.urls import reverse

from linli.cases.models import Case, MailboxFile
from linli.cases.services import mailboxes
from linli.cases.tests.test_mailboxes import OLD, OPEN, WRONG, csv, prepare, world
from linli.kernel import clock
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.people.tests.makers import sign_in

__all__ = ["world"]


def test_only_who_takes_matters_down_may_and_only_in_their_community(world, abroad):
    with pytest.raises(NotAllowed):
        prepare(world, csv(OPEN), actor=world.lin)
    kept = prepare(world, csv(OPEN))
    ask = {"mailbox_id": kept.pk, "now": clock.now()}
    with pytest.raises(NotFound):
        mailboxes.discard_mailbox(**ask, actor=world.lin)
    for name in ("", " ", "长" * 41):
        with pytest.raises(BadInput):
            prepare(world, csv(OPEN), source_name=name)


def test_the_pages_lead_from_the_file_to_the_cases(world):
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    upload = io.BytesIO(csv(OPEN, OLD, WRONG))
    upload.name = "信箱.csv"
    sent = {"community": world.community.pk, "source_name": "书记信箱", "file": upload}
    assert desk.post(reverse("cases:mailboxes"), {**sent, "source_name": ""}).status_code == 422
    upload.seek(0)
    answer = desk.post(reverse("cases:mailboxes"), sent)
    page = desk.get(answer["Location"]).content.decode()
    assert "门口路灯不亮" in page
    # A colleague sees the file, but nobody's name or phone in it.
    lead = sign_in(world.lead.account_id, world.lead.tenant_id)
    others = lead.get(answer["Location"]).content.decode()
    assert "各列是什么" in others
    assert "10000000077" not in others
    assert '<option value="3" selected>留言详情</option>' in page
    columns = {"text": "3", "received_at": "2", "own_id": "0", "answer": "8", "answered_at": "9"}
    bad = desk.post(answer["Location"], {**columns, "text": "99"})
    assert bad.status_code == 422
    nothing = desk.post(answer["Location"], {"otherwise": world.category.pk})
    assert "选一下哪一列是内容" in nothing.content.decode()
    checked = desk.post(answer["Location"], {**columns, "otherwise": world.category.pk})
    # So few rows are looked at on the spot.
    assert checked["Location"] == answer["Location"]
    page = desk.get(checked["Location"]).content.decode()
    assert "导入 2 条" in page
    assert not Case.objects.exists()
    done = desk.post(reverse("cases:mailbox_import", args=[MailboxFile.objects.get().pk]))
    assert "1 条待办，1 条已答复" in desk.get(done["Location"]).content.decode()
    assert Case.objects.count() == 2
    assert "书记信箱" in desk.get(reverse("cases:mailboxes")).content.decode()
