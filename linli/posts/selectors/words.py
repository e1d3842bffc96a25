"""What events and their facts are called in plain words, for the audit office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.models import EventRow
from linli.people import selectors as people
from linli.posts.models import Organisation, Post
from linli.posts.selectors.catalogue import duty_label
from linli.posts.selectors.labels import FACTS

_RIGHTS: Final = ("duties", "gained", "lost")


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the ids of some events."""

    people: dict[UUID, str]
    others: dict[UUID, str]

    @classmethod
    def of(cls, rows: Iterable[EventRow]) -> "Names":
        """Look up the people, posts and organisations that events name; three queries."""
        rows = list(rows)
        ids = {row.subject_id for row in rows} | {row.account_id for row in rows if row.account_id}
        ids |= {found for row in rows for value in row.data.values() if (found := _as_id(value))}
        posts = Post.objects.filter(id__in=ids).values_list("id", "name")
        organisations = Organisation.objects.filter(id__in=ids).values_list("id", "name")
        return cls(people.account_names(ids), dict(posts) | dict(organisations))

    def any(self, found: UUID) -> str:
        """Return the name behind an id, or the id."""
        return self.people.get(found) or self.others.get(found) or str(found)


def fact_lines(data: dict[str, Any], names: Names) -> tuple[tuple[str, str], ...]:
    """Return what an event carries as (label, words), empty facts left out."""
    return tuple(
        (str(FACTS.get(key, key)), _words(key, value, names))
        for key, value in data.items()
        if value not in ("", None)
    )


def _words(key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key in _RIGHTS:
        return "、".join(duty_label(duty) for duty in value.split(","))
    if key.endswith("_at"):
        return _moment(value)
    found = _as_id(value)
    return names.any(found) if found else str(value)


def _moment(value: str) -> str:
    try:
        return clock.local(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return value


def _as_id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
