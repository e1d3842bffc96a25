"""`linli train FILE`: a model from labelled texts, with its figures; a test that spans rooms."""

import json

from config import cli
from linli.kernel.tests.test_learning import EXAMPLES
from linli.kernel.textmodel import TextModel


def test_the_command_writes_a_model_and_its_figures(tmp_path, capsys):
    file = tmp_path / "words.jsonl"
    rows = [{"text": e.text, "label": e.label, "group": e.group} for e in EXAMPLES]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    assert cli.main(["train", str(file)]) == 0
    said = capsys.readouterr().out
    assert "macro-F1" in said
    assert "前三个里有对的" in said
    assert "混淆" in said
    assert TextModel((tmp_path / "words.model").read_bytes()).labels == (
        "light",
        "parking",
        "trash",
    )
    assert cli.main(["train", str(tmp_path / "nothing")]) == 1
