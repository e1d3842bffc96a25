"""Learns suggestions anew from what staff found right; long work, in a process of its own."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases.events.judging import ModelChanged
from linli.cases.models import LearnedModel, TrainingExample, Word
from linli.cases.selectors import judging
from linli.kernel import events, runs
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.kernel.examples import Example
from linli.kernel.teach import teach
from linli.kernel.textmodel import TextModel

KIND: Final = "cases.learn"
DUTY: Final = "cases.configure"
PHRASES: Final = judging.STARTER.with_name("phrases.yaml")
LEAST: Final = 20  # words of staff, before it is worth learning
MOST: Final = 40_000  # the newest
KEPT: Final = 3  # former models, to look at their figures


def start_learning(*, actor: Actor, now: datetime, key: str) -> runs.Run:
    """Ask for suggestions to be learnt anew; the same key again gives the same run.

    Errors: NotAllowed, BadInput (staff said too little yet).
    """
    actor.require(DUTY)
    count = TrainingExample.objects.count()
    if count < LEAST:
        raise BadInput(
            _("工作人员确认过的还只有 %(have)d 件，到 %(least)d 件再学才有用。")
            % {"have": count, "least": LEAST}
        )
    return runs.start(
        KIND, title=_("重新学习归类"), data={}, actor=actor, now=now, key=key, duty=DUTY
    )


def carry_learning(run: runs.Running) -> None:
    """Learn from the product's phrases and the staff's words; put the model into use."""
    rows = TrainingExample.objects.exclude(word=Word.UNSURE).order_by("-id")
    examples = [
        Example(text=text, label=code) for text, code in rows.values_list("text", "code")[:MOST]
    ]
    run.progress(0, len(examples))
    content = teach(examples, phrases=PHRASES, now=run.now, look=run.check_cancelled)
    put_into_use(content=content, example_count=len(examples), actor=run.actor, now=run.now)
    run.progress(len(examples), len(examples))
    run.say(_("学了 %(n)d 件，马上开始用。") % {"n": len(examples)})


@transaction.atomic
def put_into_use(
    *, content: bytes, example_count: int, actor: Actor, now: datetime
) -> LearnedModel:
    """Put a model into use instead of the one before. Errors: NotAllowed, NotAModel."""
    actor.require(DUTY)
    figures = TextModel(content).about.get("figures", {})
    LearnedModel.objects.filter(ended_at=None).update(ended_at=now)
    made = LearnedModel.objects.create(
        content=content,
        example_count=example_count,
        figures=figures,
        made_at=now,
        made_by=actor.account_id,
    )
    _empty_former()
    _record(made, "learnt", actor, now)
    return made


@transaction.atomic
def use_starter(*, actor: Actor, now: datetime) -> None:
    """Go back to what the product brings. Errors: NotAllowed, NotFound (it is in use already)."""
    actor.require(DUTY)
    made = LearnedModel.objects.filter(ended_at=None).first()
    if made is None:
        raise NotFound(_("现在用的就是自带的。"))
    made.ended_at = now
    made.save(update_fields=["ended_at"])
    _record(made, "ended", actor, now)


def _empty_former() -> None:
    """Let the bytes of all but the last few former models go; judgements keep naming them."""
    former = (
        LearnedModel.objects.exclude(ended_at=None).order_by("-id").values_list("pk", flat=True)
    )
    LearnedModel.objects.filter(pk__in=list(former[KEPT : KEPT + 50])).update(content=b"")


def _record(made: LearnedModel, what: str, actor: Actor, now: datetime) -> None:
    event = ModelChanged(subject_id=made.pk, what=what, example_count=made.example_count)
    events.record(event, actor=actor, at=now)
    judging.model_in_use.forget()
