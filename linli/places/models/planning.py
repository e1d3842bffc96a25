"""Plans of grids: which building would go to which grid, from which day on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.places.models.ground import Area, Building


class PlanState(models.TextChoices):
    """How far a plan is. Until its day a plan can be taken back; afterwards it is history."""

    DRAFT = "draft", _("草案")
    SCHEDULED = "scheduled", _("待生效")
    APPLIED = "applied", _("已生效")


class GridPlan(TenantModel):
    """A proposal for a community's grids, made by a run and put right by hand."""

    community = TenantForeignKey(Area, models.PROTECT, related_name="+")
    run_id = models.UUIDField()
    target = models.PositiveSmallIntegerField()  # households of a grid
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    # Which buildings are neighbours, as pairs of PlannedBuilding.order.
    edges = models.JSONField()
    # What today's grids and buildings lacked when it was made, one sentence a line.
    remarks = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    starts_on = models.DateField(null=True)  # the first day of these grids
    scheduled_at = models.DateTimeField(null=True)
    scheduled_by = models.UUIDField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "run_id"], name="grid_plan_of_run"),
            # Two plans can't both change the grids of one community.
            models.UniqueConstraint(
                fields=["tenant_id", "community"],
                condition=Q(state=PlanState.SCHEDULED),
                name="grid_plan_scheduled_once",
            ),
            models.CheckConstraint(
                name="grid_plan_has_its_day",
                condition=Q(state=PlanState.DRAFT, starts_on=None, applied_at=None)
                | Q(state=PlanState.SCHEDULED, starts_on__isnull=False, applied_at=None)
                | Q(state=PlanState.APPLIED, starts_on__isnull=False, applied_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "community", "id"], name="plan_of_community")]


class PlannedGrid(TenantModel):
    """A grid of a plan. grid: today's that goes on as this one; None: it is new."""

    plan = TenantForeignKey(GridPlan, models.CASCADE, related_name="grids")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    grid = TenantForeignKey(Area, models.PROTECT, null=True, related_name="+")
    parent = TenantForeignKey(Area, models.PROTECT, null=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "plan", "order"], name="planned_grid_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlannedBuilding(TenantModel):
    """Where a building would go. was: the grid that listed it when the plan was made."""

    plan = TenantForeignKey(GridPlan, models.CASCADE, related_name="buildings")
    building = TenantForeignKey(Building, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField()
    households = models.PositiveIntegerField()
    was = TenantForeignKey(Area, models.PROTECT, null=True, related_name="+")
    target = TenantForeignKey(PlannedGrid, models.CASCADE, null=True, related_name="buildings")
    is_moved = models.BooleanField(default=False)  # by hand
    # How far it reaches on the map, GeoJSON in WGS-84; "" when nothing says where it stands.
    cell = models.TextField(default="", blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "plan", "building"], name="planned_building_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "plan", "order"], name="planned_building_in_order")
        ]
