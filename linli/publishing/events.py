"""What the board tells the others: every step of an article, with facts and without its words."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEvent(Event):
    """The facts that every step carries; `subject_id` is the article."""

    name: ClassVar[str] = ""
    community_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWritten(ArticleEvent):
    """Its words were written or changed; whoever did so does not release them."""

    name: ClassVar[str] = "publishing.article.written"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSubmitted(ArticleEvent):
    """It waits for somebody to release it."""

    name: ClassVar[str] = "publishing.article.submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReturned(ArticleEvent):
    """It went back to whoever wrote it."""

    name: ClassVar[str] = "publishing.article.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReleased(ArticleEvent):
    """Everybody can read it. masked and kept: how many findings were hidden, or left as they are."""

    name: ClassVar[str] = "publishing.article.released"
    number: int
    is_alone: bool = False
    masked: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWithdrawn(ArticleEvent):
    """It is not on the board any more; by a person, or because the case went on."""

    name: ClassVar[str] = "publishing.article.withdrawn"
    was_public: bool
