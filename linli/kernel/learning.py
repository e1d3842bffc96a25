"""Learns a text model from labelled examples, and says honestly how good it is.

scikit-learn is imported here and nowhere else, and this runs in a process of its own (`linli train`):
the web and the worker never carry it. Figures come from folds that the model did not see, with near
copies of a text kept in one fold (docs/adr/0011).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from linli.kernel import textmodel
from linli.kernel.errors import BadInput
from linli.kernel.examples import Example
from linli.kernel.textmodel import IDF_STEP, PARTS, grams_of, parts_of

FOLDS: Final = 5
# A wrong suggestion costs a reader as much as three right ones save.
COST_OF_WRONG: Final = 3
MOST_BYTES: Final = 11_500_000
_CURVE: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


@dataclass(slots=True, kw_only=True)
class Report:
    """How good a model is, on texts that it did not learn from."""

    examples: int
    labels: dict[str, int]
    folds: int = 0
    macro_f1: float | None = None
    fold_f1: list[float] = field(default_factory=list)
    top_3: float | None = None
    sure_from: float = 0.5
    # [least chance, share of texts at or above it, share of right ones among them]
    curve: list[list[float]] = field(default_factory=list)
    by_label: dict[str, list[float]] = field(default_factory=dict)  # precision, recall, F1
    confusion: list[list[int]] = field(default_factory=list)  # rows: the truth


def learn(
    examples: Sequence[Example],
    *,
    now: datetime,
    extra: Sequence[Example] = (),
    steepness: float = 1.0,
    note: str = "",
) -> tuple[bytes, Report]:
    """Learn from examples; return the model's bytes and how good it is on held-out folds.

    extra: learnt from in every fold and never asked about: what is known to be of another kind.
    steepness: how much each example may pull (C of the linear machine).
    Errors: BadInput for fewer than two labels.
    """
    labels = sorted({one.label for one in (*examples, *extra)})
    if len(labels) < 2:
        raise BadInput("至少要有两种 label 才能学。")
    every = [*examples, *extra]
    columns = _Columns([parts_of(one.text, one.title) for one in every])
    truth = [labels.index(one.label) for one in every]
    report = Report(examples=len(examples), labels=_counts(examples))
    scores = _held_out(columns, truth, examples, report, steepness)
    sharpness = (
        _judge(scores, truth[: len(examples)], labels, report) if scores is not None else 4.0
    )
    rows = list(range(len(every)))
    keys, rarities, weights, biases = columns.fit(rows, truth, len(labels), steepness)
    keep = _strongest(weights, len(labels))
    about = {
        "labels": labels,
        "grams": len(keep),
        "biases": [round(float(b), 6) for b in biases],
        "sharpness": round(sharpness, 3),
        "sure_from": round(report.sure_from, 3),
        "made_at": now.isoformat(timespec="seconds"),
        "note": note,
        "figures": asdict(report),
    }
    return _pack(about, keys, rarities, weights, keep), report


def _counts(examples: Iterable[Example]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in examples:
        counts[one.label] = counts.get(one.label, 0) + 1
    return dict(sorted(counts.items()))


class _Columns:
    """All texts as counts of hashed grams, a matrix for each part."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        import numpy as np
        from scipy.sparse import csr_matrix

        known: list[dict[int, int]] = [{} for _ in PARTS]
        cells: list[tuple[list[int], list[int], list[float]]] = [([0], [], []) for _ in PARTS]
        for text in texts:
            for part, counts in enumerate(grams_of(text)):
                column = known[part]
                ends, columns, values = cells[part]
                for key, count in counts.items():
                    columns.append(column.setdefault(key, len(column)))
                    values.append(1 + math.log(count))
                ends.append(len(columns))
        self.matrices, self.keys = [], []
        # A gram that stood in one text only says nothing of the next.
        least = 2 if len(texts) > 2000 else 1
        for part, (ends, columns, values) in enumerate(cells):
            matrix = csr_matrix(
                (np.array(values, np.float32), np.array(columns), np.array(ends)),
                shape=(len(texts), len(known[part])),
            )
            often = np.flatnonzero(np.bincount(columns, minlength=len(known[part])) >= least)
            keys = np.fromiter(known[part], np.uint32, len(known[part]))
            self.matrices.append(matrix[:, often])
            self.keys.append(keys[often])

    def weigh(self, rows: Sequence[int], learnt: Sequence[int]) -> tuple[Any, list[Any]]:
        """Return the rows as one matrix, weighted by the rarity that the learnt rows show."""
        import numpy as np
        from scipy.sparse import diags, hstack
        from sklearn.preprocessing import normalize

        blocks, rarities = [], []
        for matrix in self.matrices:
            often = np.bincount(matrix[learnt].indices, minlength=matrix.shape[1])
            rarity = np.log((1 + len(learnt)) / (1 + often)) + 1
            # As it will be kept, so that what is learnt is what is asked.
            steps = np.clip(np.rint(rarity * IDF_STEP), 1, 255)
            steps[often == 0] = 0
            rarities.append(steps.astype(np.uint8))
            blocks.append(normalize(matrix[rows] @ diags(steps.astype(np.float32))))
        return hstack(blocks).tocsr(), rarities

    def fit(
        self, rows: Sequence[int], truth: Sequence[int], size: int, steepness: float
    ) -> tuple[Any, Any, Any, Any]:
        """Return sorted keys with rarities, weights (a row for each label) and biases."""
        import numpy as np

        matrix, rarities = self.weigh(rows, rows)
        machine = _machine(steepness).fit(matrix, [truth[row] for row in rows])
        weights, biases = _by_label(machine, size)
        keys = np.concatenate(self.keys)
        order = np.argsort(keys, kind="stable")
        return keys[order], np.concatenate(rarities)[order], weights[:, order], biases


