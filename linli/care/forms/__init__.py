"""What may be sent: a knock card, a plan, family, an alert."""

from linli.care.forms.alerts import AlertForm
from linli.care.forms.plans import EndForm, FamilyForm, PlanForm, RevealForm
from linli.care.forms.visits import VisitForm

__all__ = ["AlertForm", "EndForm", "FamilyForm", "PlanForm", "RevealForm", "VisitForm"]
