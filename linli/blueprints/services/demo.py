"""Installs the five demo communities and lets ninety days pass in them."""

from collections.abc import Callable
from datetime import datetime


def install_demo(*, now: datetime, progress: Callable[[str], None]) -> None:
    """Install the demo. progress: told in words how far it is."""


def reset_demo(*, now: datetime, progress: Callable[[str], None]) -> None:
    """Make the demo anew."""
