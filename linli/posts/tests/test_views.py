"""Through the pages: the lead sets up, fills and gives up posts."""

from datetime import timedelta

from django.urls import reverse

from linli.kernel import clock
from linli.people.tests.makers import make_account
from linli.posts.models import Holding, Post
from linli.posts.tests.makers import make_post, post_of


def text(answer) -> str:
    return answer.content.decode()


def today(days: int = 0) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def address(name: str, *ids) -> str:
    return reverse(f"posts:{name}", args=ids)


def test_the_list_shows_who_holds_what_and_what_is_vacant(
    cast, sign_in, django_assert_max_num_queries
):
    make_post(cast.office, "mediator")
    lead = sign_in("lead")
    with django_assert_max_num_queries(18):
        page = text(lead.get(address("posts")))
    for words in ("东城社区的岗位", "第一网格网格员", "天山物业", "林", "1 个空缺", "空缺"):
        assert words in page
    assert "城市管理局" not in page


def test_more_posts_take_no_more_queries(cast, sign_in, django_assert_max_num_queries):
    for _number in range(8):
        make_post(cast.office, "desk", holder=make_account("员"))
    lead = sign_in("lead")
    with django_assert_max_num_queries(18):
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
