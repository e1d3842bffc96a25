"""`linli import-messages` checks, asks, brings in, and says in words what it did."""

import json
import sys
from types import SimpleNamespace

import pytest

from config import cli
from linli.cases.models import Case, MailboxFile
from linli.cases.tests.makers import make_neighbourhood


@pytest.fixture
def world(in_home) -> SimpleNamespace:
    return make_neighbourhood()


@pytest.fixture
def file(tmp_path):
    rows = [
        {"编号": 1, "留言": "门口路灯不亮", "时间": "2024-09-26 14:30"},
        {"编号": 2, "留言": "井盖松动", "时间": "2023/3/1", "答复": "已更换。", "答复时间": 44994},
        {"编号": 3, "留言": "", "时间": "昨天"},
    ]
    path = tmp_path / "信箱.jsonl"
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows))
    return path


def call(world, file, *more: str) -> int:
    place = ["--community", world.community.code, "--source", "书记信箱"]
    usual = [*place, "--category", "环境卫生", "--column", "内容=留言"]
    return cli.main(["import-messages", str(file), *usual, *more])


def test_a_file_is_checked_told_row_by_row_and_brought_in(world, file, capsys):
    assert call(world, file, "--yes") == 0
    said = capsys.readouterr().out
    assert "内容 ← 留言" in said
    assert "1 条待办，1 条已答复，0 条已在库里，1 条不对。" in said
    assert "第 3 行：没有内容。" in said
    assert sorted(Case.objects.values_list("state", flat=True)) == ["closed", "reported"]


def test_a_second_time_brings_nothing(world, file, capsys):
    call(world, file, "--yes")
    assert call(world, file, "--yes") == 1
    assert "什么都没有改" in capsys.readouterr().out
    assert Case.objects.count() == 2


def test_it_asks_before_it_changes_anything(world, file, capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "不")
    assert call(world, file) == 0
    assert not Case.objects.exists()
    assert MailboxFile.objects.get().state == "discarded"
    monkeypatch.setattr("builtins.input", lambda question: "是")
    assert call(world, file) == 0
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--community", "000000000000"], "没有代码是"),
        (["--category", "没有这类"], "现有：环境卫生"),
        (["--column", "胡说=留言"], "没有“胡说”这个字段"),
        (["--column", "电话=没有"], "没有“没有”这一列"),
    ],
)
def test_what_can_not_be_is_refused_in_words(world, file, capsys, more, words):
    assert call(world, file, *more, "--yes") == 1
    assert words in capsys.readouterr().err
    assert not Case.objects.exists()


def test_a_file_that_is_not_there_is_told(world, tmp_path, capsys):
    assert call(world, tmp_path / "没有.csv", "--yes") == 1
    assert "打不开" in capsys.readouterr().err


def test_on_a_terminal_it_shows_how_far_it_is(world, file, capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert call(world, file, "--yes") == 0
    assert "3 / 3 行" in capsys.readouterr().out
