"""Several departments on one case: whistled, reported in on phones, closed by the lead, decided above."""

import pytest
from playwright.sync_api import expect

from linli.cases.models import Arbitration, Case, Whistle, WhistlePlan
from linli.cases.services import telling
from linli.cases.tests.makers import make_case
from linli.cases.tests.whistles import make_town, part
from linli.kernel import clock, memory
from tests.journeys.acting import deliver, open_act, picture, press, read_notice

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def town(live_server, in_home):
    return make_town()


@pytest.mark.row("S1 1.3")
@pytest.mark.row("S4 4.9")
def test_the_community_whistles_and_departments_report_in(town, as_staff, open_page, look_at):
    case = make_case(town, at=clock.now(), text="楼后搭了彩钢棚，占了消防通道。")
    desk = as_staff(town.desk, viewport=DESK)
    desk.goto(f"/desk/cases/{case.pk}/")
    desk.get_by_role("link", name="吹哨：叫几家一起办").click()
    desk.get_by_label("谁牵头").select_option(label="住建局")
    desk.get_by_label("城管局").check()
    desk.get_by_label("来办什么").fill("先看占没占消防通道，再定拆不拆。")
    press(desk, "吹哨")
    expect(desk.get_by_text("已吹哨")).to_be_visible()
    deliver()
    whistle = Whistle.objects.get()

    urban = as_staff(town.urban, java_script_enabled=False)  # an old phone
    urban.goto("/field/notices/")
    read_notice(urban, "吹哨")
    expect(urban.get_by_text("先看占没占消防通道")).to_be_visible()
    press(urban, "报到")
    expect(urban.get_by_text("已报到，时间和位置都记下了")).to_be_visible()
    urban.locator("summary", has_text="到场").first.click()
    urban.locator("#act-arrive input[type=file]").set_input_files([picture("teal")])
    press(urban, "到场")
    expect(urban.get_by_text("已到场。")).to_be_visible()
    urban.locator("summary", has_text="办结我们的部分").click()
    urban.get_by_label("你们这边办得怎么样").fill("通道上的棚角拆了，留了通知书。")
    urban.locator("#act-finish input[type=file]").last.set_input_files([picture("green")])
    press(urban, "办结我们的部分")
    expect(urban.get_by_text("已办完，牵头单位会看到")).to_be_visible()

    housing = as_staff(town.housing)
    housing.goto(f"/field/whistles/{part(town, whistle, 'housing').pk}/")
    look_at(housing, "whistle-part")
    housing.locator("summary", has_text="都办完了").click()
    housing.get_by_label("一起办的结果").fill("彩钢棚已拆，通道恢复四米宽。")
    press(housing, "都办完了，办结")
    expect(housing.get_by_text("已办结，等居民评价")).to_be_visible()

    mei = open_page()
    mei.goto(f"/c/{telling.token_of(case)}/")
    expect(mei.get_by_text("住建局牵头，城管局一起办。")).to_be_visible()
    expect(mei.get_by_text("城管局到了现场")).to_be_visible()
    desk.goto(f"/desk/whistles/{whistle.pk}/")
    expect(desk.get_by_text("通道上的棚角拆了，留了通知书。").first).to_be_visible()


@pytest.mark.row("S1 1.10")
def test_owners_whistle_and_the_window_reports_in(town, as_staff):
    WhistlePlan.objects.create(
        category=town.category, organisation=town.offices["urban"], is_lead=True, is_automatic=True
    )
    memory.forget_all()
    case = make_case(town, at=clock.now(), text="门禁坏了两周，物业不管。")
    deliver()
    window = as_staff(town.urban)
    window.goto("/field/whistles/")
    window.get_by_role("link", name="门禁坏了两周").click()
    press(window, "报到")
    expect(window.get_by_text("已报到，时间和位置都记下了")).to_be_visible()
    # What it cannot settle goes to the others, by the community.
    desk = as_staff(town.desk, viewport=DESK)
    desk.goto(f"/desk/whistles/{Whistle.objects.get(case=case).pk}/")
    more = open_act(desk, "再叫一家")
    more.get_by_label("叫哪一家").select_option(label="安居物业")
    more.get_by_role("button", name="再叫一家").click()
    expect(desk.get_by_role("heading", name="安居物业")).to_be_visible()


@pytest.mark.row("S3 3.3")
@pytest.mark.row("S4 4.9")
def test_what_the_community_cannot_decide_goes_up_with_its_clause(town, as_staff):
    case = make_case(town, at=clock.now(), text="顶楼要加建阳光房，邻居不同意。")
    desk = as_staff(town.desk, viewport=DESK)
    desk.goto(f"/desk/cases/{case.pk}/")
    form = open_act(desk, "报上级裁定")
    form.get_by_label("依据哪一条").select_option(label="违法建设认定")
    form.get_by_label("为什么").fill("是不是违建社区定不了，两家都在等。")
    form.get_by_role("button", name="报上级裁定").click()
    expect(desk.get_by_text("已报上级裁定，答复有自己的时限")).to_be_visible()
    deliver()
    above = as_staff(town.above, viewport=DESK)
    above.goto(f"/desk/arbitrations/{Arbitration.objects.get().pk}/")
    above.get_by_label("交给指定单位办").check()
    above.get_by_label("交给哪个单位").select_option(label="住建局")
    above.get_by_label("为什么这样定").fill("加建要先报住建审，住建来认定。")
    press(above, "答复")
    expect(above.get_by_text("已答复，社区会收到")).to_be_visible()
    case.refresh_from_db()
    assert case.handler_organisation_id == town.offices["housing"].pk
    desk.goto("/desk/arbitrations/sheet/")
    expect(desk.get_by_text("占 100.0%")).to_be_visible()


@pytest.mark.row("S3 3.6")
def test_a_group_chat_becomes_cases(town, as_staff, look_at):
    desk = as_staff(town.desk, viewport=DESK)
    desk.goto("/desk/chats/")
    desk.get_by_label("哪个群").fill("天山花园业主群")
    desk.get_by_label("是哪个小区的群").select_option(label="天山花园")
    desk.get_by_label("群聊内容").fill(
        "张小三 2026-03-03 08:31\n3号楼下水道又堵了，污水冒到楼道😡\n\n"
        "李四妹 2026-03-03 08:33\n我家也是[捂脸]\n\n王五 2026-03-03 09:00\n早上好[玫瑰]\n"
    )
    press(desk, "拆开看看")
    expect(desk.get_by_text("3 条消息，3 个人，1 件事")).to_be_visible()
    expect(desk.get_by_text("张小三")).to_have_count(0)
    look_at(desk, "chat")
    desk.get_by_label("立一件").check()
    desk.get_by_label("类别").select_option(label="环境卫生")
    press(desk, "按勾选的立件")
    expect(desk.get_by_text("立了 1 件")).to_be_visible()
    case = Case.objects.get()
    assert (case.source, case.building_id) == ("group_chat", town.building.pk)
    desk.goto(f"/desk/cases/{case.pk}/")
    desk.get_by_role("link", name="群聊原话").click()
    expect(desk.get_by_text("姓名、电话和门牌已遮住")).to_be_visible()
