"""How cases look on any page: tones of states, timeline entries with photo addresses, map data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from linli.cases import selectors
from linli.cases.selectors.conditions import TABS, Question
from linli.cases.selectors.reading import Line, get_photo
from linli.cases.states import CaseState
from linli.kernel import clock, pictures
from linli.kernel.errors import NotFound
from linli.posts import selectors as posts

PhotoUrl = Callable[[UUID, str], str]

TONES = {
    "reported": "new",
    "accepted": "assigned",
    "assigned": "assigned",
    "in_hand": "doing",
    "suspended": "wait",
    "resolved": "rate",
    "closed": "done",
    "declined": "off",
    "merged": "off",
    "withdrawn": "off",
}
TAB_LABELS = {
    "open": _("在办"),
    "reported": _("待受理"),
    "assigned": _("已受理、已派单"),
    "in_hand": _("处理中"),
    "suspended": _("已挂起"),
    "resolved": _("待评价"),
    "closed": _("已办结"),
    "declined": _("未受理、并案、撤回"),
    "all": _("全部"),
}


MARKS = (
    ("urgent", _("加急")),
    ("supervised", _("督办")),
    ("arbitration", _("待裁定")),
    ("suspension", _("申请挂起")),
    ("extension", _("申请延期")),
    ("review", _("到期复核")),
    ("escalated", _("已上报上级")),
    ("reopened", _("重办")),
    ("confidential", _("保密")),
)
STATE_WORDS = {str(state): str(state.label) for state in CaseState}
_LEVELS = {str(level): level.label for level in posts.Level}
SOURCE_WORDS = {name: str(word) for name, word in selectors.SOURCES}
SATISFACTION = {1: _("不满意"), 2: _("一般"), 3: _("满意")}


def empty_text(question: Question, looked: int) -> Any:
    """Return what an empty queue says: a search found nothing, or there is nothing to do.

    looked: among how many it was looked for, where not among all.
    """
    if looked:
        return _("往前找了 %(n)s 件，没有符合条件的。") % {"n": f"{looked:,}"}
    if question.words or question.category_id or question.mark or question.due:
        return _("没有符合条件的工单。")
    return _("没有%(tab)s的工单。") % {"tab": TAB_LABELS[question.tab]}


def asked_text(suspension: Any, extension: Any = None) -> str:
    """Return the request that waits for a decision in words; "" when there is none."""
    if suspension is not None:
        return _asked(
            _("申请挂起到 %(month)s 月 %(day)s 日：%(reason)s"), suspension.until, suspension
        )
    if extension is not None:
        words = _("申请延期到 %(month)s 月 %(day)s 日：%(reason)s")
        return _asked(words, extension.new_due_at, extension)
    return ""


def _asked(words: Any, until: datetime, request: Any) -> str:
    local = clock.local(until)
    return str(words) % {"month": local.month, "day": local.day, "reason": request.reason}


def followups(rows: Iterable[Any]) -> list[Any]:
    """Give follow-up calls the words of their answers."""
    found = list(rows)
    for row in found:
        row.satisfaction_word = SATISFACTION.get(row.satisfaction or 0, "")
    return found


def dress(cases: Iterable[Any]) -> list[Any]:
    """Give cases what templates show: tone and word of the state, whose hands, marks, source.

    Worked out here once per case: in a template the same costs a page of fifty rows several
    milliseconds.
    """
    rows = list(cases)
    for case in rows:
        case.tone = TONES[case.state]
        case.word = STATE_WORDS[case.state]
        hands = case.handler_account or case.handler_post or case.handler_organisation
        case.hands = hands.name if hands else ""
        case.is_stopped = case.state == "suspended"
        case.satisfaction_word = SATISFACTION.get(case.satisfaction or 0, "")
        case.level_label = _LEVELS[case.level]
        case.source_word = SOURCE_WORDS[case.source]
        case.line = marks_line(case)
    return rows


def marks_line(case: Any) -> str:
    """Return what the small line under a title says: number, category, and what applies of the rest."""
    said = [case.number, str(case.category)]
    if case.photo_count:
        said.append(_("%(n)s 张照片") % {"n": case.photo_count})
    if case.follower_count:
        said.append(_("%(n)s 人也遇到") % {"n": case.follower_count})
    if case.urge_count:
        said.append(_("催办 %(n)s 次") % {"n": case.urge_count})
    if case.supervised_at:
        said.append(_("督办"))
    if case.reopen_count:
        said.append(_("重办"))
    return " · ".join(map(str, said))


def tabs(counts: dict[str, int], current: str, query: QueryDict) -> list[dict[str, Any]]:
    """Return the queue's tabs with their counts; each keeps the filter and begins at its first page."""
    kept = query.copy()
    for name in ("tab", "after", "page"):
        kept.pop(name, None)
    rest = f"&{kept.urlencode()}" if kept else ""
    return [
        {
            "url": f"?tab={name}{rest}",
            "label": TAB_LABELS[name],
            "count": counts[name],
            "current": name == current,
        }
        for name in TABS
    ]


def entries(lines: Iterable[Line], photo_url: PhotoUrl) -> list[dict[str, Any]]:
    """Return timeline lines as `_timeline.html` takes them."""
    return [
        {
            "at": line.at,
            "what": line.title,
            "who": line.who,
            "text": line.text,
            "photos": photos(line.photos, photo_url),
            "tone": _tone(line),
        }
        for line in lines
    ]


def _tone(line: Line) -> str:
    if line.event_name in ("cases.case.late", "cases.case.escalated"):
        return "late"
    return "inner" if line.is_internal else ""


def photos(rows: Iterable[Any], photo_url: PhotoUrl) -> list[dict[str, str]]:
    """Return photos as `_gallery.html` takes them."""
    return [
        {
            "url": photo_url(row.pk, "full"),
            "thumb": photo_url(row.pk, "thumb"),
            "alt": _("%(stage)s照片") % {"stage": row.get_stage_display()},
        }
        for row in rows
    ]


def photo_answer(photo_id: UUID, case_id: UUID, size: str) -> HttpResponse | FileResponse:
    """Answer with a photo of a case that was checked before. Errors: NotFound.

    Photos are private: they may be kept by the asking browser and by nobody in between.
    """
    photo = get_photo(photo_id)
    if photo is None or photo.case_id != case_id:
        raise NotFound(str(_("没有找到这张照片。")))
    path = photo.thumb_path if size == "thumb" else photo.path
    try:
        file = pictures.open_stored(path)
    except FileNotFoundError:
        raise NotFound(str(_("没有找到这张照片。"))) from None
    answer = FileResponse(file, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=604800, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
