"""An area's own words, and the way back to the product's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.messages.errors import UnknownPlaceholder
from linli.messages.events import TemplateChanged
from linli.messages.models import Template
from linli.messages.selectors import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Which words: of an area, for an event, an audience and a channel."""

    area_path: str
    event_name: str
    audience: str
    channel: str

    @property
    def about(self) -> str:
        """Return what an event calls it."""
        return f"{self.event_name} {self.audience} {self.channel} {self.area_path}".strip()


@transaction.atomic
def change_template(
    *,
    wording: Wording,
    title: str,
    body: str,
    is_active: bool,
    is_urgent: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep an area's own words, from the next message on.

    Errors: NotAllowed, UnknownMessage, UnknownPlaceholder (names what can't be filled), BadInput.
    """
    actor.require("messages.manage", wording.area_path)
    catalogue.words_of_area(
        wording.event_name, wording.audience, wording.channel, wording.area_path
    )
    check_words(wording.event_name, title=title, body=body, is_active=is_active)
    row, _is_new = Template.objects.update_or_create(
        area_path=wording.area_path,
        event_name=wording.event_name,
        audience=wording.audience,
        channel=wording.channel,
        defaults={
            "title": title.strip(),
            "body": body.strip(),
            "is_active": is_active,
            "is_urgent": is_urgent,
        },
    )
    _record(wording, row.pk, actor, now, is_default=False)


@transaction.atomic
def reset_template(*, wording: Wording, actor: Actor, now: datetime) -> None:
    """Go back to the words of the area above, or of the product. Errors: NotAllowed."""
    actor.require("messages.manage", wording.area_path)
    own = Template.objects.filter(
        area_path=wording.area_path,
        event_name=wording.event_name,
        audience=wording.audience,
        channel=wording.channel,
    )
    for row_id in list(own.values_list("id", flat=True)):
        own.delete()
        _record(wording, row_id, actor, now, is_default=True)


def check_words(event_name: str, *, title: str, body: str, is_active: bool = True) -> None:
    """Refuse words that could not be filled. Errors: UnknownPlaceholder, BadInput."""
    for field, words in (("title", title), ("body", body)):
        strange = catalogue.unknown_in(words, event_name)
        if strange:
            names = "、".join(strange)
            raise UnknownPlaceholder(
                _("%(names)s 填不进去，只能用下面列出的那些。") % {"names": names}, field=field
            )
    if is_active and not body.strip():
        raise BadInput(_("还没有写内容。不想发，就去掉“启用”。"), field="body")


def _record(
    wording: Wording, row_id: UUID, actor: Actor, now: datetime, *, is_default: bool
) -> None:
    event = TemplateChanged(
        subject_id=row_id,
        area_path=wording.area_path,
        about=wording.about,
        is_default=is_default,
    )
    events.record(event, actor=actor, at=now)
    catalogue.forget()
