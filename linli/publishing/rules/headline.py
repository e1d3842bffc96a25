"""A headline from somebody's sentence: its first clauses, never cut in the middle of one."""

import re
from typing import Final

SHORTEST, LONGEST = 8, 40
_CLAUSE: Final = re.compile(r"[^，。；！？,;!?\n]+[，。；！？,;!?\n]?")


def of(text: str) -> str:
    """Return the first clauses of a text, as many as make a headline; cut only if one is too long.

    A clause in which something was hidden says who, not what: it is passed over.
    """
    found = ""
    for clause in _CLAUSE.findall(text.strip()):
        if "*" in clause:
            continue
        if len(found) >= SHORTEST or (found and len(found) + len(clause) > LONGEST):
            break
        found += clause
    found = found.strip(" ，。；！？,;!?\n")
    return found if len(found) <= LONGEST else f"{found[: LONGEST - 1]}…"
