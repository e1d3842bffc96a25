"""Facilities: lamps, hydrants, lifts, playgrounds, premises; what was said to be wrong with each."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.places.models.ground import Area, Building, Entrance, Estate, PlaceCode


class FacilityStatus(models.TextChoices):
    """Whether a facility does what it is there for."""

    IN_USE = "in_use", _("在用")
    FAULTY = "faulty", _("有故障")
    STOPPED = "stopped", _("停用")


class FacilityKind(TenantModel):
    """A kind of facility, as the blueprint names it.

    The targets (S4 4.11) are data: so many per community, so much floor in each community.
    """

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=30)
    icon = models.CharField(max_length=30, default="map-pin")
    order = models.PositiveSmallIntegerField(default=100)
    category_code = models.CharField(max_length=40, default="", blank=True)  # of what is reported
    check_days = models.PositiveSmallIntegerField(default=0)  # looked at every so often; 0: never
    target_count = models.PositiveSmallIntegerField(default=0)  # per community; 0: no target
    target_area_m2 = models.PositiveIntegerField(default=0)
    is_premises = models.BooleanField(default=False)  # rooms and courts, which have an area

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="facility_kind_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Facility(TenantModel):
    """One thing that stands somewhere and can break. `label` is its place in words, its own name in
    it: what is reported after scanning its code carries exactly these words.
    """

    kind = TenantForeignKey(FacilityKind, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)  # "3 号路灯"
    number = models.CharField(max_length=30, default="", blank=True)  # of the asset book
    label = models.CharField(max_length=120)
    community = TenantForeignKey(Area, models.PROTECT, related_name="+")
    grid = TenantForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120)  # of the grid, or of the community
    estate = TenantForeignKey(Estate, models.PROTECT, null=True, related_name="+")
    building = TenantForeignKey(Building, models.PROTECT, null=True, related_name="+")
    entrance = TenantForeignKey(Entrance, models.PROTECT, null=True, related_name="+")
    place_code = TenantForeignKey(PlaceCode, models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)  # WGS-84
    lon = models.FloatField(null=True)
    status = models.CharField(max_length=10, choices=FacilityStatus, default=FacilityStatus.IN_USE)
    keeper = models.CharField(
        max_length=60, default="", blank=True
    )  # the organisation that answers
    keeper_phone = models.CharField(
        max_length=20, default="", blank=True
    )  # an office's, no person's
    area_m2 = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, default="", blank=True)
    installed_on = models.DateField(null=True)
    checked_at = models.DateTimeField(null=True)
    troubled_at = models.DateTimeField(null=True)  # when it was last said to break too often
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "label"],
                condition=Q(ended_on=None),
                name="facility_label_now",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "community", "number"],
                condition=Q(ended_on=None) & ~Q(number=""),
                name="facility_number_now",
            ),
        ]
        indexes = [
            # The list of a community, all or of one kind.
            models.Index(fields=["tenant_id", "community", "label"], name="facility_of_community"),
            models.Index(
                fields=["tenant_id", "place_code"],
                name="facility_of_code",
                condition=Q(place_code__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FacilityFault(TenantModel):
    """A case about a facility, as far as places may know it: its number and its first words."""

    facility = TenantForeignKey(Facility, models.CASCADE, related_name="faults")
    case_id = models.UUIDField()  # the room of cases is above; its own link is there
    case_number = models.CharField(max_length=20)
    title = models.CharField(max_length=60)
    happened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    is_counted = models.BooleanField(default=True)  # no: merged, declined or withdrawn

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "case_id"], name="fault_of_case"),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "facility", "-happened_at"], name="fault_of_facility"
            ),
        ]
