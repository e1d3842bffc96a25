"""Pasted chats: which are there, what was found in one, where the words of a message put it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.cases.models import Case, ChatMatter, ChatPaste
from linli.cases.rules import chat, matters
from linli.cases.selectors.access import visible_to
from linli.kernel import clock, masking
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.places import selectors as places

DUTY: Final = "cases.enter"


def chats_of(actor: Actor) -> QuerySet[ChatPaste]:
    """Return the pastes of the communities where the actor takes things down, newest first."""
    rows = ChatPaste.objects.select_related("community").defer("text", "community__polygon")
    return rows.filter(_reach(actor)).order_by("-id")


def get_chat(chat_id: UUID, actor: Actor, *, lock: bool = False) -> ChatPaste:
    """Return one paste. Errors: NotFound."""
    rows = ChatPaste.objects.select_related("community").defer("community__polygon")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(_reach(actor), pk=chat_id).first()
    if found is None:
        raise NotFound(_("没有找到这段群聊。"))
    return found


def _reach(actor: Actor) -> Q:
    where = Q(pk__in=[])
    for path in actor.scopes(DUTY):
        where |= Q(community__path__startswith=path) if path else Q(pk__isnull=False)
    return where


def matters_of(paste: ChatPaste) -> list[ChatMatter]:
    """Return what was found in a paste, in order."""
    rows = ChatMatter.objects.filter(paste=paste).select_related(
        "category", "building__estate", "entrance", "estate", "likely", "case"
    )
    return list(rows.order_by("order"))


def cases_seen(matters: Iterable[ChatMatter], actor: Actor) -> set[UUID]:
    """Return which cases that matters became or repeat the actor may open: one may have become
    confidential since, or stand with others.
    """
    ids = {one for row in matters for one in (row.case_id, row.likely_id) if one}
    rows = Case.objects.filter(visible_to(actor), pk__in=ids)
    return set(rows.values_list("pk", flat=True)) if ids else set()


def matters_of_case(case: Case) -> list[ChatMatter]:
    """Return the matters of chats that became a case, or joined it."""
    rows = ChatMatter.objects.filter(case=case).select_related("paste").defer("paste__text")
    return list(rows.order_by("id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as anybody may read it later: who is masked, and so is what names or reaches people."""

    number: int
    name: str
    at: object
    text: str
    is_meant: bool


def original_of(paste: ChatPaste, numbers: Iterable[int] = ()) -> list[Shown]:
    """Return the original with names masked; `numbers` are the messages that are meant."""
    meant = set(numbers)
    messages = chat.split(paste.text, clock.local(paste.created_at))
    names = sorted({one.name for one in messages if len(one.name) > 1}, key=len, reverse=True)
    return [
        Shown(
            number=one.number,
            name=masking.mask_name(one.name),
            at=one.at,
            text=_without(names, masking.mask_text(one.raw)),
            is_meant=one.number in meant,
        )
        for one in messages
    ]


def _without(names: list[str], text: str) -> str:
    """Return words without the names of those who speak in the chat."""
    for name in names:
        if name in text:
            text = text.replace(name, masking.mask_name(name))
    return text


def masked_names(matter: ChatMatter) -> list[str]:
    """Return who spoke of a matter, masked."""
    return [masking.mask_name(name) for name in matter.speakers.split("\n") if name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a message puts its matter."""

    estate_id: UUID | None = None
    building_id: UUID | None = None
    entrance_id: UUID | None = None


class Ground:
    """The places of a community by their names, read once for a whole chat."""

    def __init__(self, community_id: UUID, *, estate_id: UUID | None = None) -> None:
        self._community_id, self._usual = community_id, estate_id

    @cached_property
    def _estates(self) -> list[tuple[str, UUID]]:
        found = [(one.name, one.pk) for one in places.estates_of(self._community_id)]
        short = [(name.removesuffix("小区"), pk) for name, pk in found if len(name) > 4]
        return sorted([*found, *short], key=lambda pair: -len(pair[0]))

    @cached_property
    def _buildings(self) -> dict[str, list[tuple[UUID | None, UUID]]]:
        found: dict[str, list[tuple[UUID | None, UUID]]] = {}
        for one in places.buildings_of(self._community_id):
            number = matters.named_in(one.name).building or one.name
            found.setdefault(number, []).append((one.estate_id, one.pk))
        return found

    def spot_of(self, text: str) -> Spot:
        """Return where words put a matter: the building only where no other one may be meant."""
        said = matters.named_in(text)
        estate_id = next((pk for name, pk in self._estates if name and name in text), None)
        within = estate_id or self._usual
        found = self._buildings.get(said.building, []) if said.building else []
        fitting = [pair for pair in found if within is None or pair[0] == within]
        if len(fitting) != 1:
            return Spot(estate_id=within)
        own_estate, building_id = fitting[0]
        return Spot(
            estate_id=own_estate,
            building_id=building_id,
            entrance_id=self._entrance(building_id, said.entrance),
        )

    def _entrance(self, building_id: UUID, number: str) -> UUID | None:
        if not number:
            return None
        entrances = places.entrances_of(building_id)
        return next(
            (one.pk for one in entrances if matters.named_in(one.name).entrance == number), None
        )