def _machine(steepness: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=steepness, dual=True, random_state=0, max_iter=3000)


def _by_label(machine: Any, size: int) -> tuple[Any, Any]:
    """Return weights and biases with a row for every label, also for one that was not learnt."""
    import numpy as np

    coefficients, intercepts, classes = machine.coef_, machine.intercept_, machine.classes_
    if len(classes) == 2:  # One machine for two labels: the second against the first.
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    weights = np.zeros((size, coefficients.shape[1]), np.float32)
    biases = np.full(size, -2.0)
    weights[classes], biases[classes] = coefficients, intercepts
    return weights, biases


def _held_out(
    columns: _Columns, truth: Sequence[int], examples: Sequence[Example], report: Report, c: float
) -> Any:
    """Return each example's scores by a model that did not see it; None for too few examples."""
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    asked = np.array(truth[: len(examples)])
    groups = [one.group or f"#{number}" for number, one in enumerate(examples)]
    folds = _folds(asked.tolist(), groups)
    if folds < 2:
        return None
    report.folds = folds
    extra = list(range(len(examples), len(truth)))
    scores = np.zeros((len(examples), max(truth) + 1))
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for learnt, held in split.split(asked, asked, groups):
        rows = [*learnt.tolist(), *extra]
        matrix, _rarities = columns.weigh([*rows, *held.tolist()], rows)
        machine = _machine(c).fit(matrix[: len(rows)], [truth[row] for row in rows])
        weights, biases = _by_label(machine, scores.shape[1])
        scores[held] = matrix[len(rows) :] @ weights.T + biases
        report.fold_f1.append(_f1(asked[held], scores[held].argmax(axis=1)))
    return scores


def _folds(asked: Sequence[int], groups: Sequence[str]) -> int:
    """Return how many folds there can be so that every label is in all; one-group labels aside."""
    together: dict[int, set[str]] = {}
    for label, group in zip(asked, groups, strict=True):
        together.setdefault(label, set()).add(group)
    sizes = [len(found) for found in together.values() if len(found) > 1]
    return min(FOLDS, *sizes) if len(sizes) > 1 else 0


def _f1(truth: Any, said: Any) -> float:
    from sklearn.metrics import f1_score

    return round(float(f1_score(truth, said, average="macro")), 4)


def _judge(scores: Any, truth: Sequence[int], labels: list[str], report: Report) -> float:
    """Write the figures of held-out scores down; return how sharply scores become chances."""
    import numpy as np
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    right = np.array(truth)
    best = np.argsort(-scores, axis=1)
    report.macro_f1 = _f1(right, best[:, 0])
    report.top_3 = round(float((best[:, :3] == right[:, None]).any(axis=1).mean()), 4)
    every = list(range(len(labels)))
    table = precision_recall_fscore_support(right, best[:, 0], labels=every, zero_division=0)
    report.by_label = {
        label: [round(float(table[i][k]), 3) for i in range(3)] for k, label in enumerate(labels)
    }
    report.confusion = confusion_matrix(right, best[:, 0], labels=every).tolist()
    sharpness = min(np.arange(0.5, 20, 0.25), key=lambda a: _surprise(scores, right, a))
    chances = _chances(scores, float(sharpness)).max(axis=1)
    report.sure_from = _threshold(chances, best[:, 0] == right)
    for least in sorted({*_CURVE, report.sure_from}):
        kept = chances >= least
        share_right = float((best[:, 0] == right)[kept].mean()) if kept.any() else 1.0
        report.curve.append([round(least, 3), round(float(kept.mean()), 4), round(share_right, 4)])
    return float(sharpness)


def _chances(scores: Any, sharpness: float) -> Any:
    import numpy as np

    powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
    return powers / powers.sum(axis=1, keepdims=True)


def _surprise(scores: Any, right: Any, sharpness: float) -> float:
    import numpy as np

    chances = _chances(scores, sharpness)[np.arange(len(right)), right]
    return float(-np.log(chances + 1e-9).mean())


def _threshold(chances: Any, is_right: Any) -> float:
    """Return the least chance at which suggesting does more good than harm, on held-out texts."""
    import numpy as np

    order = np.argsort(-chances)
    gain = np.cumsum(np.where(is_right[order], 1, -COST_OF_WRONG))
    return round(float(chances[order][int(gain.argmax())]), 3)


def _strongest(weights: Any, size: int) -> Any:
    """Return the grams to keep, in order: all, or those that pull most when there are too many."""
    import numpy as np

    most = MOST_BYTES // (5 + size)
    pull = np.abs(weights).max(axis=0)
    kept = np.flatnonzero(pull > pull.max() / 1000)
    if len(kept) > most:
        kept = kept[np.argsort(-pull[kept])[:most]]
    return np.sort(kept)


def _pack(about: dict[str, Any], keys: Any, rarities: Any, weights: Any, keep: Any) -> bytes:
    import numpy as np

    # Two grams with one hash can't be told apart: the first is kept.
    _unique, first = np.unique(keys[keep], return_index=True)
    keep = keep[first]
    weights = weights[:, keep]
    scales = np.abs(weights).max(axis=1) / 127
    scales[scales == 0] = 1.0
    planes = (np.rint(weights / scales[:, None]) + 128).astype(np.uint8)
    about = {**about, "grams": len(keep), "scales": [float(f"{s:.6g}") for s in scales]}
    return textmodel.write(
        about, keys[keep].tolist(), rarities[keep].tobytes(), list(map(bytes, planes))
    )
