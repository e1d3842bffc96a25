"""Spells of weather: what comes in clusters in a season, and what it makes people report."""

from datetime import date, timedelta
from random import Random

from linli.blueprints.demo.words import Voice, manners


def spells(tenant_code: str, first: date, last: date, rng: Random) -> dict[date, str]:
    """Return the weather of the days that had some: two to four days of one kind, twice a month or so."""
    climates = manners()["climates"]
    climate = climates.get(tenant_code, climates["default"])
    found: dict[date, str] = {}
    day = first
    while day <= last:
        kinds = climate.get(day.month, [])
        if kinds and rng.random() < 0.14:
            kind = rng.choice(kinds)
            for _n in range(rng.randint(2, 4)):
                found[day] = kind
                day += timedelta(days=1)
        day += timedelta(days=1)
    return found


def weight(voice: Voice, day: date, weather: str, tenant_code: str) -> float:
    """Return how likely a category is on a day: by season and weather."""
    months = manners()["cold_months"]
    is_cold = day.month in months.get(tenant_code, months["default"])
    if voice.season == "cold" and not is_cold:
        return 0.0
    return voice.weight * voice.weather.get(weather, 1.0)
