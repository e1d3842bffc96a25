"""What a text is about: a small linear model over pairs and triples of characters, read and asked here.

Asking needs nothing but Python: the web and the worker hold a model of a few hundred kilobytes and
no library (`kernel.learning` makes it, with scikit-learn, in a process of its own). A text has two
parts, its title (or first sentence) and all of it; each part is a vector of its n-grams, weighted by
1 + ln(count) and by rarity, of length one. Grams are known by a hash of four bytes, weights are
bytes: one gram costs five bytes and one for each label (docs/adr/0011).
"""

import json
import math
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter, mul
from typing import Any, Final
from zlib import crc32

MAGIC: Final = b"LINLI TEXT MODEL 1\n"
# A part of the text, how long its grams may be, and a salt, so that the parts' grams stay apart.
PARTS: Final = (("title", 3, 17), ("all", 2, 0))
MOST_SIGNS: Final = 4000  # what comes later in a text says nothing new
NOTHING: Final = 0.0  # the score at which a label is as probable as none
NO_LABEL: Final = "-"  # the label of examples that are about nothing; it is never suggested
IDF_STEP: Final = 16  # the weight of rarity is kept in sixteenths
_SPACE: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]")
_BUCKETS: Final = 16  # bits of the hash that find the place to look at


class NotAModel(ValueError):
    """The bytes are not a model, or one of another format."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A label and how probable it is, 0.0 to 1.0."""

    label: str
    chance: float


def plain(text: str) -> str:
    """Return a text as the model reads it: narrow signs, small letters, single spaces."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()[:MOST_SIGNS]


def parts_of(text: str, title: str = "") -> tuple[str, str]:
    """Return the title, or the first sentence, and all the words."""
    head = title or _SENTENCE_END.split(text.strip(), maxsplit=1)[0][:60]
    return plain(head), plain(f"{title} {text}" if title else text)


def grams_of(parts: Sequence[str]) -> Iterator[dict[int, int]]:
    """Return for each part the hashes of its n-grams, each with its count."""
    for text, (_name, longest, salt) in zip(parts, PARTS, strict=True):
        counts: Counter[str] = Counter(text)
        for length in range(2, longest + 1):
            counts.update(map("".join, zip(*(text[i:] for i in range(length)), strict=False)))
        yield {crc32(gram.encode(), salt): count for gram, count in counts.items()}


class TextModel:
    """A model, read from bytes and ready to be asked."""

    def __init__(self, content: bytes) -> None:
        """Read a model. Errors: NotAModel."""
        try:
            if not content.startswith(MAGIC):
                raise NotAModel("This is not a text model.")
            end = content.index(b"\n", len(MAGIC))
            self.about: dict[str, Any] = json.loads(content[len(MAGIC) : end])
            self._read(memoryview(content)[end + 1 :])
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise NotAModel("This is not a text model that we can read.") from error

    def _read(self, body: memoryview) -> None:
        about = self.about
        self.labels: tuple[str, ...] = tuple(about["labels"])
        self.sure_from: float = about["sure_from"]
        self._scales, self._biases = about["scales"], about["biases"]
        self._sharpness: float = about["sharpness"]
        size = about["grams"]
        if len(body) != size * (5 + len(self.labels)):
            raise NotAModel("The model is cut off.")
        self._keys = array("I", bytes(body[: size * 4]))
        self._rarities = bytes(body[size * 4 : size * 5])
        self._rarest = max(self._rarities, default=IDF_STEP)
        self._planes = [
            bytes(body[size * (5 + k) : size * (6 + k)]) for k in range(len(self.labels))
        ]
        shift = 32 - _BUCKETS
        self._starts = array(
            "I", (bisect_left(self._keys, bucket << shift) for bucket in range((1 << _BUCKETS) + 1))
        ) if size > 4096 else None  # fmt: skip

    def rank(
        self, text: str, title: str = "", *, among: Iterable[str] | None = None
    ) -> list[Guess]:
        """Return the labels, most probable first; what their chances lack to one is for none of them.

        among: only these labels; what the model doesn't know of them is left out.
        """
        found = dict(zip(self.labels, self.scores(text, title), strict=True))
        # A text that lies on no label's side, or on that of nothing, speaks for none of them.
        nothing = max(NOTHING, found.pop(NO_LABEL, NOTHING))
        labels = found.keys() if among is None else found.keys() & set(among)
        pairs = sorted(((found[label], label) for label in labels), reverse=True)
        if not pairs:
            return []
        most = max(pairs[0][0], nothing)
        powers = [math.exp(self._sharpness * (score - most)) for score, _label in pairs]
        whole = sum(powers) + math.exp(self._sharpness * (nothing - most))
        return [Guess(label, p / whole) for p, (_s, label) in zip(powers, pairs, strict=True)]

    def scores(self, text: str, title: str = "") -> list[float]:
        """Return how far the text lies on each label's side, in the order of `labels`."""
        totals = list(self._biases)
        for counts in grams_of(parts_of(text, title)):
            rows, weights = self._weigh(counts)
            if rows:
                self._add(totals, rows, weights)
        return totals

    def rarity(self, gram: str) -> float:
        """Return how rare a gram was among the texts that were learnt; an unheard one, most rare."""
        row = self._find(crc32(gram.encode(), PARTS[-1][2]))
        return (self._rarities[row] if row >= 0 else self._rarest) / IDF_STEP

    def _weigh(self, counts: dict[int, int]) -> tuple[list[int], list[float]]:
        """Return the known grams' rows and their weights in a vector of length one."""
        rows, weights, rarities = [], [], self._rarities
        find, log = self._find, math.log
        for key, count in counts.items():
            row = find(key)
            if row >= 0:
                rows.append(row)
                rarity = rarities[row]
                weights.append(rarity if count == 1 else rarity * (1 + log(count)))
        length = math.sqrt(sum(map(mul, weights, weights))) or 1.0
        return rows, [weight / length for weight in weights]

    def _find(self, key: int) -> int:
        keys, starts = self._keys, self._starts
        if starts is None:
            row = bisect_left(keys, key)
        else:
            bucket = key >> (32 - _BUCKETS)
            row = bisect_left(keys, key, starts[bucket], starts[bucket + 1])
        return row if row < len(keys) and keys[row] == key else -1

    def _add(self, totals: list[float], rows: list[int], weights: list[float]) -> None:
        # Weights lie as bytes with 128 for nothing: one pass in C for each label.
        middle = 128 * sum(weights)
        pick = itemgetter(*rows) if len(rows) > 1 else lambda plane: (plane[rows[0]],)
        for k, plane in enumerate(self._planes):
            totals[k] += self._scales[k] * (sum(map(mul, weights, pick(plane))) - middle)


def write(
    about: dict[str, Any], keys: Iterable[int], rarities: bytes, planes: Iterable[bytes]
) -> bytes:
    """Return a model's bytes; keys in rising order, a plane for each label."""
    head = json.dumps(about, ensure_ascii=False, sort_keys=True).encode()
    return MAGIC + head + b"\n" + array("I", keys).tobytes() + rarities + b"".join(planes)
