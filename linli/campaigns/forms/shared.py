"""Fields that several forms of the room have."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import clock
from linli.posts import selectors as posts


def day(label: Any, **facts: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **facts)


def words(label: Any, *, most: int = 300, **facts: Any) -> forms.CharField:
    """Return a field for a sentence or two."""
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea, **facts)


def choices_of(rows: Iterable[Any], *, first: Any = None) -> list[tuple[str, Any]]:
    """Return (id, name) of rows, with a first line for nothing chosen."""
    found = [(str(one.pk), one.name) for one in rows]
    return found if first is None else [("", first), *found]


def targets(area_path: str) -> list[Any]:
    """Return posts and organisations of a place, grouped, as `read_target` reads them."""
    groups = posts.assignable(area_path, clock.now())
    found = [(one.label, [(each.value, each.label) for each in one.choices]) for one in groups]
    return [("", _("选一个岗位或单位")), *found]


def read_target(value: str) -> dict[str, UUID]:
    """Return {post_id} or {organisation_id}; {} for nothing chosen."""
    kind, _sep, chosen = value.partition(":")
    return {f"{kind}_id": UUID(chosen)} if chosen else {}
