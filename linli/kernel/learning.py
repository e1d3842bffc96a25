"""Learns a text model from labelled examples, and says honestly how good it is.

scikit-learn is imported here and nowhere else, and this runs in a process of its own (`linli train`):
the web and the worker never carry it. Figures come from folds that the model did not see, with near
copies of a text kept in one fold (docs/adr/0011).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from linli.kernel import textmodel
from linli.kernel.errors import BadInput
from linli.kernel.examples import Example
from linli.kernel.grading import Report, f1_of, grade
from linli.kernel.textmodel import IDF_STEP, PARTS, grams_of, parts_of

FOLDS: Final = 5
STEEPNESS: Final = 2.0
MOST_BYTES: Final = 11_500_000


def learn(
    examples: Sequence[Example],
    *,
    now: datetime,
    extra: Sequence[Example] = (),
    steepness: float = STEEPNESS,
    note: str = "",
) -> tuple[bytes, Report]:
    """Learn from examples; return the model's bytes and how good it is on held-out folds.

    extra: learnt from in every fold and never asked about: what is known to be of another kind.
    steepness: how much each example may pull (C of the linear machine).
    Errors: BadInput for fewer than two labels.
    """
    every = [*examples, *extra]
    labels = sorted({label for one in every for label in (one.label, *one.also)})
    if len(labels) < 2:
        raise BadInput("至少要有两种 label 才能学。")
    columns = _Columns([parts_of(one.text, one.title) for one in every])
    right = _right(every, labels)
    report = Report(examples=len(examples), labels=_counts(examples))
    scores = _held_out(columns, right, examples, report, steepness)
    sharpness = 4.0
    if scores is not None:
        sharpness = grade(scores, right[: len(examples)], labels, report)
    keys, rarities, weights, biases = columns.fit(right, steepness)
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


def _right(examples: Sequence[Example], labels: list[str]) -> Any:
    """Return which labels are right for each example: 2 for its own, 1 for those as right."""
    import numpy as np

    right = np.zeros((len(examples), len(labels)), np.int8)
    for row, one in enumerate(examples):
        right[row, [labels.index(label) for label in one.also]] = 1
        right[row, labels.index(one.label)] = 2
    return right


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

    def fit(self, right: Any, steepness: float) -> tuple[Any, Any, Any, Any]:
        """Return sorted keys with rarities, weights (a row for each label) and biases."""
        import numpy as np

        rows = list(range(len(right)))
        matrix, rarities = self.weigh(rows, rows)
        weights, biases = _machines(matrix, right, steepness)
        keys = np.concatenate(self.keys)
        order = np.argsort(keys, kind="stable")
        return keys[order], np.concatenate(rarities)[order], weights[:, order], biases


def _machines(matrix: Any, right: Any, steepness: float) -> tuple[Any, Any]:
    """Return weights and biases, a row for each label against all others."""
    import numpy as np
    from sklearn.svm import LinearSVC

    weights = np.zeros((right.shape[1], matrix.shape[1]), np.float32)
    biases = np.full(right.shape[1], -2.0)  # of a label that was not learnt
    for label in range(right.shape[1]):
        is_right = right[:, label] > 0
        if is_right.any() and not is_right.all():
            machine = LinearSVC(C=steepness, dual=True, random_state=0, max_iter=3000)
            machine.fit(matrix, is_right)
            weights[label], biases[label] = machine.coef_[0], machine.intercept_[0]
    return weights, biases


def _held_out(
    columns: _Columns, right: Any, examples: Sequence[Example], report: Report, steepness: float
) -> Any:
    """Return each example's scores by a model that did not see it; None for too few examples."""
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    asked = right[: len(examples)].argmax(axis=1)
    groups = [one.group or f"#{number}" for number, one in enumerate(examples)]
    report.folds = _folds(asked.tolist(), groups)
    if report.folds < 2:
        return None
    extra = list(range(len(examples), len(right)))
    scores = np.zeros((len(examples), right.shape[1]))
    split = StratifiedGroupKFold(report.folds, shuffle=True, random_state=0)
    for learnt, held in split.split(asked, asked, groups):
        rows = [*learnt.tolist(), *extra]
        matrix, _rarities = columns.weigh([*rows, *held.tolist()], rows)
        weights, biases = _machines(matrix[: len(rows)], right[rows], steepness)
        scores[held] = matrix[len(rows) :] @ weights.T + biases
        report.fold_f1.append(f1_of(scores[held], right[held]))
    return scores


def _folds(asked: Sequence[int], groups: Sequence[str]) -> int:
    """Return how many folds there can be so that every label is in all; one-group labels aside."""
    together: dict[int, set[str]] = {}
    for label, group in zip(asked, groups, strict=True):
        together.setdefault(label, set()).add(group)
    sizes = [len(found) for found in together.values() if len(found) > 1]
    return min(FOLDS, *sizes) if len(sizes) > 1 else 0


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
