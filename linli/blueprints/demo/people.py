"""People who never were: names put together at random, numbers that cannot be anybody's."""

from dataclasses import dataclass
from random import Random

from linli.blueprints.demo.words import manners


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who reports; name and phone may both be missing."""

    name: str
    phone: str
    device: str


def name(rng: Random) -> str:
    """Return a name of two or three characters."""
    ways = manners()
    first = rng.choice(ways["given_first"]) if rng.random() < 0.75 else ""
    return f"{rng.choice(ways['surnames'])}{first}{rng.choice(ways['given_second'])}"


def phone(rng: Random) -> str:
    """Return eleven digits that begin with 100: no such number is given out."""
    return f"100{rng.randrange(10**8):08}"


def residents(rng: Random, count: int) -> list[Resident]:
    """Return the people of one community who report now and then."""
    found = []
    for number in range(count):
        has_phone, has_name = rng.random() < 0.72, rng.random() < 0.55
        found.append(
            Resident(
                name=name(rng) if has_name else "",
                phone=phone(rng) if has_phone else "",
                device=f"demo-{number}-{rng.randrange(10**9)}",
            )
        )
    return found
