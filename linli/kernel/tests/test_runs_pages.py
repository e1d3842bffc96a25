"""A run's page shows how far it is, with and without scripts, and gives its file to its owner alone."""

from uuid import uuid4

import pytest
from django.urls import reverse

from linli.kernel import clock, runs
from linli.kernel.tests.test_runs import carry, with_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(cast):
    return runs.start("bells.ring", title="敲钟", data={}, actor=cast.lin, now=clock.now(), key="a")


def page_of(client, run, **headers):
    return client.get(runs.url_of(run), headers=headers)


def test_a_run_that_waits_can_be_refreshed_by_hand_and_cancelled(cast, sign_in, run):
    lin = sign_in("lin")
    page = page_of(lin, run).content.decode()
    assert "刷新" in page
    assert "<progress" in page
    assert 'hx-trigger="every 1s"' in page
    answer = lin.post(reverse("kernel:run_cancel", args=[run.pk]))
    assert answer["Location"] == runs.url_of(run)
    page = page_of(lin, run).content.decode()
    assert "已取消" in page
    assert "hx-trigger" not in page
    assert "敲钟" in lin.get(reverse("kernel:runs")).content.decode()


def test_a_run_that_is_done_gives_its_file_and_its_errors(cast, sign_in, run):
    def ring(running: runs.Running) -> None:
        running.progress(2, 2)
        running.error(7, "这一下没响。", "没响")
        running.result("钟声.csv", "text/csv; charset=utf-8", [b"ding"])
        running.say("敲了 2 下。", "/desk/")

    with with_work(ring):
        carry()
    lin = sign_in("lin")
    page = page_of(lin, run, HX_Request="true").content.decode()
    assert "<html" not in page
    for words in ("敲了 2 下。", "这一下没响。", "下载 钟声.csv", "有 1 行没有办成"):
        assert words in page
    answer = lin.get(reverse("kernel:run_result", args=[run.pk]))
    assert b"".join(answer.streaming_content) == b"ding"
    assert "attachment" in answer["Content-Disposition"]
    operators = page_of(sign_in("operator"), run).content.decode()
    assert "文件只给发起的人下载" in operators
    assert sign_in("operator").get(reverse("kernel:run_result", args=[run.pk])).status_code == 404


def test_nobody_else_finds_a_run_and_no_resident_the_list(cast, sign_in, run):
    for who in ("desk", "zhou", "mei"):
        other = sign_in(who)
        assert page_of(other, run).status_code == 404
        for name in ("run_cancel", "run_result"):
            address = reverse(f"kernel:{name}", args=[run.pk])
            assert other.post(address).status_code in (404, 405)
    assert sign_in("mei").get(reverse("kernel:runs")).status_code == 404
    assert sign_in("lin").get(reverse("kernel:run", args=[uuid4()])).status_code == 404
    run.refresh_from_db()
    assert run.cancel_asked_at is None


def test_the_operator_sees_all_runs_on_request_and_others_do_not(cast, sign_in, run):
    address = reverse("kernel:runs")
    operator = sign_in("operator")
    assert "敲钟" not in operator.get(address).content.decode()
    assert "敲钟" in operator.get(address, {"all": "1"}).content.decode()
    assert sign_in("desk").get(address, {"all": "1"}).status_code == 404


def test_the_list_costs_the_same_however_long(cast, sign_in, django_assert_max_num_queries):
    for number in range(40):
        runs.start(
            "bells.ring", title="敲钟", data={}, actor=cast.lin, now=clock.now(), key=str(number)
        )
    lin = sign_in("lin")
    lin.get(reverse("kernel:runs"))
    with django_assert_max_num_queries(8):
        page = lin.get(reverse("kernel:runs"), {"page": "2"}).content.decode()
    assert page.count("敲钟") == 10
