"""Campaigns on a worker's phone: the open entries of the day, what was cleared without a network, and
what a post leaves behind.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.campaigns.events import EntryMoved, MatterShown
from linli.campaigns.selectors import access, campaigns, lists
from linli.campaigns.selectors import dockets as asked
from linli.campaigns.selectors.lists import Asked
from linli.campaigns.services import matters, working
from linli.campaigns.services.shots import read_again
from linli.campaigns.states import EntryState, MatterState
from linli.field.selectors import day
from linli.field.selectors.items import Choice, Item, ItemKind
from linli.field.services import submissions
from linli.field.services.submissions import Difference, Differs, Sent, Taken
from linli.kernel import clock, pictures
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.pictures import Picture
from linli.posts.services import handover

KIND: Final = "campaigns.entry"
MOST_CARDS: Final = 30  # of one campaign: nobody clears more in a day
OUTCOME, WORDS, COUNT, BEFORE, AFTER = "outcome", "words", "count", "before", "after"


MATTER: Final = "campaigns.matter"
# A matter stands in the day when it is so near.
NEAR: Final = timedelta(days=3)

day.ends("entry", EntryMoved.name, fits=lambda facts: facts["new_state"] != EntryState.OPEN)
day.ends("entry", MatterShown.name)


def items() -> tuple[Item, ...]:
    """Return what a phone asks at an entry: how it ended, photos before and after, a few words."""
    return (
        Item(
            code=OUTCOME,
            label=_("办得怎么样"),
            kind=ItemKind.CHOICE,
            is_required=True,
            choices=(
                Choice(code=EntryState.SETTLED, label=_("整治好了")),
                Choice(code=EntryState.HANDED, label=_("转工单")),
                Choice(code=EntryState.IMPOSSIBLE, label=_("这次办不了")),
            ),
        ),
        Item(code=AFTER, label=_("整治后照片"), kind=ItemKind.PHOTO),
        Item(code=BEFORE, label=_("整治前照片"), kind=ItemKind.PHOTO),
        Item(
            code=WORDS,
            label=_("说明"),
            kind=ItemKind.TEXT,
            hint=_("转工单的写要谁来办，办不了的写为什么。"),
        ),
        Item(code=COUNT, label=_("实际几处（几辆）"), kind=ItemKind.NUMBER, least=1, most=200),
    )


@day.gives("campaigns")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the open entries of the campaigns that are on site today, in the actor's own parts.

    A grid worker who is on no team has those of their grid, and none that others clear.
    """
    found: list[day.Card] = []
    for campaign in campaigns.today_of(actor, now):
        own = campaigns.own_parts(campaign, actor)
        rows = lists.all_entries(campaign, Asked(state=EntryState.OPEN))
        is_member = campaigns.is_member(campaign, actor)
        mine = [
            one
            for one in rows
            if (one.part_id in own if own else is_member) or actor.can(access.WORK, one.area_path)
        ][:MOST_CARDS]
        shots = lists.photos_of([one.pk for one in mine])
        found += [_card(campaign, one, shots.get(one.pk, ())) for one in mine]
    return found


def _card(campaign: Any, entry: Any, shots: Iterable[Any]) -> day.Card:
    facts = [(_("说明"), entry.text)] if entry.text else []
    if entry.case_number:
        facts.append((_("工单"), entry.case_number))
    return day.Card(
        key=f"{KIND}:{entry.pk}",
        kind="entry",
        title=f"{entry.kind.name} × {entry.count}" if entry.count > 1 else entry.kind.name,
        why=_("%(title)s，清单第 %(n)d 条") % {"title": campaign.title, "n": entry.number},
        place=entry.place_label,
        link=reverse("campaigns:field_entry", args=[entry.pk]),
        version=str(entry.version),
        lat=entry.lat,
        lon=entry.lon,
        form=KIND,
        subject_id=str(entry.pk),
        list_code=KIND,
        facts=tuple(facts),
        photos=tuple(
            (
                reverse("campaigns:field_photo", args=[entry.pk, one.pk, "thumb"]),
                str(one.get_stage_display()),
            )
            for one in shots
        ),
        items=items(),
    )


