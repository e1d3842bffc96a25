"""The queue as a file: the rows behind its question, what may be seen of people, and only to its owner."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linli.cases.models import Case
from linli.cases.selectors import exports, queue
from linli.cases.selectors.conditions import TABS, Question
from linli.cases.services import exporting
from linli.cases.services.exporting import Wish
from linli.cases.tests.makers import LEAD, make_case, make_category, make_neighbourhood, make_staff
from linli.kernel import clock, jobs, runs, worker
from linli.kernel.errors import BadInput, NotAllowed, NotFound
from linli.kernel.models import EventRow, Run
from linli.people.models import Reveal
from linli.people.tests.makers import sign_in
from linli.posts.models import Holding, PostDuty

PHONE = "10000000077"
TEXT = "三楼漏水，打 10000000077 找我。"


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


def full_lead(world) -> object:
    """The lead with the duty to see contacts in full."""
    post = Holding.objects.select_related("post").get(account_id=world.lead.account_id).post
    for duty in set(LEAD) | {"people.reveal"}:
        PostDuty.objects.get_or_create(post=post, duty=duty)
    return make_staff("白露", post)


def three(world) -> list[Case]:
    now = clock.now()
    return [
        make_case(
            world, at=now - timedelta(minutes=9 - n), text=f"{TEXT}第{n}件", name="梅小雨",
            phone=PHONE,
        )
        for n in range(3)
    ]  # fmt: skip


def export(actor, question=None, key="a", **wish) -> Run:
    run = exporting.start_export(
        question=question or Question(), wish=Wish(**wish), actor=actor, now=clock.now(), key=key
    )
    return runs.carry_here(run, clock.now(), lambda: None)


def table_of(run: Run, actor) -> list[dict]:
    _run, file = runs.open_result(run_id=run.pk, actor=actor, now=clock.now())
    with file:
        content = file.read()
    if run.result_name.endswith(".csv"):
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    header = next(rows)
    return [dict(zip(header, row, strict=False)) for row in rows]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_rows_behind_the_queue_come_masked_newest_first(world, kind):
    cases = three(world)
    run = export(world.desk, file_format=kind)
    assert (run.state, run.done_count, run.total_count) == ("done", 3, 3)
    rows = table_of(run, world.desk)
    assert [row["编号"] for row in rows] == [case.number for case in reversed(cases)]
    first = rows[0]
    assert (first["状态"], first["类别"], first["反映人"]) == ("待受理", "环境卫生", "梅**")
    assert first["电话"] == "100****0077"
    assert "10000000077" not in str(rows)
    assert not Reveal.objects.exists()


def test_a_filter_and_a_search_export_what_the_page_shows(world):
    cases = three(world)
    other = make_category("noise", "噪声扰民")
    make_case(world, at=clock.now(), category_id=other.pk, text="楼上半夜装修。")
    found = export(world.desk, Question(category_id=other.pk), key="1")
    assert [row["类别"] for row in table_of(found, world.desk)] == ["噪声扰民"]
    worker.tick(clock.now())  # words are found once the worker has read them
    searched = Question(words="漏水", tab="all")
    shown = queue.queue(searched, world.desk, clock.now()).cases
    rows = table_of(export(world.desk, searched, key="2"), world.desk)
    assert [row["编号"] for row in rows] == [one.number for one in shown]
    assert len(rows) == len(cases)
    assert table_of(export(world.desk, Question(words="没有的词"), key="3"), world.desk) == []


def test_a_search_exports_whatever_it_finds_behind_many_other_matches(world, monkeypatch):
    cases = three(world)
    other = make_category("noise", "噪声扰民")
    for _newer in range(2):
        make_case(world, at=clock.now(), category_id=other.pk, text="水泵漏水，夜里很响。")
    worker.tick(clock.now())
    monkeypatch.setattr(exports, "MOST_FOUND", 2)
    searched = Question(words="漏水", tab="all", category_id=cases[0].category_id)
    shown, is_all = exports.count_shown(searched, world.desk, clock.now(), most=10)
    assert (shown, is_all) == (0, False)
    run = export(world.desk, searched)
    assert (run.done_count, run.total_count) == (3, 3)
    rows = table_of(run, world.desk)
    assert [row["编号"] for row in rows] == [case.number for case in reversed(cases)]


def test_contacts_in_full_need_the_duty_and_a_purpose_and_leave_one_event(world):
    three(world)
    lead = full_lead(world)
    run = export(lead, purpose="follow_up")
    rows = table_of(run, lead)
    assert {(row["反映人"], row["电话"]) for row in rows} == {("梅小雨", PHONE)}
    assert PHONE in rows[0]["内容"]
    line = Reveal.objects.get()
    assert (line.contact, line.count, line.subject_id) == (None, 3, run.pk)
    event = EventRow.objects.get(name="people.contacts.exported")
    assert (event.data["count"], event.data["purpose"]) == (3, "follow_up")
    assert "3 件带完整的联系方式" in run.message


def test_without_the_duty_or_the_purpose_nothing_is_started(world):
    with pytest.raises(NotAllowed):
        export(world.lin, purpose="follow_up")
    for wrong in ({"purpose": "curiosity"}, {"purpose": "other"}, {"file_format": "exe"}):
        with pytest.raises(BadInput):
            export(full_lead(world), **wrong)
    with pytest.raises(NotAllowed):
        export(world.manager)
    assert not Run.objects.exists()


def test_confidential_cases_are_only_in_the_file_of_who_may_see_them(world):
    secret = make_category("abuse", "家庭暴力", is_confidential=True)
    hidden = make_case(world, at=clock.now(), category_id=secret.pk, text="隔壁打人。")
    assert hidden.is_confidential
    assert table_of(export(world.desk, key="1"), world.desk) == []
    post = Holding.objects.select_related("post").get(account_id=world.lead.account_id).post
    PostDuty.objects.create(post=post, duty="cases.confidential")
    trusted = make_staff("白露", post)
    rows = table_of(export(trusted, key="1"), trusted)
    assert [(row["编号"], row["保密"]) for row in rows] == [(hidden.number, "是")]


def test_texts_that_look_like_formulas_stay_texts(world):
    make_case(world, at=clock.now(), text='=HYPERLINK("http://x","看")')
    row = table_of(export(world.desk), world.desk)[0]
    assert row["内容"].startswith("'=")


def test_helpings_follow_each_other_without_gap_or_double(world, monkeypatch):
    three(world)
    monkeypatch.setattr(exports, "HELPING", 2)
    rows = [
        row.number for page in exports.helpings(Question(), world.desk, clock.now()) for row in page
    ]
    assert rows == list(Case.objects.order_by("-id").values_list("number", flat=True))


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_can_be_exported(world, tab):
    three(world)
    run = export(world.desk, Question(tab=tab, due="late", is_newest_first=True))
    assert run.state == "done"


def test_a_question_survives_being_written_down(world):
    asked = Question(
        tab="closed", words="漏水", category_id=world.category.pk, grid_id=world.grid.pk,
        post_id=world.grid_post.pk, is_mine=True, due="late", mark="urgent",
    )  # fmt: skip
    assert exports.of_plain(exports.as_plain(asked)) == asked


def test_the_page_leads_from_the_queue_to_the_run_with_the_filter_kept(world):
    three(world)
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    worker.tick(clock.now())
    address = reverse("cases:export") + "?tab=all&q=漏水"
    assert "导出" in desk.get(reverse("cases:queue") + "?tab=all").content.decode()
    page = desk.get(address).content.decode()
    assert "3 件" in page
    assert "“漏水”" in page
    bad = desk.post(address, {"file_format": "exe"})
    assert bad.status_code == 422
    answer = desk.post(address, {"file_format": "csv", "key": str(world.grid.pk)})
    again = desk.post(address, {"file_format": "csv", "key": str(world.grid.pk)})
    assert answer.status_code == 302
    assert answer["Location"] == again["Location"]
    assert jobs.run_jobs(clock.now(), is_external=True, is_long=True) == 1
    run = Run.objects.get()
    assert answer["Location"] == runs.url_of(run)
    assert "下载" in desk.get(runs.url_of(run)).content.decode()
    assert len(table_of(run, world.desk)) == 3


def test_who_may_not_reveal_is_not_offered_it_and_who_sees_no_queue_finds_no_page(world):
    lin = sign_in(world.lin.account_id, world.lin.tenant_id)
    address = reverse("cases:export")
    assert 'name="purpose"' not in lin.get(address).content.decode()
    desk = sign_in(world.desk.account_id, world.desk.tenant_id)
    assert 'name="purpose"' in desk.get(address).content.decode()
    manager = sign_in(world.manager.account_id, world.manager.tenant_id)
    assert manager.get(address).status_code == 404


def test_nobody_else_gets_the_file(world):
    run = export(world.desk)
    with pytest.raises(NotFound):
        runs.open_result(run_id=run.pk, actor=world.lead, now=clock.now())
