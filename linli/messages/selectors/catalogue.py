"""Which words there are: those that come with the product, and those that an area has changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from linli.kernel.memory import remember
from linli.messages import rules
from linli.messages.errors import UnknownMessage
from linli.messages.models import Audience, Channel, Template

_FILE: Final = Path(__file__).resolve().parent.parent / "data" / "templates.yaml"


@dataclass(frozen=True, slots=True)
class Words:
    """What is said over one channel."""

    title: str
    body: str
    is_active: bool = True
    is_urgent: bool = False
    is_changed: bool = False  # an area has its own words


@dataclass(frozen=True, slots=True)
class Fact:
    """What may stand in braces."""

    name: str
    label: str
    example: str


@dataclass(frozen=True, slots=True)
class Message:
    """An event that is told: how staff call it, how a digest counts it, which facts it has."""

    event_name: str
    label: str
    kind: str
    facts: tuple[str, ...]
    is_fixed: bool  # nobody changes its words
    words: Mapping[str, Mapping[str, Words]] = field(
        default_factory=dict
    )  # audience -> channel -> words


@dataclass(frozen=True, slots=True)
class Cell:
    """One channel of a row."""

    channel: str
    label: str
    words: Words


@dataclass(frozen=True, slots=True)
class Row:
    """One event told to one audience."""

    message: Message
    audience_label: str
    audience: str
    cells: list[Cell]


@cache
def facts() -> dict[str, Fact]:
    """Return everything that may stand in braces somewhere."""
    return {
        name: Fact(name, one["label"], one["example"]) for name, one in _data()["facts"].items()
    }


@cache
def messages() -> dict[str, Message]:
    """Return every event that is told, by name, in the order of the file."""
    data = _data()
    return {name: _message(name, entry, data["always"]) for name, entry in data["events"].items()}


def get_message(event_name: str) -> Message:
    """Return one event that is told. Errors: UnknownMessage."""
    try:
        return messages()[event_name]
    except KeyError:
        raise UnknownMessage(f"{event_name} is not in data/templates.yaml") from None


def label_of(event_name: str) -> str:
    """Return how staff call an event; the name itself when it is not told any more."""
    found = messages().get(event_name)
    return found.label if found else event_name


def words_for(event_name: str, audience: str, area_path: str) -> dict[str, Words]:
    """Return what is said over each channel in an area, switched-off channels left out.

    Errors: UnknownMessage when the product has no words for this event and audience.
    """
    defaults = get_message(event_name).words.get(audience)
    if defaults is None:
        raise UnknownMessage(f"{event_name} has no words for {audience} in data/templates.yaml")
    own = _changed().get((event_name, audience), ())
    return {
        channel: words
        for channel in Channel.values
        if (words := _deepest(own, channel, area_path) or defaults.get(channel)) and words.is_active
    }


def words_of_area(event_name: str, audience: str, channel: str, area_path: str) -> Words:
    """Return what an area says over one channel, for the editor; blank words when there are none.

    Errors: UnknownMessage.
    """
    message = get_message(event_name)
    defaults = None if message.is_fixed else message.words.get(audience)
    if defaults is None or channel not in Channel.values:
        raise UnknownMessage(f"{event_name} {audience} {channel}")
    own = _changed().get((event_name, audience), ())
    return (
        _deepest(own, channel, area_path) or defaults.get(channel) or Words("", "", is_active=False)
    )


def unknown_in(words: str, event_name: str) -> list[str]:
    """Return what stands in braces and is no fact of this event."""
    return rules.unknown_placeholders(words, get_message(event_name).facts)


def facts_of(event_name: str) -> list[Fact]:
    """Return what may stand in braces in the words of an event. Errors: UnknownMessage."""
    return [facts()[name] for name in get_message(event_name).facts]


def preview(event_name: str, *, title: str, body: str) -> dict[str, Any]:
    """Return words filled with examples, and how many text messages the body would be.

    Shape: preview_title, preview_body, sms_count, sms_length.
    """
    given = examples(get_message(event_name).facts)
    said = rules.fill(body, given)
    return {
        "preview_title": rules.fill(title, given),
        "preview_body": said,
        "sms_count": rules.count_sms(said),
        "sms_length": len(said),
    }


def overview(area_path: str) -> list[Row]:
    """Return everything that is told and to whom, with what an area says over each channel."""
    return [
        Row(
            message,
            str(Audience(audience).label),
            audience,
            [
                Cell(
                    channel,
                    str(label),
                    words_of_area(message.event_name, audience, channel, area_path),
                )
                for channel, label in Channel.choices
            ],
        )
        for message in messages().values()
        for audience in message.words
        if not message.is_fixed
    ]


def examples(names: Collection[str]) -> dict[str, str]:
    """Return a value for each fact, for the preview."""
    return {name: one.example for name, one in facts().items() if name in names}


def forget() -> None:
    """Forget what was kept of changed words, after a change."""
    _changed.forget()


def _deepest(own: Any, channel: str, area_path: str) -> Words | None:
    fitting = [
        (path, words) for path, one, words in own if one == channel and area_path.startswith(path)
    ]
    return max(fitting, key=lambda entry: len(entry[0]))[1] if fitting else None


@remember
def _changed() -> dict[tuple[str, str], list[tuple[str, str, Words]]]:
    found: dict[tuple[str, str], list[tuple[str, str, Words]]] = {}
    for row in Template.objects.order_by("id"):
        words = Words(row.title, row.body, row.is_active, row.is_urgent, is_changed=True)
        found.setdefault((row.event_name, row.audience), []).append(
            (row.area_path, row.channel, words)
        )
    return found


@cache
def _data() -> dict[str, Any]:
    with _FILE.open(encoding="utf-8") as file:
        data: dict[str, Any] = yaml.safe_load(file)
    return data


def _message(name: str, entry: dict[str, Any], always: list[str]) -> Message:
    known = (*entry.get("always", always), *entry.get("facts", ()))
    words = {one: _channels(entry[one]) for one in Audience.values if one in entry}
    return Message(name, entry["label"], entry["kind"], known, entry.get("fixed", False), words)


def _channels(entry: dict[str, Any]) -> dict[str, Words]:
    """Mail and group robots say what the page says; a text message has words of its own."""
    page = Words(entry["title"], entry["body"])
    found = {Channel.PAGE.value: page, Channel.MAIL.value: page, Channel.ROBOT.value: page}
    if text := entry.get("sms") or entry.get("sms_off"):
        found[Channel.SMS.value] = Words(entry["title"], text, is_active="sms" in entry)
    return found
