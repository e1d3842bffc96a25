"""What people of the demo say: read from two files, filled with places and times."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

_SLOT = re.compile(r"\{.+?\}")
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Voice:
    """How residents speak of one category, and staff about its handling."""

    weight: float
    says: tuple[str, ...]
    goes: tuple[str, ...]
    done: tuple[str, ...]
    weather: dict[str, float] = field(default_factory=dict)
    scene: str = ""
    season: str = ""
    fits: dict[str, str] = field(default_factory=dict)

    def going(self, text: str) -> tuple[str, ...]:
        """Return what may be said on the way to what somebody said."""
        return self._fit("goes", text, self.goes) or tuple(manners()["progress"])

    def ending(self, text: str) -> tuple[str, ...]:
        """Return what may be said at the end of what somebody said."""
        return self._fit("done", text, self.done) or tuple(manners()["done"])

    def shows(self, text: str) -> bool:
        """Tell whether the scene is a picture of what somebody said."""
        return self._mark("scene", text) == "1"

    def _fit(self, kind: str, text: str, pool: tuple[str, ...]) -> tuple[str, ...]:
        mark = self._mark(kind, text)
        return (pool[int(mark)],) if mark.isdigit() else ()

    def _mark(self, kind: str, text: str) -> str:
        for said, mark in zip(self.says, self.fits.get(kind, "").split(), strict=False):
            if all(piece in text for piece in _SLOT.split(said)):
                return mark
        return "-"


@cache
def voices() -> dict[str, Voice]:
    """Return the voices by category code."""
    return {
        code: Voice(
            weight=one["weight"],
            says=tuple(one["says"]),
            goes=tuple(one["goes"]),
            done=tuple(one["done"]),
            weather=one.get("weather", {}),
            scene=one.get("scene", ""),
            season=one.get("season", ""),
            fits=one["fits"],
        )
        for code, one in _load("voices.yaml").items()
    }


@cache
def manners() -> dict[str, Any]:
    """Return what staff say, how the weather is, how people are called."""
    return _load("manners.yaml")


@cache
def board() -> dict[str, Any]:
    """Return the notices."""
    return _load("board.yaml")


def say(text: str, rng: Random, *, building: str, entrance: str) -> str:
    """Return a sentence with its slots filled."""
    ways = manners()
    slots = {
        "{楼}": building or rng.choice(ways["spots"]),
        "{单元}": entrance,
        "{层}": f"{rng.randint(2, 6)} 楼",
        "{处}": rng.choice(ways["spots"]),
        "{几天}": rng.choice(ways["days"]),
        "{时}": rng.choice(ways["times"]),
    }
    text = text.replace("{楼}{单元}", "{楼} {单元}").replace("{单元}{层}", "{单元} {层}")
    for slot, word in slots.items():
        text = text.replace(slot, word)
    return text


def _load(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((_DATA / name).read_text(encoding="utf-8")))
