"""Every question about the board: what staff write and may release, what everybody reads."""

from linli.publishing.models import ArticleKind
from linli.publishing.states import ArticleState

KINDS = ArticleKind
STATES = ArticleState

__all__ = ["KINDS", "STATES", "ArticleKind", "ArticleState"]
