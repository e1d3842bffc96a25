"""The tables of the room."""

from linli.indicators.models.tally import CaseFact, Tally, TallyState

__all__ = ["CaseFact", "Tally", "TallyState"]
