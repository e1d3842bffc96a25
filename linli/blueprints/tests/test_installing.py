"""Installing again: what people changed stays, what the file changed follows, nothing is deleted."""

from datetime import UTC, datetime, time

import pytest

from linli.blueprints import selectors
from linli.blueprints.errors import FaultyBlueprint
from linli.blueprints.rules import check, read
from linli.blueprints.services import NewCommunity, install, install_as_system, start_community
from linli.cases import selectors as cases
from linli.cases.selectors import catalogue
from linli.indicators.selectors.targets import aims_of, goals_of
from linli.indicators.services import targets
from linli.kernel import calendar, tenancy
from linli.kernel.actor import reporter, system
from linli.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from linli.kernel.models import EventRow, Tenant
from linli.people import services as people
from linli.places import selectors as places
from linli.places import services as place_services
from linli.posts import selectors as posts
from linli.publishing import services as publishing
from linli.publishing.selectors import board
from linli.publishing.selectors import desk as written
from linli.publishing.services import ArticleSheet

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TEXT = selectors.get_library_text("pingan")


def put_in(text: str = TEXT, name: str = "pingan.yaml"):
    return install_as_system(blueprint=read(text, name), now=NOW)


@pytest.fixture
def community(db):
    """Return the report of a community just installed, its tenant set."""
    report = put_in()
    with tenancy.tenant(report.tenant_id):
        yield report


def test_what_people_changed_in_pages_stays_and_is_reported(community):
    area = places.get_community("320831001006")
    place_services.edit_area(
        area_id=area.pk, facts={"phone": "100-0000-0001"}, actor=system(area.tenant_id), now=NOW
    )
    report = put_in()
    assert places.get_community("320831001006").phone == "100-0000-0001"
    assert [(kept.noun, kept.name, kept.fields) for kept in report.kept] == [
        ("区域", "平安路社区", ("电话",))
    ]


def test_what_nobody_touched_follows_a_changed_file(community):
    text = TEXT.replace("口号: 远亲不如近邻", "口号: 邻里一家亲").replace(
        "14:30-18:00", "14:00-17:30"
    )
    text = text.replace("        权限", "        权限").replace(
        "    名称: 楼道堆物", "    名称: 楼道杂物"
    )
    for end in ("}", "\n"):
        text = text.replace(f"类别: 楼道堆物{end}", f"类别: 楼道杂物{end}")
    report = put_in(text)
    assert report.created == 0
    assert report.updated == 3
    assert places.get_community("320831001006").slogan == "邻里一家亲"
    assert calendar.get_hours().closes_at == time(17, 30)
    assert cases.get_category_by_code("corridor").name == "楼道杂物"


def test_what_a_file_no_longer_says_is_left_in_place_and_named(community):
    start = TEXT.index("  - 编号: pets")
    text = TEXT[:start] + TEXT[TEXT.index("  - 编号: noise") :]
    report = put_in(text.replace("greening, pets, noise, proxy]", "greening, noise, proxy]"))
    assert "文明养宠" in report.left
    assert cases.get_category_by_code("pets").name == "文明养宠"


def test_a_changed_list_of_duties_follows_unless_people_changed_it(community):
    old = "只办本机构的: 是}\n  - {编号: police"
    assert old in TEXT
    text = TEXT.replace(
        "角色: 部门, 层级: 社区, 地方: 平安路社区, 权限: [看工单, 办理, 参加整治]",
        "角色: 部门, 层级: 社区, 地方: 平安路社区, 权限: [看工单, 登记, 办理, 参加整治]",
    )
    put_in(text)
    line = next(one for one in posts.vacant_posts("", NOW) if one.code == "volunteers")
    assert "cases.enter" in line.duties


def test_a_file_of_another_tenant_and_an_outsider_are_refused(community):
    other = read(TEXT.replace("代号: jh", "代号: jx"), "x.yaml")
    with pytest.raises(BadInput):
        install(blueprint=other, actor=system(community.tenant_id), now=NOW)
    with pytest.raises(NotAllowed):
        install(blueprint=read(TEXT, "x.yaml"), actor=reporter(community.tenant_id), now=NOW)


def test_each_room_tells_once_what_it_took_in(community):
    names = EventRow.objects.filter(name="blueprints.part.installed")
    assert sorted(row.data["room"] for row in names) == [
        "campaigns", "care", "cases", "indicators", "kernel", "messages", "patrols", "people",
        "places", "posts", "publishing",
    ]  # fmt: skip
    put_in()
    assert names.count() == 11


def test_guides_wait_for_a_person_and_follow_the_file_until_somebody_changes_them(community):
    """Issue 3, 1: nothing is public that nobody looked over; ADR 0009: three ways."""
    home, actor = places.get_community("320831001006"), system(community.tenant_id)
    asked = written.Asked(kind="guide", community_id=home.pk)
    rows = {row.title: row for row in written.articles(asked, actor).rows}
    assert len(rows) == 9
    assert {row.state for row in rows.values()} == {"submitted"}
    assert board.guides(home.pk) == []  # not public yet
    assert "{" not in "".join(row.text for row in rows.values())
    ours = rows["大件垃圾怎么扔"]
    publishing.write_article(
        article_id=ours.pk, sheet=ArticleSheet(title="旧沙发怎么扔", text="放到投放点。"),
        actor=actor, now=NOW,
    )  # fmt: skip
    down = rows["僵尸车怎么处理"]
    publishing.withdraw_article(article_id=down.pk, reason="不用了", actor=actor, now=NOW)
    report = put_in(
        TEXT.replace("一个人搬不动的都算。", "两个人才搬得动的算。")
        .replace("扫码就能用。", "扫码就能用，夜里也开。")
        .replace("一般等 15 天", "一般等 7 天")
    )
    now = {row.pk: row for row in written.articles(asked, actor).rows}
    assert len(now) == 9
    assert now[ours.pk].text == "放到投放点。"
    assert (now[down.pk].state, "15 天" in now[down.pk].text) == ("withdrawn", True)
    charging = now[rows["电动车在哪里充电"].pk]
    assert "夜里也开" in charging.text
    assert (charging.state, charging.version) == ("submitted", 2)
    said = {(kept.noun, kept.name): kept.fields for kept in report.kept}
    assert said["办事指南", "大件垃圾怎么扔（平安路社区）"] == ("标题", "文字", "类别")
    assert said["办事指南", "僵尸车怎么处理（平安路社区）"] == ("撤下",)


