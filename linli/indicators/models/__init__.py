"""The tables of the room."""

from linli.indicators.models.report import Report
from linli.indicators.models.tally import CaseFact, Tally, TallyState
from linli.indicators.models.target import Goal, Target

__all__ = ["CaseFact", "Goal", "Report", "Tally", "TallyState", "Target"]
