"""How good a model is, on texts that it did not learn from."""

from dataclasses import dataclass, field
from typing import Any, Final

from linli.kernel.textmodel import NOTHING

# A wrong suggestion costs a reader as much as three right ones save.
COST_OF_WRONG: Final = 3
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


def f1_of(scores: Any, right: Any) -> float:
    """Return macro-F1 of the best label of each text."""
    from sklearn.metrics import f1_score

    said = scores.argmax(axis=1)
    return round(float(f1_score(_truth(said, right), said, average="macro")), 4)


def grade(scores: Any, right: Any, labels: list[str], report: Report) -> float:
    """Write the figures of held-out scores down; return how sharply scores become chances.

    right: for each text, which labels are right: the first-named one, and those as right.
    """
    import numpy as np
    from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

    best = np.argsort(-scores, axis=1)
    said, rows = best[:, 0], np.arange(len(scores))
    truth, is_right = _truth(said, right), right[rows, said] > 0
    report.macro_f1 = f1_of(scores, right)
    report.top_3 = round(float((right[rows[:, None], best[:, :3]] > 0).any(axis=1).mean()), 4)
    every = list(range(len(labels)))
    table = precision_recall_fscore_support(truth, said, labels=every, zero_division=0)
    report.by_label = {
        label: [round(float(table[i][k]), 3) for i in range(3)] for k, label in enumerate(labels)
    }
    report.confusion = confusion_matrix(truth, said, labels=every).tolist()
    sharpness = float(min(np.arange(0.5, 20, 0.25), key=lambda a: _surprise(scores, right, a)))
    chances = _chances(scores, sharpness).max(axis=1)
    report.sure_from = _threshold(chances, is_right)
    for least in sorted({*_CURVE, report.sure_from}):
        kept = chances >= least
        share_right = float(is_right[kept].mean()) if kept.any() else 1.0
        report.curve.append([round(least, 3), round(float(kept.mean()), 4), round(share_right, 4)])
    return sharpness


def _truth(said: Any, right: Any) -> Any:
    """Return the right label of each text: what was said where that is as right, or the first."""
    import numpy as np

    is_right = right[np.arange(len(said)), said] > 0
    return np.where(is_right, said, right.argmax(axis=1))


def _chances(scores: Any, sharpness: float) -> Any:
    import numpy as np

    top = scores.max(axis=1, keepdims=True)
    powers = np.exp(sharpness * (scores - top))
    nothing = np.exp(np.minimum(sharpness * (NOTHING - top), 99))
    return powers / (powers.sum(axis=1, keepdims=True) + nothing)


def _surprise(scores: Any, right: Any, sharpness: float) -> float:
    import numpy as np

    chances = (_chances(scores, sharpness) * (right > 0)).sum(axis=1)
    return float(-np.log(chances + 1e-9).mean())


def _threshold(chances: Any, is_right: Any) -> float:
    """Return the least chance at which suggesting does more good than harm, on held-out texts."""
    import numpy as np

    order = np.argsort(-chances)
    gain = np.cumsum(np.where(is_right[order], 1, -COST_OF_WRONG))
    return round(float(chances[order][int(gain.argmax())]), 3)
