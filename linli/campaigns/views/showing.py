"""How campaigns and entries look on any page: tones of states, photo addresses, files."""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import pictures
from linli.kernel.errors import NotFound

TONES = {
    "planned": "new", "running": "doing", "ended": "done", "cancelled": "off",
    "open": "new", "settled": "done", "handed": "assigned", "impossible": "off",
    "shown": "rate", "closed": "done",
}  # fmt: skip
DONE = {
    "planned": gettext_lazy("已安排。接着定片区和队伍，再排清单。"),
    "saved": gettext_lazy("已保存。"),
    "running": gettext_lazy("已开始，队伍的手机上看得到清单。"),
    "ended": gettext_lazy("已结束，结果单可以打印、发布。"),
    "cancelled": gettext_lazy("已取消。"),
    "added": gettext_lazy("已列入清单。"),
    "imported": gettext_lazy("表格里的已列入清单，重复的没有再加。"),
    "discarded": gettext_lazy("这份表格已放弃。"),
    "settled": gettext_lazy("这一条办好了。有工单的已一起办结，请反映人评价。"),
    "handed": gettext_lazy("已转成工单，清单会跟着工单变。"),
    "impossible": gettext_lazy("已记下为什么这次办不了。"),
    "reopened": gettext_lazy("已改回待整治。"),
    "opened": gettext_lazy("清单已建立，没销号的已转过来。"),
    "raised": gettext_lazy("已列入问题清单。"),
    "agreed": gettext_lazy("责任和时限已记下。"),
    "shown": gettext_lazy("已交整改结果，等提出人说好了才销号。"),
    "closed": gettext_lazy("已销号。"),
    "returned": gettext_lazy("已退回接着整改。"),
    "written": gettext_lazy("已代记，等另一人复核后销号。"),
}


def done_words(request: Any) -> Any:
    """Return what to say about what was just done, from the address."""
    return DONE.get(request.GET.get("done", ""), "")


def photos(rows: Iterable[Any], *, is_desk: bool) -> list[dict[str, str]]:
    """Return photos as `_gallery.html` takes them."""
    name = "campaigns:desk_photo" if is_desk else "campaigns:field_photo"
    return [
        {
            "url": reverse(name, args=[row.entry_id, row.pk, "full"]),
            "thumb": reverse(name, args=[row.entry_id, row.pk, "thumb"]),
            "alt": str(row.get_stage_display()),
        }
        for row in rows
    ]


def evidence(rows: Iterable[Any], *, is_desk: bool) -> list[dict[str, str]]:
    """Return the photos of a matter as `_gallery.html` takes them."""
    name = f"campaigns:{'desk' if is_desk else 'field'}_matter_photo"
    return [_shown(row, name, row.matter_id) for row in rows]


def evidence_by_link(rows: Iterable[Any], token: str) -> list[dict[str, str]]:
    """Return the photos of a matter for who raised it."""
    return [_shown(row, "campaigns:word_photo", token) for row in rows]


def _shown(row: Any, name: str, first: Any) -> dict[str, str]:
    return {
        "url": reverse(name, args=[first, row.pk, "full"]),
        "thumb": reverse(name, args=[first, row.pk, "thumb"]),
        "alt": str(row.get_stage_display()),
    }


def file_of(photo: Any, size: str) -> FileResponse:
    """Answer with a photo's file."""
    path = photo.thumb_path if size == "thumb" else photo.path
    try:
        file = pictures.open_stored(path)
    except FileNotFoundError:
        raise NotFound(_("没有找到这张照片。")) from None
    answer = FileResponse(file, content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=604800, immutable"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
