"""Those who operate the product start it, look after it, back it up and bring it back."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from config import cli, health, prepare, questions
from linli.kernel import clock, jobs, tenancy, worker
from linli.kernel.errors import BadInput
from linli.kernel.models import EventRow, Job, Tenant
from linli.kernel.tests.makers import ring
from tests import pattern

ROOT = Path(__file__).resolve().parent.parent


def told(now) -> dict[str, health.Grade]:
    return {finding.text: finding.grade for finding in health.findings(now)}


def find(now, part: str) -> list[health.Grade]:
    return [grade for text, grade in told(now).items() if part in text]


def test_a_check_tells_what_is_wrong(in_home):
    now = clock.now()
    assert find(now, "后台还没有运行过") == [health.Grade.BAD]
    worker.tick(now)
    assert find(now, "后台在运行") == [health.Grade.GOOD]
    assert find(now + timedelta(hours=1), "没有动静") == [health.Grade.BAD]
    assert find(now - timedelta(hours=1), "时钟") == [health.Grade.BAD]
    assert find(now, "没有停下来的任务") == [health.Grade.GOOD]
    jobs.enqueue("nobody.knows", key="a", due_at=now)
    Job.objects.update(parked_at=now)
    assert find(now, "任务 1 个") == [health.Grade.LOOK]
    row = ring()
    EventRow.objects.filter(pk=row.pk).update(
        delivered_at=None, recorded_at=now - timedelta(minutes=5)
    )
    assert find(now, "有 1 条记录等了") == [health.Grade.BAD]
    assert find(now, "数据表是最新的") == [health.Grade.GOOD]


def test_a_check_without_a_database_says_so(db, monkeypatch):
    from django.db import OperationalError

    def gone(_now):
        raise OperationalError("connection refused")
        yield

    monkeypatch.setattr(health, "_database", gone)
    assert find(clock.now(), "数据库用不了：connection refused") == [health.Grade.BAD]


def test_a_check_before_the_tables_says_only_that(db, monkeypatch):
    """What they would hold can't be asked for; that is no fault of the database."""
    behind = health.Finding(health.Grade.BAD, "数据表差 50 步没有更新：linli migrate")
    monkeypatch.setattr(health, "_migrations", lambda _now: iter([behind]))
    said = list(told(clock.now()))
    assert said[-1] == behind.text
    assert not any("后台" in text or "停下来的任务" in text for text in said)


def test_tables_line_up_with_chinese_in_them():
    lines = prepare.table([("入口", "账号"), ("居民报事", "—"), ("desk", "lin")])
    assert lines == ["入口      账号", "居民报事  —", "desk      lin"]
    assert prepare.table([]) == []


def test_the_command_explains_itself(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    assert "backup" in capsys.readouterr().out


class Running:
    """The product, started as those who operate it start it."""

    def __init__(self, folder: Path, port: int) -> None:
        environment = dict(os.environ) | {
            "LINLI_DATA": str(folder), "LINLI_DEMO": "0", "LINLI_DEBUG": "1",
            "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        environment.pop("DATABASE_URL", None)
        shutil.copyfile(pattern.file(), folder / "linli.sqlite3")
        self.log = (folder / "log").open("w+")
        command = [sys.executable, "-m", "config.cli", "run", "--port", str(port)]
        self.process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT
        )

    def wait_for(self, text: str, seconds: float = 240) -> None:
        until = time.monotonic() + seconds
        while text not in self.said():
            assert time.monotonic() < until, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        return Path(self.log.name).read_text()

    def children(self) -> dict[str, int]:
        """Return the processes of web and worker by the names that `ps` shows."""
        import psutil

        found = psutil.Process(self.process.pid).children()
        return {child.name(): child.pid for child in found}


@pytest.fixture
def running(tmp_path):
    import socket

    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    product = Running(tmp_path, port)
    yield product
    product.process.kill()
    product.process.wait()
    product.log.close()


def test_one_command_runs_both_and_starts_again_what_dies(running):
    import psutil

    running.wait_for("已经打开")
    before = running.children()
    assert set(before) == {"linli-web", "linli-worker"}
    os.kill(before["linli-worker"], signal.SIGKILL)
    running.wait_for("后台停了")
    os.kill(before["linli-web"], signal.SIGKILL)
    running.wait_for("网页停了")
    until, ended = time.monotonic() + 240, set(before.values())
    while set(after := running.children()) != set(before) or ended & set(after.values()):
        assert time.monotonic() < until
        time.sleep(0.05)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(240) == 0
    assert "已结束" in running.said()
    assert not any(psutil.pid_exists(pid) for pid in after.values())


def test_the_demo_is_not_put_into_a_database_in_use(in_home, capsys):
    assert prepare.demo(is_anew=False) == 1
    assert "没有改动" in capsys.readouterr().err
    assert tenancy.current_tenant_id() == in_home.pk
    assert Tenant.objects.count() == 1


def test_a_new_community_says_what_it_still_has_to_say():
    parser = argparse.ArgumentParser()
    questions.add_options(parser)
    asked = questions.about({"pingan": "友善小区"})
    by_name = {question.name: question for question in asked}
    given = parser.parse_args(["--tenant-code", "xin", "--community-code", "12"])
    assert questions.answer(by_name["tenant_code"], given) == "xin"
    assert questions.answer(by_name["grids"], given) == "6"
    with pytest.raises(BadInput, match="12 位"):
        questions.answer(by_name["community_code"], given)
    with pytest.raises(BadInput, match=r"--like.*pingan 友善小区"):
        questions.answer(by_name["like"], given)
    with pytest.raises(BadInput, match="“beijing”不行"):  # at once, not after all the others
        questions.answer(by_name["like"], parser.parse_args(["--like", "beijing"]))


def test_a_refusal_is_told_in_words(capsys, db):
    assert cli.main(["install", "/nowhere.yaml"]) == 1
    assert "读不了 /nowhere.yaml" in capsys.readouterr().err


def test_a_database_that_can_not_be_used_is_told_in_words(monkeypatch, capsys):
    from django.db import DatabaseError, IntegrityError, OperationalError, ProgrammingError

    def said_of(error: Exception) -> str:
        monkeypatch.setattr(health, "verify", lambda: _raise(error))
        assert cli.main(["verify"]) == 1
        return capsys.readouterr().err

    gone = said_of(DatabaseError("file is not a database"))
    assert "数据库用不了：file is not a database" in gone
    assert "linli restore --replace" in gone
    for words in (OperationalError("no such table: x"), ProgrammingError("x does not exist")):
        assert "先运行 linli migrate" in said_of(words)
    with pytest.raises(IntegrityError):  # nobody foresaw it: it flies
        said_of(IntegrityError("UNIQUE constraint failed"))


def _raise(error: Exception) -> None:
    raise error


def test_a_door_that_cannot_be_is_refused_in_words(capsys):
    for wrong in ("abc", "99999"):
        with pytest.raises(SystemExit):
            cli.main(["run", "--port", wrong])
        assert f"端口“{wrong}”不行，写 1 到 65535 的数" in capsys.readouterr().err


def test_the_web_processes_count_callers_together(tmp_path):
    """The counters lie in a shared file before the product is loaded and forked."""
    words = (
        "from config import server; server.count_together(); server.preload();"
        "from linli.kernel import throttle; print(type(throttle._buckets).__name__)"
    )
    said = subprocess.run(
        [sys.executable, "-c", words], env=os.environ | {"LINLI_DATA": str(tmp_path)},
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert said.stdout.strip() == "SharedBuckets"
