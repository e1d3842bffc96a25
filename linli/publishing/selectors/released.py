"""What was released of cases, for the doors of other systems: the same words as on the board."""

from uuid import UUID

from linli.cases.selectors.open311_rows import Part
from linli.publishing.models import ArticleKind, Revision


def released_parts(case_ids: list[UUID]) -> dict[UUID, Part]:
    """Return the live words and the photo of those cases that hang on the board, by case."""
    rows = Revision.objects.filter(
        article__case_id__in=case_ids,
        ended_at=None,
        kind__in=[ArticleKind.RESOLVED, ArticleKind.DECLINED],
    )
    names = ("article__case_id", "title", "text", "before_photo_id")
    return {
        case_id: Part(text or title, photo_id)
        for case_id, title, text, photo_id in rows.values_list(*names)
    }
