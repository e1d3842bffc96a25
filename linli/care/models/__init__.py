"""The tables of care: levels and lists of the blueprint, profiles, visits, alerts."""

from linli.care.models.alerts import Alert, AlertBuilding, AlertTask
from linli.care.models.catalogue import AlertRule, CareLevel, CareSettings, ItemList
from linli.care.models.profiles import CareProfile, FamilyContact
from linli.care.models.visits import Visit, VisitPhoto

__all__ = [
    "Alert",
    "AlertBuilding",
    "AlertRule",
    "AlertTask",
    "CareLevel",
    "CareProfile",
    "CareSettings",
    "FamilyContact",
    "ItemList",
    "Visit",
    "VisitPhoto",
]
