"""Through the pages: the lead fills posts and edits routing, the offices watch; whose data a request is."""

from datetime import timedelta

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from linli.kernel import clock, tenancy
from linli.kernel.actor import ActorKind
from linli.kernel.models import Job
from linli.kernel.secrets import case_token
from linli.kernel.web import public
from linli.people.tests.makers import make_account
from linli.posts import middleware, selectors
from linli.posts.models import Holding, Post
from linli.posts.tests.makers import make_post, make_rule


def text(answer) -> str:
    return answer.content.decode()


def post_of(name: str) -> Post:
    return Post.objects.get(code=f"{name}-post")


def today(days: int = 0) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def address(name: str, *ids) -> str:
    return reverse(f"posts:{name}", args=ids)


# Posts


def test_the_list_shows_who_holds_what_and_what_is_vacant(
    cast, sign_in, django_assert_max_num_queries
):
    make_post(cast.office, "mediator")
    lead = sign_in("lead")
    with django_assert_max_num_queries(16):
        page = text(lead.get(address("posts")))
    for words in ("东城社区的岗位", "第一网格网格员", "天山物业", "林", "1 个空缺", "空缺"):
        assert words in page
    assert "城市管理局" not in page


def test_more_posts_take_no_more_queries(cast, sign_in, django_assert_max_num_queries):
    for _number in range(8):
        make_post(cast.office, "desk", holder=make_account("员"))
    lead = sign_in("lead")
    with django_assert_max_num_queries(16):
        lead.get(address("posts"))


def test_the_district_sees_its_own_posts_and_chooses_a_community(cast, sign_in):
    from linli.posts.tests.makers import make_organisation

    hall = make_organisation(cast.bureau.area, "district", "区社工部")
    chief = make_account("区")
    make_post(hall, "district", duties=("posts.manage",), holder=chief)
    from linli.people.tests.makers import sign_in as open_browser

    client = open_browser(chief.id, cast.home.pk)
    district = text(client.get(address("posts") + f"?area={cast.bureau.area.pk}"))
    assert "城市管理局" in district
    assert "第一网格网格员" not in district
    assert "第一网格网格员" in text(client.get(address("posts")))
    assert client.get(address("posts") + f"?area={cast.away_community.pk}").status_code == 404


def post_form(cast, **facts) -> dict:
    return {
        "name": "第二受理岗", "role": "desk", "level": "community", "area": str(cast.community.pk),
        "estate": "", "duties": ["cases.view"], "written_duties": "接待来访", **facts,
    }  # fmt: skip


def test_the_lead_sets_up_changes_and_gives_up_a_post(cast, sign_in):
    lead = sign_in("lead")
    new = address("new_post", cast.office.pk)
    assert "自己没有这项" in text(lead.get(new))
    wrong = lead.post(new, post_form(cast, duties=["cases.view", "kernel.audit"]))
    assert wrong.status_code == 422
    assert "接待来访" in text(wrong)
    assert "自己在这里也没有" in text(wrong)
    made = lead.post(new, post_form(cast))
    page = text(lead.get(made.headers["Location"]))
    assert "看范围内的工单" in page
    post = Post.objects.latest("created_at", "id")
    change = address("post_change", post.pk)
    assert 'value="第二受理岗"' in text(lead.get(change))
    assert lead.post(change, post_form(cast, name="")).status_code == 422
    assert lead.post(change, post_form(cast, name="三号窗口")).status_code == 302
    assert "三号窗口" in text(lead.get(address("posts")))
    lead.post(address("post_ending", post.pk))
    assert "三号窗口" not in text(lead.get(address("posts")))


def test_giving_up_the_last_managing_post_asks_for_confirmation(cast, sign_in):
    lead, post = sign_in("lead"), post_of("lead")
    refused = lead.post(address("post_ending", post.pk))
    assert refused.status_code == 409
    assert "没有人能任命岗位" in text(refused)
    assert lead.post(address("post_ending", post.pk), {"is_confirmed": "on"}).status_code == 302
    assert lead.get(address("posts")).status_code == 404


