"""What in a text looks personal: shown to whoever releases it, who decides about each piece.

kernel.personal finds numbers, homes and names by their form; here the names of those who had to do
with a matter are added, and what is everybody's (the community's own telephone) is left out.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from linli.kernel import masking, personal


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text that looks personal, what would stand there instead, and its kind."""

    start: int
    end: int
    found: str
    masked: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text for a page: plain words, or a finding with what would stand there."""

    words: str
    masked: str = ""


def findings(
    text: str, *, names: Iterable[str] = (), allowed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what looks personal in a text, in order, none overlapping.

    names: people who had to do with it; their full names are found wherever they stand.
    allowed: numbers that are everybody's, such as the community's own telephone.
    Source: issue 3, 6: personal numbers and names are masked before a person releases a text.
    """
    by_form = [
        Finding(
            one.start,
            one.end,
            text[one.start : one.end],
            masking.mask_finding(text, one),
            one.kind,
        )
        for one in personal.find(text)
    ]
    fine = {_digits(one) for one in allowed} - {""}
    kept: list[Finding] = []
    for one in sorted([*_named(text, names), *by_form], key=lambda one: (one.start, -one.end)):
        is_ours = _digits(one.found) in fine
        if not is_ours and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return tuple(kept)


def mask(text: str, found: Iterable[Finding], chosen: Collection[str]) -> str:
    """Return the text with those of its findings hidden that were chosen, by what was found."""
    return "".join(
        one.masked if one.masked and one.words in chosen else one.words
        for one in stretches(text, found)
    )


def stretches(text: str, found: Iterable[Finding]) -> tuple[Stretch, ...]:
    """Return the text cut into plain words and findings."""
    result: list[Stretch] = []
    end = 0
    for one in found:
        if one.start > end:
            result.append(Stretch(text[end : one.start]))
        result.append(Stretch(one.found, one.masked))
        end = one.end
    if end < len(text):
        result.append(Stretch(text[end:]))
    return tuple(result)


def _named(text: str, names: Iterable[str]) -> list[Finding]:
    return [
        Finding(match.start(), match.end(), name, masking.mask_name(name), "name")
        for name in {one.strip() for one in names}
        if len(name) > 1
        for match in re.finditer(re.escape(name), text)
    ]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
