"""What is to be reached: an area's own targets, or those of the nearest area above."""

from dataclasses import dataclass
from uuid import UUID

from linli.indicators.models import Goal, Target
from linli.indicators.rules.measures import above
from linli.kernel.memory import remember


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it holds for an area; `area_path` is the one it was set for."""

    figure: str
    value: float
    area_path: str


@remember
def aims_of(area_path: str, year: int) -> dict[str, Aim]:
    """Return the targets that hold for an area in a year, by figure: its own, else the nearest above.

    Source: S4 4.11, targets by year.
    """
    rows = Target.objects.filter(year=year, area__path__in=above(area_path))
    found: dict[str, Aim] = {}
    for figure, value, path in sorted(
        rows.values_list("figure", "value", "area__path"), key=lambda row: len(row[2])
    ):
        found[figure] = Aim(figure, value, path)
    return found


def own_targets(area_id: UUID, year: int) -> dict[str, float]:
    """Return the targets that were set for the area itself, by figure."""
    rows = Target.objects.filter(area_id=area_id, year=year)
    return dict(rows.values_list("figure", "value"))


def goals_of(area_id: UUID, year: int) -> list[Goal]:
    """Return the goals of an area that are kept by hand, as they were written."""
    return list(Goal.objects.filter(area_id=area_id, year=year).order_by("pk"))