def test_the_lead_enters_renames_and_ends_an_organisation(cast, sign_in):
    lead = sign_in("lead")
    form = {"kind": "property", "name": "新物业", "area": str(cast.community.pk), "phone": ""}
    assert lead.post(address("new_organisation"), {**form, "name": ""}).status_code == 422
    assert lead.post(address("new_organisation"), form).status_code == 302
    assert "新物业" in text(lead.get(address("posts")))
    one = cast.company
    assert lead.post(address("organisation", one.pk), {"name": ""}).status_code == 422
    lead.post(address("organisation", one.pk), {"name": "大天山物业", "phone": "0518-86210000"})
    assert "大天山物业" in text(lead.get(address("organisation", one.pk)))
    refused = lead.post(address("organisation_ending", one.pk))
    assert "先撤销这个单位的岗位" in text(refused)
    Post.objects.filter(organisation=one).update(ended_at=clock.now())
    assert lead.post(address("organisation_ending", one.pk)).status_code == 302


def test_the_lead_appoints_somebody_with_an_account(cast, sign_in):
    wu = make_account("吴", area_path=cast.community.path)
    lead, post = sign_in("lead"), post_of("lin")
    form = {"account": str(wu.pk), "starts_on": today(), "ends_on": today(1)}
    wrong = lead.post(address("holdings", post.pk), {**form, "ends_on": today(-9)})
    assert wrong.status_code == 422
    assert "结束时间要在开始时间之后" in text(wrong)
    assert lead.post(address("holdings", post.pk), form).status_code == 302
    holding = Holding.objects.get(account=wu)
    assert clock.local(holding.ends_at).date().isoformat() == today(2)  # the last day is included
    assert "吴" in text(lead.get(address("post", post.pk)))


def test_somebody_new_is_appointed_and_the_password_shown_once(cast, sign_in):
    lead, post = sign_in("lead"), post_of("lin")
    form = {"name": "吴", "login": "zhou", "phone": "", "starts_on": today()}
    wrong = lead.post(address("newcomers", post.pk), form)
    assert wrong.status_code == 422
    assert "已经有人用了" in text(wrong)
    made = lead.post(address("newcomers", post.pk), {**form, "login": "wu.min"})
    assert made.context["made"].password in text(made)
    assert made.headers["Cache-Control"] == "no-store"


def test_the_lead_ends_a_term(cast, sign_in):
    lead = sign_in("lead")
    ending = address("holding_ending", Holding.objects.get(post=post_of("lin")).pk)
    assert "结束林的任期" in text(lead.get(ending))
    assert lead.post(ending, {"ends_on": today(-3)}).status_code == 422
    assert lead.post(ending, {"ends_on": ""}).status_code == 302
    assert "空缺" in text(lead.get(address("post", post_of("lin").pk)))
    assert lead.get(ending).status_code == 404
    last = address("holding_ending", Holding.objects.get(post=post_of("lead")).pk)
    refused = lead.post(last, {"ends_on": ""})
    assert refused.status_code == 422
    assert "没有人能任命岗位" in text(refused)


def test_the_lead_sets_a_substitute_and_takes_it_back(cast, sign_in):
    wu = make_account("吴", area_path=cast.community.path)
    lead, post = sign_in("lead"), post_of("lin")
    form = {
        "absent": str(cast.lin.account_id), "substitute": str(wu.pk), "starts_on": today(),
        "ends_on": today(3), "reason": "年假",
    }  # fmt: skip
    wrong = lead.post(
        address("substitutions", post.pk), {**form, "substitute": str(cast.lin.account_id)}
    )
    assert "代班的人不能是本人" in text(wrong)
    assert lead.post(address("substitutions", post.pk), form).status_code == 302
    page = lead.get(address("post", post.pk))
    assert "年假" in text(page)
    row = page.context["line"].terms[0].stand_ins[0]
    assert "由吴代班" in text(lead.get(address("posts")))
    lead.post(address("substitution_ending", post.pk, row.id))
    assert "年假" not in text(lead.get(address("post", post.pk)))


# Routing


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


# The offices


def test_the_auditor_reads_what_happened_and_filters_it(
    cast, sign_in, django_assert_max_num_queries
):
    sign_in("lead").post(
        address("holding_ending", Holding.objects.get(post=post_of("lin")).pk), {"ends_on": ""}
    )
    auditor = sign_in("auditor")
    with django_assert_max_num_queries(9):
        page = text(auditor.get(address("audit")))
    assert "结束任期" in page
    assert "高" in page

    def found(query: str) -> list[str]:
        return [line.label for line in auditor.get(address("audit") + query).context["lines"]]

    assert found("?name=posts.holding.ended&person=高") == ["结束任期"]
    assert found("?person=lead") == ["结束任期"]
    assert found(f"?first_day={today()}&last_day={today()}") == ["结束任期"]
    for query in (
        "?name=posts.post.created",
        "?person=林",
        "?person=zhou",
        f"?first_day={today(1)}",
    ):
        assert found(query) == []
    assert found("?first_day=nonsense") == ["结束任期"]
    assert auditor.get(address("audit") + "?before=nonsense").status_code == 404


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


