"""Prints how well the product judges, on public texts: `python -m bench.judgement`.

Texts are not part of the product: the folder is named with --data (default ../shared/data) and a
machine that does not have it has nothing to measure. What is measured: categories (folds that keep
near copies together, top three, what is left to people, time, size), repeated reports (first hit,
hard negatives), masking (missed, false), lateness (against another city's own record).
"""

import argparse
import csv
import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.training import lines_of
from linli.cases import rules
from linli.kernel import learning, masking
from linli.kernel.examples import Example
from linli.kernel.likeness import LIKELY, POSSIBLE, Known, Words
from linli.kernel.textmodel import TextModel

STARTER = Path(__file__).resolve().parent.parent / "linli/cases/data/starter.model"
_CODE = re.compile(r"([A-Z]\d*)[市区县]")  # the set's own stand-ins for districts


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="bench.judgement")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--only", default="masking,deadlines,duplicates,categories")
    asked = parser.parse_args()
    if not asked.data.is_dir():
        print(f"{asked.data} is not here: nothing to measure.")
        return 1
    for name in asked.only.split(","):
        print(f"\n== {name}", flush=True)
        _PARTS[name](asked.data)
    return 0


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


# ------------------------------------------------------------------------------------- categories
def categories(data: Path) -> None:
    """Learn from labelled messages; say how good it is on those that were held out."""
    examples = [_example(row) for row in _lines(data / "zhengwu_train.jsonl.gz")]
    extra = [_example(row) for row in _lines(data / "zhengwu_title_only.jsonl.gz")]
    started = time.process_time()
    content, report = learning.learn(examples, extra=extra, now=datetime.now(UTC))
    print("\n".join(lines_of(report)))
    print(f"learning with {report.folds} folds: {time.process_time() - started:.0f} s of CPU")
    model = TextModel(content)
    rest = [_example(row) for row in _lines(data / "messages_unlabelled.jsonl.gz")]
    started = time.process_time()
    chances = [model.rank(one.text, one.title)[0].chance for one in rest]
    each = (time.process_time() - started) / len(rest) * 1000
    unsure = sum(chance < model.sure_from for chance in chances) / len(chances)
    print(f"model {len(content) / 1e6:.2f} MB, {each:.2f} ms a message")
    print(f"unlabelled (a tenth of it of no label): {unsure:.1%} left to people")
    _of_no_label(examples)


def _of_no_label(examples: list[Example]) -> None:
    """Leave a label out of learning: how many of its messages are then left to people?"""
    few = examples[::3]
    for label in sorted({one.label for one in few})[::2]:
        known = [one for one in few if one.label != label]
        content, _report = learning.learn(known, now=datetime.now(UTC))
        model = TextModel(content)
        strangers = [one for one in few if one.label == label]
        unsure = sum(
            model.rank(one.text, one.title)[0].chance < model.sure_from for one in strangers
        )
        print(f"without {label}: {unsure / len(strangers):.1%} of {len(strangers)} left to people")


def _example(row: dict[str, Any]) -> Example:
    return Example(
        text=row.get("text") or "",
        title=row.get("title") or "",
        label=row.get("label") or "",
        group=str(row.get("group", row["id"])),
    )


# ------------------------------------------------------------------------------------- duplicates
@dataclass
class _Set:
    """The messages in their order, and the pairs about which the set says nothing."""

    rows: list[Any]
    words: list[Words]
    open_pairs: set[frozenset[str]]

    def is_same(self, a: int, b: int) -> bool:
        event = self.rows[a]["event"]
        return event is not None and event == self.rows[b]["event"]

    def is_clear(self, a: int, b: int) -> bool:
        one, two = self.rows[a], self.rows[b]
        return not two["ambiguous"] and frozenset((one["id"], two["id"])) not in self.open_pairs

    def is_likely(self, a: int, b: int, likeness: float) -> bool:
        """Tell what the product would say: alike, the place agrees, no word speaks of elsewhere."""
        codes_a, codes_b = (set(_CODE.findall(self.rows[n]["title"])) for n in (a, b))
        return (
            likeness >= LIKELY
            and self.words[a].names_a_place_of(self.words[b])
            and not self.words[a].speaks_of_elsewhere(self.words[b])
            and _within(codes_a, codes_b)
            and _within(codes_b, codes_a)
        )


def duplicates(data: Path) -> None:
    """Let messages come in their order; ask for each repeat which earlier one is most alike."""
    rows = list(_lines(data / "hot_messages.jsonl.gz"))
    place = {row["id"]: n for n, row in enumerate(rows)}
    pairs = list(csv.DictReader((data / "hot_pairs.csv").open(encoding="utf-8")))
    open_pairs = {frozenset((p["a"], p["b"])) for p in pairs if p["relation"] == "ambiguous"}
    started = time.process_time()
    words = [Words(row["title"] or "", row["text"] or "") for row in rows]
    of = _Set(rows, words, open_pairs)
    tally = _walk(of)
    seconds = time.process_time() - started
    print(f"first hit: {tally['hit']} of {tally['asked']} ({tally['hit'] / tally['asked']:.4f})")
    print(f"also counting what the set leaves open: {tally['strict']} of {tally['repeats']}")
    print(f"said to be likely the same: {tally['right']} right, {tally['wrong']} wrong")
    _hard(of, [p for p in pairs if p["relation"] == "different_event"], place)
    print(f"{seconds / len(rows) * 1000:.2f} ms a message among all before it")


