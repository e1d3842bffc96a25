"""The life of an article, as a table. Labels are what people see.

A revision that was released stays public while its article is a draft again: see models.Revision.
"""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.publishing.errors import IllegalStep


class ArticleState(models.TextChoices):
    """Where the working copy stands."""

    DRAFT = "draft", gettext_lazy("草稿")
    SUBMITTED = "submitted", gettext_lazy("待发布")
    RELEASED = "released", gettext_lazy("已公开")
    WITHDRAWN = "withdrawn", gettext_lazy("已撤下")


S = ArticleState

MOVES: dict[ArticleState, set[ArticleState]] = {
    S.DRAFT: {S.DRAFT, S.SUBMITTED, S.WITHDRAWN},
    S.SUBMITTED: {S.DRAFT, S.RELEASED, S.WITHDRAWN},
    S.RELEASED: {S.DRAFT, S.WITHDRAWN},  # changed again: the released words stay up meanwhile
    S.WITHDRAWN: {S.DRAFT},
}


def check_move(old: str, new: ArticleState) -> None:
    """Raise IllegalStep unless an article may go from `old` to `new`."""
    if new not in MOVES[ArticleState(old)]:
        raise IllegalStep(
            _("“%(old)s”的内容不能直接改为“%(new)s”。刷新看一下最新情况。")
            % {"old": ArticleState(old).label, "new": new.label}
        )
