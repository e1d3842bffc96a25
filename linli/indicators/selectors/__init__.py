"""Every question about figures, answered from the tallies."""

from linli.indicators.rules.figures import Figure, Unit
from linli.indicators.rules.periods import MONTH, Period, period_of
from linli.indicators.rules.shares import Rate, Share
from linli.indicators.selectors.figures import BY_CODE, FIGURES, VERSION
from linli.indicators.selectors.sums import (
    Rates,
    counts,
    counts_by,
    counts_by_area,
    counts_by_day,
    median_days,
    now_by_area,
    now_counts,
    rates,
    rates_of,
)

__all__ = [
    "BY_CODE",
    "FIGURES",
    "MONTH",
    "VERSION",
    "Figure",
    "Period",
    "Rate",
    "Rates",
    "Share",
    "Unit",
    "counts",
    "counts_by",
    "counts_by_area",
    "counts_by_day",
    "median_days",
    "now_by_area",
    "now_counts",
    "period_of",
    "rates",
    "rates_of",
]