def _hard(of: _Set, hard: list[dict[str, str]], place: dict[str, int]) -> None:
    """Print what is said of pairs that read alike and are two things; and with fixed rarities."""
    learnt = Known()
    learnt.learn(of.words)
    fixed = Known(TextModel(STARTER.read_bytes()).rarity)
    pairs = [sorted((place[pair["a"]], place[pair["b"]])) for pair in hard]
    for name, known in (("learnt", learnt), ("the product's own", fixed)):
        alike = [known.likeness(of.words[n], of.words[m]) for n, m in _repeats(of)]
        wrong = sum(of.is_likely(b, a, known.likeness(of.words[a], of.words[b])) for a, b in pairs)
        print(
            f"rarities {name}: {sum(one >= LIKELY for one in alike)} of {len(alike)} repeats at "
            f"{LIKELY}, {sum(one >= POSSIBLE for one in alike)} at {POSSIBLE}; "
            f"hard negatives said to be likely the same: {wrong} of {len(hard)}"
        )


def _repeats(of: _Set) -> list[tuple[int, int]]:
    """Return each repeat with the first report of its event."""
    first: dict[str, int] = {}
    pairs = []
    for n, row in enumerate(of.rows):
        if row["event"] is not None and not row["ambiguous"]:
            m = first.setdefault(row["event"], n)
            pairs += [(n, m)] if m != n and of.is_clear(n, m) else []
    return pairs


def _walk(of: _Set) -> Counter[str]:
    tally: Counter[str] = Counter()
    known = Known()
    for n, row in enumerate(of.rows):
        near = [(int(str(m)), s) for m, s in known.nearest(of.words[n], 20)]
        known.add(n, of.words[n])
        if row["ambiguous"] or not near:
            continue
        earlier = [m for m in range(n) if of.is_same(n, m)]
        if earlier:
            tally["repeats"] += 1
            tally["strict"] += of.is_same(n, near[0][0])
        best = next(((m, s) for m, s in near if of.is_clear(n, m)), None)
        if best and any(of.is_clear(n, m) for m in earlier):
            tally["asked"] += 1
            tally["hit"] += of.is_same(n, best[0])
        if best and of.is_likely(n, *best):
            tally["right" if of.is_same(n, best[0]) else "wrong"] += 1
    return tally


def _within(some: set[str], others: set[str]) -> bool:
    """Tell whether each district is one of the others, or part of one, or has one as its part."""
    return not others or all(
        any(one.startswith(two) or two.startswith(one) for two in others) for one in some
    )


# ---------------------------------------------------------------------------------------- masking
def mask(data: Path) -> None:
    """Find personal pieces; count what was missed and what was found for nothing."""
    spans = missed = rooms = 0
    false: list[str] = []
    for row in _lines(data / "pii_cases.jsonl"):
        text, found = row["text"], masking.find(row["text"])
        spans += len(row["spans"])
        for start, end, kind in row["spans"]:
            if not any(one.start <= start and end <= one.end for one in found):
                missed += 1
                print(f"missed {kind}: {text}")
        known = row["spans"] + row["optional"]
        for one in found:
            if not any(start < one.end and one.start < end for start, end, _kind in known):
                rooms += one.kind == "room"
                false += [f"{one.kind} {text[one.start : one.end]}: {text}"] * (one.kind != "room")
    print(f"{spans} pieces: {missed} missed, {len(false)} found for nothing")
    print(f"{rooms} numbers of homes found besides, which the set does not ask for")
    print("\n".join(false))
    texts = [row["text"] or "" for row in _lines(data / "zhengwu_train.jsonl.gz")][:2000]
    started = time.process_time()
    for text in texts:
        masking.find(text)
    print(f"{(time.process_time() - started) / len(texts) * 1000:.2f} ms a message of 360 signs")


# -------------------------------------------------------------------------------------- deadlines
def deadlines(data: Path) -> None:
    """Say late or in time of another city's tickets; compare with its own column."""
    agreed: Counter[tuple[str, str]] = Counter()
    with gzip.open(data / "boston311_2017_2018.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    taken_at = max(filter(None, (_moment(row["sla_target_dt"]) for row in rows)))
    for row in rows:
        late = rules.is_late(
            _moment(row["sla_target_dt"]), ended_at=_moment(row["closed_dt"]), now=_after(taken_at)
        )
        agreed[row["on_time"], "OVERDUE" if late else "ONTIME"] += 1
    same = sum(count for (theirs, ours), count in agreed.items() if theirs == ours)
    print(f"{same} of {len(rows)} tickets as in the city's record")
    for (theirs, ours), count in sorted(agreed.items()):
        print(f"  theirs {theirs}, ours {ours}: {count}")


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _after(moment: datetime) -> datetime:
    """Return a moment at which the record was taken: all its promises had passed."""
    return moment.replace(year=moment.year + 1)


_PARTS = {
    "categories": categories,
    "duplicates": duplicates,
    "masking": mask,
    "deadlines": deadlines,
}

if __name__ == "__main__":
    raise SystemExit(main())
