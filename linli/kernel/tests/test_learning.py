"""A model learns from labelled texts, says how good it is, and is asked without a library."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from linli.kernel import learning, textmodel
from linli.kernel.errors import BadInput
from linli.kernel.examples import Example, read_examples
from linli.kernel.textmodel import NotAModel, TextModel

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PLACES = ("三号楼", "东门口", "二单元", "停车场旁", "楼道里", "花园边", "北区", "幼儿园对面")
WORDS = {
    "light": ("路灯不亮", "灯坏了一直不修", "楼道灯不亮看不见路", "感应灯一直闪"),
    "trash": ("垃圾没人清", "垃圾桶满了有异味", "建筑垃圾堆着没运走", "地上很脏没人扫"),
    "parking": ("车乱停堵了出口", "占了我的车位", "僵尸车停了半年", "消防通道停满了车"),
}
EXAMPLES = [
    Example(text=f"{place}{words}，{end}", label=label, group=words)
    for label, several in WORDS.items()
    for words in several
    for place in PLACES
    for end in ("请来看看", "已经三天了")
]


@pytest.fixture(scope="module")
def learnt() -> tuple[bytes, learning.Report]:
    return learning.learn(EXAMPLES, now=NOW, note="test")


def test_a_model_ranks_what_it_learnt(learnt):
    model = TextModel(learnt[0])
    guesses = model.rank("西门的路灯又不亮了")
    assert guesses[0].label == "light"
    assert len(guesses) == 3
    assert 0.5 < guesses[0].chance <= sum(guess.chance for guess in guesses) <= 1.0
    assert model.rank("", "垃圾没人清走")[0].label == "trash"


def test_a_text_about_nothing_speaks_for_none(learnt):
    assert sum(guess.chance for guess in TextModel(learnt[0]).rank("xyz 你我他")) < 0.9


def test_examples_about_nothing_are_learnt_and_never_suggested():
    chat = [Example(text=f"今天{word}真好", label="-") for word in ("天气", "心情", "电影", "早饭")]
    model = TextModel(learning.learn([*EXAMPLES, *chat], now=NOW)[0])
    assert "-" not in {guess.label for guess in model.rank("今天天气真好")}


def test_only_labels_that_are_in_use_are_suggested(learnt):
    model = TextModel(learnt[0])
    some = model.rank("路灯不亮", among=["trash", "parking", "unheard-of"])
    assert {guess.label for guess in some} == {"trash", "parking"}
    assert model.rank("路灯不亮", among=[]) == []


@pytest.mark.parametrize("text", ["", " ", "\x00", "ABC", "🙂" * 5000, "İıſ", "一" * 100_000])
def test_any_text_can_be_asked(learnt, text):
    assert len(TextModel(learnt[0]).rank(text)) == 3


def test_figures_are_of_held_out_folds_with_near_copies_together(learnt):
    report = learnt[1]
    assert report.examples == len(EXAMPLES)
    assert report.folds == 4  # as many as the smallest label has groups
    assert 0.3 < report.macro_f1 <= 1.0
    assert report.top_3 == 1.0
    assert sum(map(sum, report.confusion)) == len(EXAMPLES)
    least, kept, _right = report.curve[0]
    assert (least, kept) == (0.0, 1.0)
    assert all(point[1] <= kept for point in report.curve)


def test_what_is_near_is_never_asked_of_what_learnt_it():
    # A word that stands in one group only can't help: honest figures are poor here.
    rows = [
        Example(text=word * 3, label=label, group=word)
        for word, label in (("甲", "a"), ("乙", "b"), ("丙", "a"), ("丁", "b"), ("戊", "a"))
        for _ in range(4)
    ]
    honest = learning.learn(rows, now=NOW)[1]
    careless = learning.learn([Example(text=r.text, label=r.label) for r in rows], now=NOW)[1]
    assert honest.macro_f1 < 0.6 < careless.macro_f1 == 1.0


def test_the_same_examples_give_the_same_bytes(learnt):
    assert learning.learn(EXAMPLES, now=NOW, note="test")[0] == learnt[0]


def test_scores_in_bytes_stay_with_those_of_the_machine(learnt):
    model = TextModel(learnt[0])
    right = sum(model.rank(one.text)[0].label == one.label for one in EXAMPLES)
    assert right >= len(EXAMPLES) * 0.98


def test_two_labels_and_extra_examples_are_enough():
    rows = [one for one in EXAMPLES if one.label != "parking"]
    extra = [Example(text="", title="狗粪没人管", label="pets")]
    content, report = learning.learn(rows, now=NOW, extra=extra)
    assert TextModel(content).labels == ("light", "pets", "trash")
    assert report.labels == {"light": 64, "trash": 64}
    content, _report = learning.learn(rows[:2] + rows[-2:], now=NOW)
    assert TextModel(content).rank("路灯不亮")[0].label == "light"


def test_one_label_is_nothing_to_learn():
    with pytest.raises(BadInput):
        learning.learn([Example(text="灯", label="light")] * 3, now=NOW)


def test_too_many_grams_are_cut_to_the_strongest(monkeypatch):
    monkeypatch.setattr(learning, "MOST_BYTES", 100 * 8)
    model = TextModel(learning.learn(EXAMPLES, now=NOW)[0])
    assert model.about["grams"] == 100
    assert model.rank("路灯不亮")[0].label == "light"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", textmodel.MAGIC, textmodel.MAGIC + b"{}\n", b"LINLI TEXT MODEL 9\n{}"],
)
def test_what_is_no_model_is_refused(content):
    with pytest.raises(NotAModel):
        TextModel(content)


def test_a_model_cut_off_is_refused(learnt):
    with pytest.raises(NotAModel):
        TextModel(learnt[0][:-1])


def test_asking_imports_no_library(learnt, tmp_path):
    file = tmp_path / "a.model"
    file.write_bytes(learnt[0])
    code = (
        "import sys; from pathlib import Path; from linli.kernel.textmodel import TextModel\n"
        f"m = TextModel(Path({str(file)!r}).read_bytes()); assert m.rank('路灯不亮')\n"
        "assert not {'numpy', 'scipy', 'sklearn', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_files_come_as_lines_lists_and_tables(tmp_path):
    rows = [{"text": "灯坏了", "label": "light", "group": 7}, {"title": "脏", "label": "trash"}]
    known = [
        Example(text="灯坏了", label="light", group="7"),
        Example(text="", title="脏", label="trash"),
    ]
    file = tmp_path / "a"
    file.write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    assert read_examples(file) == known
    file.write_text(json.dumps(rows))
    assert read_examples(file) == known
    file.write_bytes("text,label,title\r\n灯坏了,light,\r\n,trash,脏\r\n".encode("gb18030"))
    assert [one.label for one in read_examples(file)] == ["light", "trash"]


@pytest.mark.parametrize(
    "content", ['{"text": "灯"}', "text,label\n灯,\n", "[1, 2]", "{oops", "[}"]
)
def test_a_file_that_says_nothing_is_refused_in_words(tmp_path, content):
    file = tmp_path / "a.csv"
    file.write_text(content)
    with pytest.raises(BadInput):
        read_examples(file)
    with pytest.raises(BadInput):
        read_examples(tmp_path / "missing")
