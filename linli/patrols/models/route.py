"""Routes and their points, each with the moment it was looked at last."""

from django.db import models
from django.db.models import Q

from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.patrols.models.lists import ItemList


class Route(TenantModel):
    """A round through a grid or a community, who walks it and when.

    `weekdays` holds the days as digits, Monday 1 ("135"); where it is empty, every `every_days` days.
    A joint route is walked by two sides, and both sign (S5 5.15).
    """

    code = models.CharField(max_length=80, default="", blank=True)  # of the blueprint, or ""
    name = models.CharField(max_length=60)
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    grid = TenantForeignKey("places.Area", models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120)
    post = TenantForeignKey("posts.Post", models.PROTECT, null=True, related_name="+")
    item_list = TenantForeignKey(ItemList, models.PROTECT, related_name="+")
    weekdays = models.CharField(max_length=7, default="", blank=True)
    every_days = models.PositiveSmallIntegerField(default=1)
    is_joint = models.BooleanField(default=False)
    partner = TenantForeignKey("posts.Organisation", models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField()
    ended_on = models.DateField(null=True)
    point_count = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                condition=Q(ended_on=None) & ~Q(code=""),
                name="route_code_now",
            ),
            models.CheckConstraint(name="route_comes_back", condition=Q(every_days__gte=1)),
        ]
        indexes = [
            # The desk's list of a community.
            models.Index(fields=["tenant_id", "community", "name"], name="route_of_community"),
            # What a post walks.
            models.Index(
                fields=["tenant_id", "post"], name="route_of_post", condition=Q(ended_on=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Point(TenantModel):
    """A place on a route. What coverage asks is stored here, so that the page counts along an index.

    `due_on` is the day by which it is to be looked at again; ended points have none.
    """

    route = TenantForeignKey(Route, models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    grid = TenantForeignKey("places.Area", models.PROTECT, null=True, related_name="+")
    area_path = models.CharField(max_length=120)
    place_code = TenantForeignKey("places.PlaceCode", models.PROTECT, null=True, related_name="+")
    facility = TenantForeignKey("places.Facility", models.PROTECT, null=True, related_name="+")
    building = TenantForeignKey("places.Building", models.PROTECT, null=True, related_name="+")
    entrance = TenantForeignKey("places.Entrance", models.PROTECT, null=True, related_name="+")
    lat = models.FloatField(null=True)  # WGS-84
    lon = models.FloatField(null=True)
    item_list = TenantForeignKey(ItemList, models.PROTECT, null=True, related_name="+")
    last_seen_at = models.DateTimeField(null=True)
    last_seen_by = models.UUIDField(null=True)
    last_was_fine = models.BooleanField(null=True)
    due_on = models.DateField(null=True)
    skipped_on = models.DateField(null=True)  # with a reason, that day
    added_on = models.DateField()
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant_id", "route", "order"], name="point_in_order"),
            # Coverage: by grid and route, the longest unseen, how many are due, without a row read.
            models.Index(
                fields=["tenant_id", "community", "grid", "route", "due_on", "last_seen_at"],
                name="point_coverage",
                condition=Q(ended_on=None),
            ),
            # The longest unseen of a community first.
            models.Index(
                fields=["tenant_id", "community", "last_seen_at", "id"],
                name="point_by_last_seen",
                condition=Q(ended_on=None),
            ),
            # What a scanned code is a point of.
            models.Index(
                fields=["tenant_id", "place_code"],
                name="point_of_code",
                condition=Q(place_code__isnull=False, ended_on=None),
            ),
            models.Index(
                fields=["tenant_id", "facility"],
                name="point_of_facility",
                condition=Q(facility__isnull=False, ended_on=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name
