"""What cases give the field's day, and what they take from phones that were without a network."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from linli.cases.events import CaseResolved
from linli.cases.events.whistles import PartFinished
from linli.cases.selectors import active_categories, ground, hands, today, whistle_day
from linli.cases.services import handed, whistle_handed
from linli.field.selectors import day
from linli.field.services import submissions
from linli.kernel.actor import Actor

submissions.takes("cases.report", label=_("上报"), reads="cases.view")(handed.take_report)
submissions.takes("cases.progress", label=_("工单进展"), reads="cases.view")(handed.take_progress)
submissions.takes(whistle_day.FORM, label=_("吹哨"), reads="cases.view")(whistle_handed.take_step)
day.gives("whistles")(whistle_day.cards)
day.ends("case", CaseResolved.name)
day.ends("case", PartFinished.name)


@day.gives("cases")
def cards(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the cases in the actor's own hands."""
    return today.cards_of(hands.in_hand(actor, now).mine)


@day.keeps("cases")
def blank_forms(actor: Actor, now: datetime) -> list[day.Card]:
    """Return the blank report, for whoever may report where they go."""
    choices = ground.all_choices(actor)
    return [today.blank_report(choices, active_categories())] if choices else []
