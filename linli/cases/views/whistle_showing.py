"""How whistles look: parts as lines with their three steps, what may be done, photos, the one timeline."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.forms import whistles as forms
from linli.cases.selectors import arbitrations, reading, whistles
from linli.cases.services import (
    arbitrating,
    whistle_closing,
    whistle_ending,
    whistle_parts,
    whistling,
)
from linli.cases.views import showing
from linli.cases.views.actions import Action
from linli.kernel import masking
from linli.kernel.actor import Actor
from linli.kernel.web import Request

STATE_TONES = {
    "called": "new", "reported": "assigned", "arrived": "doing", "done": "done", "refused": "back",
    "released": "off", "missing": "off", "ended": "off",
}  # fmt: skip
WHISTLE_TONES = {"open": "doing", "closed": "done", "withdrawn": "off", "ended": "off"}
SCORES = {1: _("不满意"), 2: _("一般"), 3: _("满意")}
_STEPS = (
    ("report", "reported", _("报到")),
    ("arrive", "arrived", _("到场")),
    ("finish", "finished", _("办结")),
)
RUNNING = ("called", "reported", "arrived")


def _score(**sent: Any) -> Any:
    return whistle_closing.score_part(**sent)


PART_ACTIONS: dict[str, Action] = {
    one.name: one
    for one in (
        Action(name="report", label=_("报到"), form=forms.ReportInForm, run=whistle_parts.report_in,
               icon="map-pin", done=_("已报到，时间和位置都记下了。"), is_primary=True),
        Action(name="arrive", label=_("到场"), form=forms.ArriveForm, run=whistle_parts.arrive,
               icon="camera", done=_("已到场。"), is_primary=True),
        Action(name="finish", label=_("办结我们的部分"), form=forms.FinishForm,
               run=whistle_parts.finish_part, icon="circle-check", done=_("已办完，牵头单位会看到。"),
               is_primary=True),
        Action(name="close", label=_("都办完了，办结"), form=forms.CloseForm,
               run=whistle_closing.close_whistle, icon="circle-check",
               done=_("已办结，等居民评价。"), is_primary=True),
        Action(name="refuse", label=_("不归我们"), form=forms.RefuseForm,
               run=arbitrating.refuse_part, icon="corner-up-left",
               done=_("已报上级裁定，裁定前不计时。"), is_danger=True),
        Action(name="extend", label=_("延期"), form=forms.PartExtendForm,
               run=whistle_parts.extend_part, icon="hourglass", done=_("已延期，对方会收到。")),
        Action(name="score", label=_("打分"), form=forms.ScoreForm, run=_score, icon="star",
               done=_("已记下。")),
        Action(name="rate", label=_("给这次吹哨打分"), form=forms.ScoreForm,
               run=whistle_closing.score_whistle, icon="star", done=_("已记下，谢谢。")),
    )
}  # fmt: skip
WHISTLE_ACTIONS: dict[str, Action] = {
    one.name: one
    for one in (
        Action(name="close", label=_("办结"), form=forms.CloseForm,
               run=whistle_closing.close_whistle, icon="circle-check",
               done=_("已办结，等居民评价。"), is_primary=True),
        Action(name="more", label=_("再叫一家"), form=forms.MoreForm, run=whistling.call_more,
               icon="user-plus", done=_("已叫，对方会收到。")),
        Action(name="lead", label=_("换牵头"), form=forms.LeadForm, run=whistling.change_lead,
               icon="repeat", done=_("已换牵头。")),
        Action(name="withdraw", label=_("撤哨"), form=forms.WithdrawForm,
               run=whistle_ending.withdraw_whistle, icon="undo-2", done=_("已撤哨。"),
               is_danger=True),
    )
}  # fmt: skip


def lines(parts: list[Any], now: datetime, door: str) -> list[dict[str, Any]]:
    """Return parts as the pages show them: each step with its promise, when it was kept, late or not."""
    photos = defaultdict(list)
    for one in whistles.photos_of_parts(part.pk for part in parts):
        photos[one.part_id].append(_photo(one, door))
    return [
        {
            "part": part,
            "tone": STATE_TONES[part.state],
            "word": part.get_state_display(),
            "steps": [_step(part, now, *step) for step in _STEPS],
            "photos": photos[part.pk],
            "is_late": part.due_at is not None and part.due_at < now,
            "score": SCORES.get(part.score or 0, ""),
            "return_score": SCORES.get(part.return_score or 0, ""),
        }
        for part in parts
    ]


def _step(part: Any, now: datetime, due: str, done: str, label: Any) -> dict[str, Any]:
    due_at, done_at = getattr(part, f"{due}_due_at"), getattr(part, f"{done}_at")
    is_open = part.state in RUNNING and done_at is None
    return {
        "label": label,
        "due_at": due_at,
        "done_at": done_at,
        "is_late": (done_at or now) > due_at and (done_at is not None or is_open),
        "is_open": is_open,
    }


def _photo(one: Any, door: str) -> dict[str, str]:
    def url(size: str) -> str:
        return reverse(f"cases:{door}_whistle_photo", args=[one.photo_id, size])

    return {
        "url": url("full"),
        "thumb": url("thumb"),
        "alt": _t("%(step)s照片") % {"step": one.get_step_display()},
    }


def report_photos(case: Any, door: str) -> list[dict[str, str]]:
    """Return the photos of the report, for those who were called."""

    def url(photo_id: UUID, size: str) -> str:
        return reverse(f"cases:{door}_whistle_photo", args=[photo_id, size])

    return showing.photos(reading.report_photos(case), url)


def words_of(case: Any, *, may_see_all: bool) -> str:
    """Return the report's words; without names and numbers for those who only assist."""
    return str(case.text) if may_see_all else masking.mask_text(case.text)


