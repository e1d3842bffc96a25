"""A report is frozen when it is issued: later corrections change the next one."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linli.cases.tests.makers import DAY, MONDAY, make_case
from linli.indicators.errors import NeedsReason, NotOver
from linli.indicators.models import Report
from linli.indicators.services import report_file, reporting
from linli.indicators.tests.test_pages import solved
from linli.indicators.tests.test_tallies import count
from linli.indicators.tests.test_targets import leader, world
from linli.kernel import clock, jobs, worker
from linli.kernel.errors import NotFound
from linli.kernel.models import EventRow, Run

__all__ = ["leader", "world"]
APRIL = MONDAY + 40 * DAY


def issue(world, *, period="2026-03", reason="", now=APRIL):
    return reporting.issue_report(
        area_id=world.community.pk, period_name=period, reason=reason, actor=world.lead, now=now
    )


def figure(report, code):
    return next(one for one in report.content["figures"] if one["code"] == code)


def test_a_report_keeps_its_numbers_whatever_comes_later(world):
    solved(world)
    count()
    first = issue(world)
    make_case(world, at=MONDAY + DAY, phone="10000000500")
    count()
    first.refresh_from_db()
    assert figure(first, "received")["number"] == 1
    assert figure(first, "resolution")["share"][:2] == [1, 1]
    again = issue(world, reason="补登了一件")
    assert (again.number, figure(again, "received")["number"]) == (2, 2)
    assert EventRow.objects.filter(name="indicators.report.issued").count() == 2


def test_what_was_issued_is_issued_again_only_with_a_reason(world):
    issue(world)
    with pytest.raises(NeedsReason):
        issue(world)


def test_days_that_are_not_over_are_not_reported_on(world):
    with pytest.raises(NotOver):
        issue(world, now=MONDAY + DAY)


def test_whoever_may_not_configure_issues_nothing(world):
    with pytest.raises(NotFound):
        reporting.issue_report(
            area_id=world.community.pk, period_name="2026-03", actor=world.lin, now=APRIL
        )


def test_the_spreadsheet_has_numbers_words_and_definitions(world):
    solved(world)
    count()
    report = issue(world)
    book = load_workbook(io.BytesIO(report_file.spreadsheet(report)))
    assert book.sheetnames[:2] == ["说明", "指标"]
    rows = {row[0]: row for row in book["指标"].iter_rows(values_only=True)}
    assert rows["收到"][1] == 1
    assert rows["解决率"][1:5] == (1, "%", 1, 1)
    assert rows["归档率"][10].startswith("这段时间收到的诉求里")
    assert rows["重办"][1] == 0


def test_a_rate_of_nothing_is_empty_in_the_file_and_none_on_paper(world, leader):
    report = issue(world)
    book = load_workbook(io.BytesIO(report_file.spreadsheet(report)))
    rows = {row[0]: row for row in book["指标"].iter_rows(values_only=True)}
    assert rows["解决率"][1] in (None, "")
    text = leader.get(reverse("indicators:report", args=[report.pk])).content.decode()
    assert "没有" in text


def test_the_page_asks_the_worker_for_a_report_once(world, leader):
    solved(world)
    worker.tick(MONDAY + 9 * DAY)
    now = clock.now()
    month = clock.local(now).date().replace(day=1)
    address = reverse("indicators:reports", args=[world.community.pk])
    form = leader.get(address).context["form"]
    sent = {"period": form.fields["period"].choices[0][0], "reason": "", "key": form["key"].value()}
    first, second = leader.post(address, sent), leader.post(address, sent)
    assert first.url == second.url
    run = Run.objects.get()
    jobs.run_one("kernel.run", str(run.pk), clock.now())
    run.refresh_from_db()
    assert (run.state, run.result_name[-5:]) == ("done", ".xlsx")
    report = Report.objects.get()
    assert report.last_day < month
    paper = leader.get(run.link).content.decode()
    assert "办理情况报告" in paper
    assert leader.get(reverse("indicators:report_xlsx", args=[report.pk])).status_code == 200
    again = leader.post(address, {**sent, "key": "0" * 32})
    assert again.status_code == 422  # without a reason


def test_a_run_that_is_begun_twice_issues_one_report(world):
    now = clock.now()
    period = "2026-03"
    run = reporting.start_report(
        area_id=world.community.pk, period_name=period, reason="", actor=world.lead,
        now=now, key="a",
    )  # fmt: skip
    jobs.run_one("kernel.run", str(run.pk), now)
    Run.objects.update(state="waiting", finished_at=None)
    from linli.kernel.models import Job

    Job.objects.update(done_at=None, claimed_until=None)
    jobs.run_one("kernel.run", str(run.pk), now)
    assert Report.objects.count() == 1
