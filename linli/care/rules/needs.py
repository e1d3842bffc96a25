"""Whom an alert is about, and in which order they are reached. Source: beyond.md, 12."""

from collections.abc import Collection
from dataclasses import dataclass

# Who cannot wait an hour comes before who cannot wait a day.
_PRESSING = ("oxygen", "dialysis", "medicine", "warmth", "cooling", "water", "meals", "mobility")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Which needs an alert is about. is_upstairs: everybody above the ground floor as well."""

    needs: frozenset[str]
    is_upstairs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Why somebody is on the list of an alert: needs, most pressing first; above the ground floor."""

    needs: tuple[str, ...]
    is_upstairs: bool = False


def affected(mapping: Mapping, *, needs: Collection[str], floor: int | None) -> Affected | None:
    """Return why an alert is about somebody, or None when it is not.

    A floor that nobody wrote down counts as above the ground: better asked once too often.
    """
    matching = tuple(one for one in _PRESSING if one in mapping.needs and one in needs)
    is_upstairs = mapping.is_upstairs and (floor is None or floor > 1)
    if not matching and not is_upstairs:
        return None
    return Affected(needs=matching, is_upstairs=is_upstairs)


def priority(found: Affected, *, risk: int) -> int:
    """Return the place in the list, the smallest first: the need, then the risk of the level."""
    pressing = min((_PRESSING.index(one) for one in found.needs), default=len(_PRESSING))
    return pressing * 10 + (9 - min(risk, 9))
