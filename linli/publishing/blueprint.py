"""Installs the guides of a blueprint: written by the file, released by a person like any other words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from linli.cases import selectors as cases
from linli.kernel.actor import Actor
from linli.kernel.blueprint import Fields, Outcome, record, settle
from linli.places import selectors as places
from linli.publishing.models import Article, ArticleKind
from linli.publishing.selectors import desk
from linli.publishing.states import ArticleState


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideItem:
    """How something is done in one community, for everybody to read."""

    code: str
    community_code: str
    category_code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingPart:
    """What a blueprint tells everybody."""

    guides: tuple[GuideItem, ...] = ()


class _Key(NamedTuple):
    community_id: UUID
    code: str


@transaction.atomic
def install(
    part: PublishingPart,
    *,
    before: PublishingPart | None,
    installation_id: UUID,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Hand the guides in for release, and again when the file has changed what nobody touched.

    Nothing becomes public by itself: a person looks it over first. What was withdrawn stays so.
    Communities and categories are installed before. Errors: NotAllowed.
    """
    actor.require(desk.WRITE)
    outcome, base = Outcome("publishing"), before or PublishingPart()
    communities = {one.code: one for one in places.communities()} if part.guides else {}
    categories = {one.code: one.pk for one in cases.active_categories()}
    wanted, were = (_fields(one.guides, communities, categories) for one in (part, base))
    known = Article.objects.filter(kind=ArticleKind.GUIDE).exclude(code="")
    rows = {_Key(row.community_id, row.code): row for row in known.select_for_update()}
    new = [
        Article(
            kind=ArticleKind.GUIDE, code=key.code, community=community,
            area_path=community.path, state=ArticleState.SUBMITTED, written_at=now, **fields,
        )
        for community in communities.values()
        for key, fields in wanted.items()
        if key.community_id == community.pk and key not in rows
    ]  # fmt: skip
    Article.objects.bulk_create(new, batch_size=200)
    outcome.created += len(new)
    names = {one.pk: one.name for one in communities.values()}
    for key, fields in wanted.items():
        if key in rows:
            name = f"{fields['title']}（{names[key.community_id]}）"
            _follow(rows[key], name, fields, were.get(key), outcome)
    outcome.left += [were[key]["title"] for key in were if key not in wanted and key in rows]
    record(outcome, installation_id=installation_id, actor=actor, now=now)
    return outcome


def _fields(
    guides: Iterable[GuideItem], communities: Mapping[str, Any], categories: Mapping[str, UUID]
) -> dict[_Key, Fields]:
    return {
        _Key(communities[one.community_code].pk, one.code): {
            "title": one.title,
            "text": one.text.strip(),
            "category_id": categories.get(one.category_code),
        }
        for one in guides
        if one.community_code in communities
    }


def _follow(row: Article, name: str, fields: Fields, base: Fields | None, outcome: Outcome) -> None:
    """Bring a guide nearer to the file; new words wait for release while the old ones stay public."""
    if row.state == ArticleState.WITHDRAWN:
        outcome.note("办事指南", name, [], ["撤下"])
        return
    changed, kept = settle(row, fields, base)
    if changed:
        row.state, row.version = ArticleState.SUBMITTED, row.version + 1
        row.save(update_fields=[*changed, "state", "version"])
    outcome.note("办事指南", name, changed, kept)