@submissions.takes(KIND, label=gettext_lazy("整治清单"), reads="campaigns.view")
def take_entry(sent: Sent) -> Taken:
    """Take what came of an entry on site, by the very services of the page.

    Somebody else ended it meanwhile: both stand side by side. Sent again after that look, its photos are
    kept with what was settled first; who settled it stays.
    """
    if sent.subject_id is None:
        raise BadInput(_("这条记录没有写明是清单上的哪一条。"))
    entry = access.get_entry(sent.subject_id, sent.actor)
    link = reverse("campaigns:field_entry", args=[entry.pk])
    outcome = str(sent.answers.get(OUTCOME) or "")
    if outcome not in (EntryState.SETTLED, EntryState.HANDED, EntryState.IMPOSSIBLE):
        raise BadInput(_("选一下：整治好了、转工单，还是这次办不了。"), field=OUTCOME)
    if entry.settled_key == str(sent.id):
        return Taken(link=link, words=_said(entry), subject_id=entry.pk)
    if entry.state != EntryState.OPEN and sent.base_version != str(entry.version):
        raise Differs((_met(entry, outcome),), link=link, version=str(entry.version))
    # What is kept is drawn anew: the files that the photos came in go once it is.
    paths = [path for _code, one in sent.photos for path in (one.path, one.thumb_path)]
    transaction.on_commit(partial(pictures.discard, paths))
    if entry.state == EntryState.SETTLED:
        kept = working.add_photos(
            entry_id=entry.pk, before=_shots(sent, BEFORE), after=_shots(sent, AFTER),
            actor=sent.actor, now=sent.now, at=sent.made_at,
        )  # fmt: skip
        return Taken(link=link, words=_("照片已补到这一条。"), subject_id=kept.pk)
    done = _end(sent, outcome)
    return Taken(link=link, words=_said(done), subject_id=done.pk)


