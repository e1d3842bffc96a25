"""How articles look on any page: tones of states, pictures with their addresses, texts as blocks."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.publishing.rules import markup

TONES: Final = {"draft": "wait", "submitted": "rate", "released": "done", "withdrawn": "off"}
ICONS: Final = {
    "guide": "book-open", "notice": "megaphone", "resolved": "circle-check", "declined": "circle-x",
}  # fmt: skip
STAGES: Final = (("before", _("办之前")), ("after", _("办好后")))
# What the texts of an article are called on the desk, where findings and changes are shown.
CALLED: Final = {
    "title": _("标题"), "text": _("正文"), "outcome": _("结果、原因"), "rule": _("依据"),
    "alternative": _("还可以"), "event_place": _("活动地点"), "place_label": _("地点"),
}  # fmt: skip

PhotoUrl = Callable[[str, str], str]


def public_photos(rows: Iterable[Any], at: str) -> list[Any]:
    """Give released cases their pictures with public addresses."""
    found = list(rows)
    for row in found:
        row.pair = pair(row, _public_url(row, at))
    return found


def _public_url(row: Any, at: str) -> PhotoUrl:
    return lambda stage, size: reverse("publishing:photo", args=[at, row.article_id, stage, size])


def desk_pair(row: Any, case_id: Any) -> list[dict[str, Any]]:
    """Return the pictures of a draft or a revision, as staff who see the case may look at them."""

    def url(stage: str, size: str) -> str:
        return reverse("cases:desk_photo", args=[case_id, getattr(row, f"{stage}_photo_id"), size])

    return pair(row, url)


def pair(row: Any, url: PhotoUrl) -> list[dict[str, Any]]:
    """Return the pictures of before and after: address, small address, label."""
    return [
        {"url": url(stage, "full"), "thumb": url(stage, "thumb"), "label": label}
        for stage, label in STAGES
        if getattr(row, f"{stage}_photo_id")
    ]


def texts(row: Any) -> dict[str, Any]:
    """Return what `_article.html` needs besides the row and its pictures."""
    return {"blocks": markup.blocks(row.text), "outcome": markup.blocks(row.outcome)}


def dress(rows: Iterable[Any]) -> list[Any]:
    """Give articles what the desk's list shows."""
    found = list(rows)
    for row in found:
        row.tone, row.icon = TONES[row.state], ICONS[row.kind]
    return found