def title_of(case: Any, *, may_see_all: bool) -> str:
    """Return what the report is called: the first of its words, masked as they are."""
    return str(case.title) if may_see_all else masking.mask_text(case.title)


def entries(whistle: Any, door: str) -> list[dict[str, Any]]:
    """Return the whistle's own steps, all parts on one timeline, newest first."""
    lines_ = [
        line
        for line in reading.timeline(whistle.case, for_staff=True)
        if line.event_name.startswith(("cases.whistle.", "cases.arbitration."))
    ]
    found = showing.entries(
        lines_,
        lambda photo_id, size: reverse(f"cases:{door}_whistle_photo", args=[photo_id, size]),
    )
    for line, entry in zip(lines_, found, strict=True):
        entry["photos"] = []
        entry["tone"] = "late" if line.event_name.endswith((".late", ".escalated")) else ""
    return found


def offer(
    action: Action, request: Request, url: str, version: int, *, refused: Any = None, **facts: Any
) -> dict[str, Any]:
    """Return one thing that may be done, as `_action.html` draws it."""
    is_open = refused is not None or request.GET.get("act") == action.name
    form = refused
    if form is None:
        form = action.form(
            initial={"version": version}, auto_id=f"{action.name}_%s",
            camera=request.path.startswith("/field/"), **facts,
        )  # fmt: skip
    return {
        "action": action, "form": form, "is_open": is_open, "is_primary": action.is_primary,
        "is_link": False, "has_fields": True, "url": url, "templates": (),
    }  # fmt: skip


# What the desk writes down for a department that telephoned: its own next step is another.
_FOR_OTHERS = {"report": _("代记报到"), "arrive": _("代记到场"), "finish": _("代记办完")}


def action_for(name: str, *, is_mine: bool) -> Action:
    """Return an action on a part, as who stands before it calls it: nothing of others' stands out."""
    action = PART_ACTIONS[name]
    if is_mine or name not in _FOR_OTHERS:
        return action
    return replace(action, label=_FOR_OTHERS[name], is_primary=False)


def whistle_action(name: str, *, is_waiting: bool) -> Action:
    """Return an action on a whistle: closing stands out once all have a result."""
    action = WHISTLE_ACTIONS[name]
    return replace(action, is_primary=False) if name == "close" and is_waiting else action


def form_facts(name: str, whistle: Any, parts: list[Any], actor: Actor) -> dict[str, Any]:
    """Return what a form lets people choose from."""
    if name == "refuse":
        options = [
            ("", _t("选一条")),
            *((str(one.pk), _clause(one)) for one in arbitrations.clauses()),
        ]
        return {"choices": {"clause_id": options}}
    if name in ("more", "lead"):
        known = {str(part.organisation_id) for part in parts}
        leads = next((str(part.organisation_id) for part in parts if part.is_lead), "")
        options = [
            (value, label)
            for value, label in whistles.organisation_choices(whistle.area_path)
            if (value not in known if name == "more" else value != leads)
        ]
        return {"choices": {"organisation_id": [("", _t("选一家")), *options]}}
    if name == "close":
        return {"unfinished": unfinished(parts, actor)}
    return {}


def _clause(one: Any) -> str:
    return f"{one.title}（{one.source}）" if one.source else one.title


def unfinished(parts: list[Any], actor: Actor) -> list[Any]:
    """Return the parts that have no result yet; the lead's own is the closing, when it closes itself."""
    return [
        one
        for one in parts
        if one.state in (*RUNNING, "refused") and not (one.is_lead and whistles.is_mine(one, actor))
    ]


def part_offers(part: Any, *, is_mine: bool, may_whistle: bool) -> list[str]:
    """Return what may be done with a part now, the next thing first."""
    if part.whistle.state != "open":
        names = ["rate"] if is_mine and part.return_score is None else []
        return names + (["score"] if may_whistle and part.score is None else [])
    if part.state not in RUNNING:
        return ["close"] if is_mine and part.is_lead else []
    names = {"called": ["report", "arrive"], "reported": ["arrive"], "arrived": []}[part.state]
    if part.is_lead and is_mine:
        names = [*names, "close"]
    elif is_mine or may_whistle:
        names = [*names, "finish"]
    if is_mine:
        names = [*names, "refuse"]
    return names + (["extend"] if may_whistle else [])


def missing_of(form: Any, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Return what a closing form sent, as the service takes it."""
    sent = {name: cleaned[name] for name in ("text", "before", "after")}
    return sent | {"missing": form.missing()}