@day.gives("dockets")
def matter_cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the matters that the actor answers for, near or late, and those that wait for their word."""
    until = clock.local(now).date() + NEAR
    return [
        _matter_card(line)
        for line in asked.mine(actor, now)
        if line.matter.state == MatterState.SHOWN
        or (line.matter.due_on is not None and line.matter.due_on <= until)
    ]


def _matter_card(line: Any) -> day.Card:
    matter, is_mine = line.matter, line.matter.state == MatterState.OPEN
    facts = [(_("哪张清单"), matter.docket.title)]
    if matter.measure:
        facts.append((_("怎么改"), matter.measure))
    if matter.evidence and not is_mine:
        facts.append((_("交来的结果"), matter.evidence))
    why = _("整改，%(day)s 前改好") if is_mine else _("改好了，等您说行不行")
    return day.Card(
        key=f"{MATTER}:{matter.pk}", kind="entry", title=matter.problem,
        why=why % {"day": f"{matter.due_on:%m-%d}"} if is_mine else why,
        link=reverse("campaigns:field_matter", args=[matter.pk]), version=str(matter.version),
        is_late=is_mine and line.is_late, form=MATTER if is_mine else "",
        subject_id=str(matter.pk), list_code=MATTER if is_mine else "", facts=tuple(facts),
        items=_matter_items() if is_mine else (),
    )  # fmt: skip


def _matter_items() -> tuple[Item, ...]:
    return (
        Item(code=AFTER, label=_("改好以后的照片"), kind=ItemKind.PHOTO),
        Item(code=BEFORE, label=_("原来的照片"), kind=ItemKind.PHOTO),
        Item(code=WORDS, label=_("做了什么"), kind=ItemKind.TEXT, hint=_("有照片可以不写。")),
    )


@submissions.takes(MATTER, label=gettext_lazy("整改结果"), reads="campaigns.view")
def take_matter(sent: Sent) -> Taken:
    """Take what shows that a matter is done, by the very service of the page.

    Where somebody else has shown it meanwhile, both stand side by side; what was shown first stays.
    """
    if sent.subject_id is None:
        raise BadInput(_("这条记录没有写明是哪一条整改。"))
    matter = asked.get_matter(sent.subject_id, sent.actor)
    link = reverse("campaigns:field_matter", args=[matter.pk])
    words = str(sent.answers.get(WORDS) or "")
    if matter.state != MatterState.OPEN:
        if sent.base_version != str(matter.version):
            here, own = f"{matter.get_state_display()}：{matter.evidence}", words or _("照片")
            met = Difference(name=WORDS, label=_("做了什么"), base="", sent=own, here=here)
            raise Differs((met,), link=link, version=str(matter.version))
        return Taken(link=link, words=_("先交的那一份留着，没有改。"), subject_id=matter.pk)
    paths = [path for _code, one in sent.photos for path in (one.path, one.thumb_path)]
    transaction.on_commit(partial(pictures.discard, paths))
    matters.show_matter(
        matter_id=matter.pk, evidence=words, before=_shots(sent, BEFORE),
        after=_shots(sent, AFTER), actor=sent.actor, now=sent.now,
    )  # fmt: skip
    return Taken(link=link, words=_("整改结果交了，等提出人说好。"), subject_id=matter.pk)


def _end(sent: Sent, outcome: str) -> Any:
    facts: dict[str, Any] = {
        "entry_id": sent.subject_id,
        "key": str(sent.id),
        "at": sent.made_at,
        "actor": sent.actor,
        "now": sent.now,
    }
    words = str(sent.answers.get(WORDS) or "")
    if outcome != EntryState.SETTLED and sent.photos:
        # Before it is handed on: the case shows what was seen.
        working.add_photos(
            entry_id=facts["entry_id"], before=_shots(sent, BEFORE), after=_shots(sent, AFTER),
            actor=sent.actor, now=sent.now, at=sent.made_at,
        )  # fmt: skip
    if outcome == EntryState.HANDED:
        return working.hand_entry(text=words, **facts)
    if outcome == EntryState.IMPOSSIBLE:
        return working.give_up_entry(reason=words, **facts)
    return working.settle_entry(
        before=_shots(sent, BEFORE), after=_shots(sent, AFTER), result=words,
        count=_count(sent.answers.get(COUNT)), **facts,
    )  # fmt: skip


def _count(said: Any) -> int | None:
    """Return a count as a phone wrote it; nothing for nothing. Errors: BadInput."""
    if said in (None, ""):
        return None
    try:
        return int(float(str(said)[:12]))
    except (ValueError, OverflowError):
        raise BadInput(_("数量填 1 到 200。"), field=COUNT) from None


def _shots(sent: Sent, code: str) -> tuple[Picture, ...]:
    """Return the photos of an item; they are kept anew, for the case too."""
    found = [read_again(shot.path) for name, shot in sent.photos if name == code]
    return tuple(one for one in found if one is not None)


def _met(entry: Any, outcome: str) -> Difference:
    return Difference(
        name=OUTCOME,
        label=_("办得怎么样"),
        base=str(EntryState.OPEN.label),
        sent=str(EntryState(outcome).label),
        here=_said(entry),
    )


def _said(entry: Any) -> str:
    return (
        f"{entry.get_state_display()}：{entry.result}"
        if entry.result
        else entry.get_state_display()
    )


@handover.gives("campaigns")
def lines(leaving: handover.Leaving) -> list[handover.Line]:
    """Return the campaigns that a post works in, and the matters that it answers for."""
    found = [
        handover.Line(
            key=f"campaigns.campaign:{one.pk}",
            kind=_("参加的整治行动"),
            title=one.title,
            note=f"{one.starts_on:%Y-%m-%d} — {one.ends_on:%Y-%m-%d}，{one.get_state_display()}",
            link=reverse("campaigns:site", args=[one.pk]),
        )
        for one in campaigns.of_post(leaving.post_id)
    ]
    found += [
        handover.Line(
            key=f"campaigns.matter:{one.pk}",
            kind=_("没销号的整改"),
            title=one.problem,
            note=f"{one.docket.title}，{one.get_state_display()}",
            is_late=asked.is_late(one, clock.local(leaving.now).date()),
            link=reverse("campaigns:field_matter", args=[one.pk]),
        )
        for one in asked.of_post(leaving.post_id, leaving.account_id)
    ]
    return found[: handover.MOST_LINES]
