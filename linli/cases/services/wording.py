"""Words that staff reuse when they answer, resolve or decline: written, changed, ended."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events import TemplateChanged
from linli.cases.models import AnswerTemplate
from linli.cases.selectors import setup
from linli.cases.selectors.setup import DUTY
from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSheet:
    """What the form of an answer template says; no category is for all."""

    title: str
    text: str
    kind: str = "answer"
    category_id: UUID | None = None
    order: int = 100


@transaction.atomic
def write_template(
    *, sheet: TemplateSheet, template_id: UUID | None = None, actor: Actor, now: datetime
) -> AnswerTemplate:
    """Write a template, or change the one of that id. Errors: NotAllowed, NotFound, BadInput."""
    actor.require(DUTY)
    if sheet.category_id is not None:
        setup.get_any_category(sheet.category_id, actor)
    template = _existing(sheet.title, template_id, actor)
    what = "changed" if template_id else "created"
    if template is None:
        template = AnswerTemplate.objects.create(**asdict(sheet))
    else:
        facts = asdict(sheet) | {"ended_at": None}
        for name, value in facts.items():
            setattr(template, name, value)
        template.save(update_fields=[name.removesuffix("_id") for name in facts])
    events.record(TemplateChanged(subject_id=template.pk, what=what), actor=actor, at=now)
    return template


@transaction.atomic
def end_template(*, template_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a template out of use. Errors: NotAllowed, NotFound."""
    template = setup.get_template(template_id, actor, lock=True)
    template.ended_at = now
    template.save(update_fields=["ended_at"])
    events.record(TemplateChanged(subject_id=template.pk, what="ended"), actor=actor, at=now)


def _existing(title: str, template_id: UUID | None, actor: Actor) -> AnswerTemplate | None:
    """Return the template to be written: the one asked for, or an ended one of the same title."""
    rows = AnswerTemplate.objects.select_for_update().filter(title=title)
    same = rows.order_by("pk").first()
    if template_id is None:
        if same is not None and same.ended_at is None:
            raise _taken(title)
        return same
    if same is not None and same.pk != template_id:
        raise _taken(title)
    return setup.get_template(template_id, actor, lock=True)


def _taken(title: str) -> BadInput:
    message = _("已经有一个叫“%(title)s”的模板。") % {"title": title}
    return BadInput(message, field="title")