def test_targets_follow_the_file_until_a_lead_sets_others(community):
    """S4 4.11: targets by year; and the follow-up's share is the community's own."""
    whole, actor = next(iter(places.areas_below(""))), system(community.tenant_id)
    assert aims_of(whole.path, 2026)["resolution"].value == 0.9
    assert aims_of(places.get_community("320831001006").path, 2026)["median_days"].value == 3
    assert [(one.name, one.target) for one in goals_of(whole.pk, 2026)] == [("红小楼", 12)]
    assert catalogue.get_settings().followup_percent == 8
    targets.set_targets(
        area_id=whole.pk, year=2026, values={"resolution": 0.93}, actor=actor, now=NOW
    )
    changed = TEXT.replace("{响应率: 95, 解决率: 90", "{响应率: 96, 解决率: 91")
    report = put_in(changed.replace("每周回访百分之几: 8", "每周回访百分之几: 12"))
    found = {code: aim.value for code, aim in aims_of(whole.path, 2026).items()}
    assert (found["response"], found["resolution"]) == (0.96, 0.93)
    assert catalogue.get_settings().followup_percent == 12
    assert [kept.name for kept in report.kept] == ["金湖县（320831） 2026 年解决率"]


def test_streets_get_codes_and_words_are_known(db):
    report = install_as_system(
        blueprint=read(selectors.get_library_text("huanghai"), "huanghai.yaml"), now=NOW
    )
    with tenancy.tenant(report.tenant_id):
        area = places.get_community("320707100009")
        assert places.codes_of(area.pk).count() == 15
        assert selectors.word("grid", "网格") == "微网格"
        assert selectors.word("nothing", "别的") == "别的"


NEW = NewCommunity(
    tenant_code="xj",
    district="新建区",
    district_code="360112",
    subdistrict="长堎镇",
    subdistrict_code="360112100",
    community="文教路社区",
    community_code="360112100012",
    grids=4,
    initials="WJ",
)


def begin(tmp_path, like: str, new: NewCommunity = NEW):
    return start_community(
        like=like, new=new, target=tmp_path / f"{new.tenant_code}.yaml",
        lead_login="xj-lead", lead_name="林一", now=NOW,
    )  # fmt: skip


OLD = {  # what says that a file is another place's, besides the numbers that reach nobody
    "dongcheng": ("东城", "贝鸟", "青湖", "天山", "军垦", "五家渠", "659004", "wjq"),
    "dongqu": ("东区", "攀枝花", "佳运", "510402"),
    "huanghai": ("黄海社区", "赣榆", "海之家", "新世纪", "320707"),
    "pingan": ("平安路", "金湖", "320831"),
    "wanmei": ("湾美", "安溪", "350524"),
}


@pytest.mark.parametrize("like", OLD)
def test_a_community_can_be_started_from_each_of_the_five(db, tmp_path, like):
    """It takes nothing of the old place along: no estate, no property company, no telephone."""
    started = begin(tmp_path, like)
    text = started.path.read_text(encoding="utf-8")
    assert check(text) == []
    assert [word for word in (*OLD[like], "物业公司", "电话: 100-") if word in text] == []
    tenant = Tenant.objects.get(code="xj")
    with tenancy.tenant(tenant.pk):
        area = places.get_community("360112100012")
        assert (area.name, area.initials) == ("文教路社区", "WJ")
        assert places.communities().count() == 1
        assert places.grids_of(area.pk).count() == 4
        assert places.estates_of(area.pk).count() == 0
        lead = posts.actor_of(started.lead.account_id, NOW)
        assert lead.can("posts.manage", area.path)
    signed_in = people.sign_in(
        login=started.lead.login, password=started.lead.password, address="", now=NOW
    )
    assert signed_in is not None


def test_a_second_start_under_the_same_code_or_file_is_refused(db, tmp_path):
    begin(tmp_path, "pingan")
    with pytest.raises(Conflict):
        begin(tmp_path, "pingan")
    (tmp_path / "xj.yaml").unlink()
    with pytest.raises(Conflict):
        begin(tmp_path, "pingan")


def test_a_name_or_code_that_cannot_be_is_refused_before_anything_is_made(db, tmp_path):
    for wrong in ({"community": "a: b"}, {"community_code": "123"}, {"tenant_code": "X!"}):
        fields = {name: getattr(NEW, name) for name in NewCommunity.__slots__} | wrong
        with pytest.raises(FaultyBlueprint):
            begin(tmp_path, "pingan", NewCommunity(**fields))
    assert not Tenant.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_blueprint_is_told_with_those_there_are(db, tmp_path):
    with pytest.raises(NotFound, match="dongcheng"):
        begin(tmp_path, "beijing")
