"""The desk takes an old mailbox in and the queue out: seen getting on, stopped, fetched."""

import csv
import io
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.cases.models import Case
from linli.kernel import runs
from linli.kernel.models import Run
from tests.journeys.acting import PATIENCE, follow_run

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("working")]

DESKTOP = {"width": 1440, "height": 900}
ROWS = ["编号,内容,时间,姓名,电话,答复,答复时间"] + [
    f"{n},第 {n} 件：路灯不亮,2024-09-{n % 28 + 1:02} 08:00,梅小雨,10000000077,{'修好了' if n % 2 else ''},"
    for n in range(120)
]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page wait for a worker that was faster as long as a slow machine needs."""
    carry = partial(runs.carry_now, seconds=PATIENCE / 1000)
    monkeypatch.setattr(runs, "carry_now", carry)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "信箱.csv"
    path.write_bytes("\n".join([*ROWS, "x,,昨天,,,,"]).encode("gb18030"))
    return path


def take_in(page: Any, file: Path) -> None:
    page.goto("/desk/cases/imports/")
    page.get_by_label("哪个信箱").fill("书记信箱")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="上传").click()
    page.get_by_label("对不上类别的归到").select_option(label="环境卫生")


@pytest.mark.row("S3 3.6")
def test_an_old_mailbox_comes_in_and_the_queue_goes_out(
    world: Any, as_staff: Any, look_at: Any, file: Path
) -> None:
    page = as_staff(world.desk, viewport=DESKTOP, accept_downloads=True)
    take_in(page, file)
    look_at(page, "mailbox-columns")
    page.get_by_role("button", name="检查全部行").click()
    page.get_by_role("button", name="导入 120 条").wait_for()
    look_at(page, "mailbox-checked")
    page.get_by_role("button", name="导入 120 条").click()
    # The page follows by itself until the run is over.
    page.get_by_text("60 条待办，60 条已答复").wait_for()
    look_at(page, "run-with-errors")
    assert Case.objects.count() == 120
    page.goto("/desk/cases/?tab=all&source=import")
    page.get_by_role("link", name="导出").click()
    look_at(page, "export")
    page.get_by_label("CSV，给别的软件用").check()
    page.get_by_role("button", name="导出").click()
    link = page.get_by_role("link", name="下载 工单")
    link.wait_for()
    look_at(page, "run-done")
    with page.expect_download() as told:
        link.click()
    rows = list(csv.DictReader(io.StringIO(Path(told.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == 120
    assert {row["反映人"] for row in rows} == {"梅**"}
    page.goto("/desk/runs/")
    look_at(page, "runs")


@pytest.mark.row("S3 3.6")
def test_it_goes_without_scripts_on_a_phone_too(world: Any, as_staff: Any, file: Path) -> None:
    page = as_staff(world.desk, java_script_enabled=False)
    take_in(page, file)
    page.get_by_role("button", name="检查全部行").click()
    page.get_by_role("button", name="导入 120 条").click()
    follow_run(page, "60 条待办，60 条已答复")
    expect(page.get_by_text("60 条待办，60 条已答复").first).to_be_visible()
    assert Run.objects.order_by("-id").first().state == "done"
