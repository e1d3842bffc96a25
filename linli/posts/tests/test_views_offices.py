"""Through the pages: routing is edited and tried, the offices watch."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from linli.kernel import clock, events
from linli.kernel.actor import system
from linli.kernel.ids import new_id
from linli.kernel.models import Job
from linli.posts.events import HoldingEnded
from linli.posts.models import Holding
from linli.posts.tests.makers import make_post, make_rule, post_of


def text(answer) -> str:
    return answer.content.decode()


def today(days: int = 0) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def address(name: str, *ids) -> str:
    return reverse(f"posts:{name}", args=ids)


@pytest.fixture
def _categories(monkeypatch):
    from linli.posts.selectors import book

    monkeypatch.setattr(book, "_sources", [lambda: [("litter", "环境卫生")]])


@pytest.mark.usefixtures("_categories")
def test_rules_are_edited_and_tried(cast, sign_in):
    lead = sign_in("lead")
    form = {"category_code": "litter", "place": "all", "target": "role:grid_worker", "order": "100"}
    assert lead.post(address("new_rule"), {**form, "target": ""}).status_code == 422
    assert lead.post(address("new_rule"), form).status_code == 302
    tried = f"?category_code=litter&place=grid:{cast.grid.pk}"
    page = lead.get(address("routing") + tried)
    assert "环境卫生 · 第一网格 → 网格员" in text(page)
    rule = page.context["lines"][0]
    edit = address("rule", rule.id)
    assert "环境卫生" in text(lead.get(edit))
    assert lead.post(edit, {**form, "order": "0"}).status_code == 422
    own = {**form, "place": f"estate:{cast.estate.pk}", "target": f"organisation:{cast.company.pk}"}
    assert lead.post(edit, own).status_code == 302
    tried = f"?category_code=litter&place=estate:{cast.estate.pk}"
    assert "→ 天山物业" in text(lead.get(address("routing") + tried))
    lead.post(edit, {**form, "place": "kind:self_run", "target": f"post:{post_of('desk').pk}"})
    assert "无物业自治小区" in text(lead.get(address("routing")))
    lead.post(address("rule_removal", rule.id))
    tried = f"?category_code=litter&place=community:{cast.community.pk}"
    assert "没有对应的派单规则" in text(lead.get(address("routing") + tried))


def test_rules_of_above_are_shown_without_a_way_to_change_them(cast, sign_in):
    rule = make_rule(cast.community.parent)
    page = text(sign_in("lead").get(address("routing")))
    assert "上级定的" in page
    assert address("rule", rule.pk) not in page


def test_the_auditor_reads_what_happened_and_filters_it(
    cast, sign_in, django_assert_max_num_queries
):
    sign_in("lead").post(
        address("holding_ending", Holding.objects.get(post=post_of("lin")).pk), {"ends_on": ""}
    )
    auditor = sign_in("auditor")
    with django_assert_max_num_queries(11):
        page = text(auditor.get(address("audit")))
    assert "结束任期" in page
    assert "高" in page

    def found(query: str) -> list[str]:
        return [line.label for line in auditor.get(address("audit") + query).context["lines"]]

    assert found("?name=posts.holding.ended&person=高") == ["结束任期"]
    # Nothing was in hand: the handover is listed and closed with the term.
    assert found("?person=lead") == ["结束任期", "交接完成", "列交接单"]
    assert found(f"?first_day={today()}&last_day={today()}")[0] == "结束任期"
    for query in (
        "?name=posts.post.created",
        "?person=林",
        "?person=zhou",
        f"?first_day={today(1)}",
    ):
        assert found(query) == []
    assert found("?first_day=nonsense")[0] == "结束任期"
    assert auditor.get(address("audit") + "?before=nonsense").status_code == 404


def test_the_trail_says_facts_in_words(cast, sign_in):
    form = {"absent": str(cast.lin.account_id), "substitute": str(cast.desk.account_id)}
    days = {"starts_on": today(), "ends_on": today(2)}
    lead = sign_in("lead")
    lead.post(address("substitutions", post_of("lin").pk), form | days)
    new = {
        "name": "二号岗", "role": "desk", "level": "community", "area": str(cast.community.pk),
        "duties": ["cases.view", "cases.enter"],
    }  # fmt: skip
    lead.post(address("new_post", cast.office.pk), new)
    with transaction.atomic():
        events.record(
            HoldingEnded(
                subject_id=post_of("desk").pk, holder_id=new_id(), holding_id=new_id(),
                ends_at="some day", leaves_vacant=True,
            ),
            actor=system(cast.home.pk), at=clock.now(),
        )  # fmt: skip
    lines = sign_in("auditor").get(address("audit")).context["lines"]
    told = {line.label: (line.who, line.subject, dict(line.facts)) for line in lines}
    who, subject, facts = told["安排代班"]
    assert (who, subject) == ("高", "第一网格网格员")
    assert (facts["不在的人"], facts["代班的人"], facts["从"]) == ("林", "何", f"{today()} 00:00")
    assert told["设岗"][2] == {"权限": "登记来电、来访、看范围内的工单"}
    who, _subject, facts = told["结束任期"]
    assert (who, facts["从此空缺"], facts["到"]) == ("自动", "是", "some day")
    assert len(facts["任职的人"]) == 36


def test_the_trail_comes_page_by_page(cast, sign_in, monkeypatch):
    from linli.posts.views import offices

    monkeypatch.setattr(offices, "PAGE", 2)
    lead = sign_in("lead")
    for number in range(3):
        form = {"kind": "team", "name": f"队{number}", "area": str(cast.community.pk)}
        lead.post(address("new_organisation"), form)
    auditor = sign_in("auditor")
    first = auditor.get(address("audit"))
    rest = auditor.get(address("audit") + f"?before={first.context['more']}")
    ids = [line.id for page in (first, rest) for line in page.context["lines"]]
    assert len(ids) == len(set(ids)) == 3
    assert rest.context["more"] is None


def test_the_operator_sees_parked_work_and_vacancies_and_tries_again(cast, sign_in):
    make_post(cast.office, "mediator")
    now = clock.now()
    job = Job.objects.create(
        task="messages.nothing", key="1", due_at=now, created_at=now, parked_at=now, error="boom"
    )
    operator = sign_in("operator")
    page = text(operator.get(address("operate")))
    for words in ("messages.nothing", "boom", "调解员"):
        assert words in page
    assert operator.post(address("job_again", job.pk)).status_code == 302
    assert "boom" not in text(operator.get(address("operate")))
    assert operator.post(address("job_again", job.pk)).status_code == 404
    assert operator.post(address("event_again", job.pk)).status_code == 404
