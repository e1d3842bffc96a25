"""The head of a list: which of its columns is which, whatever its sender calls them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

# What stands beside a column's name: a unit in brackets, blanks, a star for "required", colons.
_BESIDE: Final = re.compile(r"[（(][^）)]*[）)]|\s|\*|:|：")


def columns_of(cells: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the column (from 0) of each name that is known; of two alike, the first.

    names: what each may be called, the likeliest first, in small letters.
    """
    plain = [_BESIDE.sub("", cell).lower() for cell in cells]
    found: dict[str, int] = {}
    for key, aliases in names.items():
        hits = [plain.index(alias) for alias in aliases if alias in plain]
        if hits:
            found[key] = hits[0]
    return found