# Whose data a request is


def ask(view, path="/x/", *, client=None, **kwargs):
    """Send a request through the ring around a view, as the router would."""
    request = RequestFactory().get(path)
    if client is not None:
        request.COOKIES.update({key: morsel.value for key, morsel in client.cookies.items()})
        request.session = client.session

    def respond(request):
        request.resolver_match = ResolverMatch(view, (), kwargs, "probe")
        return ring.process_view(request, view, (), kwargs) or view(request, **kwargs)

    ring = middleware.ActorMiddleware(respond)
    return ring(request)


def probe(request, **kwargs):
    tenant = request.tenant.code if request.tenant else "-"
    set_here = tenancy.default_tenant_id()
    who = request.actor
    return HttpResponse(
        f"{tenant} {who.kind} {set_here == who.tenant_id} {who.account_id is not None}"
    )


@public
def open_probe(request, **kwargs):
    return probe(request, **kwargs)


def test_a_page_needs_somebody_signed_in_unless_it_is_public(cast, sign_in):
    assert ask(probe).status_code == 302
    assert text(ask(probe, client=sign_in("lin"))) == "home staff True True"
    assert text(ask(open_probe)) == "- reporter False False"
    assert text(ask(open_probe, client=sign_in("mei"))) == "home resident True True"


@pytest.mark.parametrize("key", ["code", "community", "token"])
def test_a_public_address_says_whose_it_is(cast, sign_in, key):
    head = {
        "code": cast.code.code,
        "community": f"home-{cast.community.code}",
        "token": case_token("home", cast.grid.pk, 1),
    }[key]
    assert text(ask(open_probe, **{key: head})) == "home reporter True False"
    assert text(ask(open_probe, client=sign_in("lin"), **{key: head})) == "home staff True True"
    # Somebody from elsewhere is nobody here.
    assert (
        text(ask(open_probe, client=sign_in("zhou"), **{key: head})) == "home reporter True False"
    )


def test_an_address_of_nobody_is_not_found(cast):
    for head in ("none-1", "", "-", ".", "%00", "home", "HOME-659"):
        answer = ask(open_probe, code=head)
        expected = 200 if head.lower().startswith("home") else 404
        assert answer.status_code == expected, head


def test_a_tenant_that_was_switched_off_is_not_found(cast):
    cast.home.is_active = False
    cast.home.save()
    assert ask(open_probe, code=cast.code.code).status_code == 404


def test_without_a_name_in_the_address_the_community_visited_last_counts(cast, sign_in):
    assert text(ask(open_probe, "/x/?at=home-1")) == "home reporter True False"
    # Somebody who is signed in is at home whatever the cookie says.
    assert text(ask(open_probe, "/x/?at=home-1", client=sign_in("zhou"))) == "away staff True True"
    assert text(ask(open_probe, "/x/?at=none-1")) == "- reporter False False"


def test_nothing_is_left_behind_by_a_request(cast, sign_in):
    before = tenancy.default_tenant_id()
    ask(open_probe, code=cast.code.code)
    ask(probe, client=sign_in("zhou"))
    assert tenancy.default_tenant_id() == before


def test_a_stream_stays_in_its_tenant_to_the_end(cast, sign_in):
    def stream(request):
        def lines():
            yield f"{Post.objects.count() > 3} "
            yield str(tenancy.current_tenant_id() == request.tenant.pk)

        return StreamingHttpResponse(lines())

    answer = ask(stream, client=sign_in("lin"))
    with tenancy.tenant(cast.away.pk):
        assert b"".join(answer.streaming_content) == b"True True"


def test_what_staff_see_is_kept_in_no_cache(cast, sign_in):
    assert ask(probe, client=sign_in("lin")).headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in ask(open_probe).headers


def test_an_ended_post_takes_effect_with_the_next_request(cast, sign_in):
    lead = sign_in("lead")
    assert lead.get(address("posts")).status_code == 200
    Holding.objects.filter(account_id=cast.lead.account_id).update(ends_at=clock.now())
    assert lead.get(address("posts")).status_code == 404


def test_htmx_and_programs_are_asked_to_sign_in_in_their_own_way(cast):
    answer = Client().get(address("posts"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=")
    assert selectors.actor_of(cast.lin.account_id, clock.now()).kind is ActorKind.STAFF
