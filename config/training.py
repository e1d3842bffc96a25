"""`linli train`: learn from a labelled file, say how good it is, write the model."""

import argparse
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from linli.kernel.examples import Example, read_examples
from linli.kernel.phrases import digest_of, read_phrases
from linli.kernel.textmodel import TextModel

if TYPE_CHECKING:
    from linli.kernel.grading import Report

_ZONE = ZoneInfo("Asia/Shanghai")


def add_options(command: argparse.ArgumentParser) -> None:
    """Add what `linli train` may be told."""
    command.add_argument(
        "file",
        type=Path,
        metavar="文件",
        help="CSV 或 JSON 行，列：text,label[,title,group]；.yaml 是说法",
    )
    command.add_argument("--out", type=Path, metavar="文件", help="模型写到哪里，默认 文件.model")
    command.add_argument(
        "--extra", type=Path, metavar="文件", help="只拿来学、不拿来考的例子，格式相同"
    )
    command.add_argument(
        "--steepness", type=float, default=2.0, metavar="C", help="每个例子的分量，默认 2"
    )


def train(options: argparse.Namespace) -> int:
    """Learn, report, write. Errors: BadInput for a file that can't be read."""
    from linli.kernel import learning

    is_phrases = options.file.suffix == ".yaml"
    examples = (read_phrases if is_phrases else read_examples)(options.file)
    extra = read_examples(options.extra) if options.extra else []
    started = time.monotonic()
    content, report = learning.learn(
        examples,
        extra=extra,
        now=datetime.now(_ZONE),
        steepness=options.steepness,
        note=digest_of(options.file),
    )
    for line in lines_of(report):
        print(line)
    target = options.out or options.file.with_suffix(".model")
    target.write_bytes(content)
    size, speed = len(content) / 1_000_000, _milliseconds(TextModel(content), examples)
    seconds = time.monotonic() - started
    print(f"模型：{target}，{size:.2f} MB，每条 {speed:.2f} 毫秒；用时 {seconds:.0f} 秒")
    return 0


def lines_of(report: "Report") -> list[str]:
    """Return a report in words and tables, a line each."""
    lines = [f"{report.examples:,} 条，{len(report.labels)} 类"]
    if report.macro_f1 is None:
        return [*lines, "例子太少，分不出几份来考：没有成绩。"]
    folds = "、".join(f"{f1:.4f}" for f1 in report.fold_f1)
    lines += [
        f"{report.folds} 份轮流考（相近的放在同一份）：macro-F1 {report.macro_f1:.4f}（各份 {folds}）",
        f"前三个里有对的：{report.top_3:.1%}",
        f"把握不到 {report.sure_from:.0%} 就说“不确定”",
        "",
        "把握至少    占全部    其中对的",
        *(f"{least:>7.0%} {kept:>9.1%} {right:>9.1%}" for least, kept, right in report.curve),
        "",
        "精确率  召回率    F1   条数  类别",
    ]
    for label, (precision, recall, f1) in report.by_label.items():
        count = report.labels.get(label, 0)
        lines.append(f"{precision:>6.3f} {recall:>7.3f} {f1:>6.3f} {count:>6}  {label}")
    lines += ["", "混淆（行是实际，列是判断，次序同上）："]
    lines += [" ".join(f"{count:>5}" for count in row) for row in report.confusion]
    return [*lines, ""]


def _milliseconds(model: TextModel, examples: list[Example]) -> float:
    """Return how long one text takes, on one core."""
    some = examples[:500]
    started = time.process_time()
    for one in some:
        model.rank(one.text, one.title)
    return (time.process_time() - started) / len(some) * 1000
