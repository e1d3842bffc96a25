"""Learns in a process of its own, so that what learning needs never stays in the worker's memory."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from linli.kernel.errors import BadInput, DomainError
from linli.kernel.examples import Example, read_examples
from linli.kernel.phrases import read_phrases

LIMIT: Final = 900  # seconds
FEW: Final = 300
_LOOK_EVERY: Final = 0.5
_ROOT: Final = Path(__file__).resolve().parents[2]


class LearningFailed(DomainError):
    """The learning process ended without a model."""

    status = 409
    code = "learning-failed"


def teach(
    examples: Iterable[Example], *, phrases: Path, now: datetime, look: Callable[[], None]
) -> bytes:
    """Return the bytes of a model learnt from examples on top of phrases.

    Its figures are of the held-out examples, and while these are FEW, of phrases too.

    look: called every half second; what it raises stops the learning.
    Errors: BadInput (nothing to learn), LearningFailed, and what `look` raises.
    """
    with tempfile.TemporaryDirectory(prefix="linli-learn-") as folder:
        given, made = Path(folder, "examples.jsonl"), Path(folder, "made.model")
        with given.open("w", encoding="utf-8") as file:
            for one in examples:
                file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
        command = [sys.executable, "-W", "ignore", "-m", "linli.kernel.teach"]
        parts = [str(given), str(phrases), str(made), now.isoformat()]
        process = subprocess.Popen([*command, *parts], cwd=_ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait(process, look)
        finally:
            process.kill()
            process.wait()
        if process.returncode != 0 or not made.is_file():
            raise LearningFailed("没有学成，原来的照常使用。请稍后再试。")
        return made.read_bytes()


def _wait(process: "subprocess.Popen[bytes]", look: Callable[[], None]) -> None:
    for _turn in range(int(LIMIT / _LOOK_EVERY)):
        look()
        try:
            process.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
        return


def main(arguments: list[str]) -> int:
    """Learn, in the process of its own: examples, phrases, where to write the model, the time."""
    from linli.kernel import learning

    os.nice(10)
    given, phrases, made, now = arguments
    try:
        examples, spoken = read_examples(Path(given)), read_phrases(Path(phrases))
        # A few examples say too little about how sure to be: then phrases are held out with them.
        few = len(examples) < FEW
        content, _report = learning.learn(
            [*examples, *spoken] if few else examples,
            extra=() if few else spoken,
            now=datetime.fromisoformat(now),
        )
    except BadInput:
        return 2
    Path(made).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
