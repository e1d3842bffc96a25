"""The ground: areas, estates, buildings, entrances, homes, the codes on doors, and lists of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.tenancy import TenantForeignKey, TenantModel


class AreaKind(models.TextChoices):
    """The levels of the area tree, highest first."""

    DISTRICT = "district", _("区县")
    SUBDISTRICT = "subdistrict", _("街道（镇）")
    COMMUNITY = "community", _("社区")
    MICRO = "micro", _("微社区")
    GRID = "grid", _("网格")


class EstateKind(models.TextChoices):
    """Who looks after the houses (S1 1.9: three kinds of property management)."""

    COMPANY = "company", _("有物业小区")
    COMMUNITY = "community", _("社区托管小区")
    STANDALONE = "standalone", _("单体楼")
    SELF_RUN = "self_run", _("无物业自治小区")


class Area(TenantModel):
    """A node of the area tree. `path` joins the codes from the district down, each followed by "/".

    Duties are granted over paths. An area holds from `starts_on` to the day before `ends_on`; one
    that ended stays for the cases that happened in it.
    """

    kind = models.CharField(max_length=12, choices=AreaKind)
    code = models.CharField(max_length=20)  # the state's code where there is one, else our own
    name = models.CharField(max_length=60)
    parent = TenantForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=120)
    # The letters that the numbers of its cases begin with: DC for 东城.
    initials = models.CharField(max_length=4, default="", blank=True)
    phone = models.CharField(max_length=20, default="", blank=True)
    slogan = models.CharField(max_length=40, default="", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    # GeoJSON geometry (Polygon or MultiPolygon) in WGS-84; "" when there is only a list.
    polygon = models.TextField(default="", blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    # The coordinate system that an imported polygon came in: wgs84, gcj02 or bd09.
    source_crs = models.CharField(max_length=6, default="", blank=True)
    household_count = models.PositiveIntegerField(default=0)
    resident_count = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            # Grids of two communities may have the same code, the path may not.
            models.UniqueConstraint(
                fields=["tenant_id", "path"], condition=Q(ends_on=None), name="area_path_now"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "code"],
                condition=Q(ends_on=None, kind__in=["district", "subdistrict", "community"]),
                name="area_code_now",
            ),
            models.CheckConstraint(
                name="area_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "path"], name="area_by_path")]

    def __str__(self) -> str:
        return self.name


class Estate(TenantModel):
    """A residential estate (小区) of a community."""

    community = TenantForeignKey(Area, models.PROTECT, related_name="estates")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=EstateKind)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    ended_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "name"],
                condition=Q(ended_on=None),
                name="estate_name_now",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Building(TenantModel):
    """A building (楼栋), of an estate or standing alone; `grid` is the one that lists it."""

    community = TenantForeignKey(Area, models.PROTECT, related_name="buildings")
    estate = TenantForeignKey(Estate, models.PROTECT, null=True, related_name="buildings")
    grid = TenantForeignKey(Area, models.PROTECT, null=True, related_name="grid_buildings")
    name = models.CharField(max_length=60)
    order = models.PositiveIntegerField(default=0)  # by number, so that 10 号楼 comes after 9 号楼
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    floor_count = models.PositiveSmallIntegerField(default=0)
    household_count = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "community", "estate", "name"],
                condition=Q(ended_on=None),
                name="building_name_in_estate",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "community", "name"],
                condition=Q(ended_on=None, estate=None),
                name="building_name_standalone",
            ),
        ]
        indexes = [
            # The page of an estate, and of a community, ended ones included.
            models.Index(
                fields=["tenant_id", "community", "estate", "order"], name="building_in_order"
            ),
            # A grid's list.
            models.Index(fields=["tenant_id", "grid"], name="building_of_grid"),
        ]

    def __str__(self) -> str:
        return self.name


class Entrance(TenantModel):
    """An entrance (单元) of a building."""

    building = TenantForeignKey(Building, models.PROTECT, related_name="entrances")
    name = models.CharField(max_length=30)
    order = models.PositiveIntegerField(default=0)
    ended_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "building", "name"],
                condition=Q(ended_on=None),
                name="entrance_name_now",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "building", "order"], name="entrance_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class Home(TenantModel):
    """A home (户) behind an entrance."""

    entrance = TenantForeignKey(Entrance, models.PROTECT, related_name="homes")
    number = models.CharField(max_length=20)
    floor = models.SmallIntegerField(null=True)
    ended_on = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "entrance", "number"],
                condition=Q(ended_on=None),
                name="home_number_now",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PlaceCode(TenantModel):
    """A printed code (点位码): scanning it says where one is; an ended one lets people choose."""

    code = models.CharField(max_length=20)  # "wjq-4f7k2m": the tenant's code, then ours
    community = TenantForeignKey(Area, models.PROTECT, related_name="+")
    estate = TenantForeignKey(Estate, models.PROTECT, null=True, related_name="+")
    building = TenantForeignKey(Building, models.PROTECT, null=True, related_name="+")
    entrance = TenantForeignKey(Entrance, models.PROTECT, null=True, related_name="codes")
    spot = models.CharField(max_length=60, default="", blank=True)  # "单元门口", "3 号路灯"
    label = models.CharField(max_length=120)  # the whole place in words, as printed
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "code"], name="place_code_once"),
            # Making codes for an estate again gives no door a second one.
            models.UniqueConstraint(
                fields=["tenant_id", "entrance"],
                condition=Q(ended_at=None, spot="", entrance__isnull=False),
                name="place_code_of_entrance",
            ),
        ]
        indexes = [
            # The list of a community, and of one estate of it.
            models.Index(fields=["tenant_id", "community", "id"], name="code_of_community"),
            models.Index(fields=["tenant_id", "estate", "id"], name="code_of_estate"),
        ]

    def __str__(self) -> str:
        return self.code


class ImportKind(models.TextChoices):
    """What a places import brings."""

    BUILDINGS = "buildings", _("楼栋与单元")
    GRIDS = "grids", _("网格边界")
    FACILITIES = "facilities", _("设施")


class PlaceImport(TenantModel):
    """An uploaded list waiting for confirmation: checked row by row, applied once, or thrown away.

    The counts are those of the check at upload; confirming checks again.
    """

    community = TenantForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ImportKind)
    file_name = models.CharField(max_length=120)
    source_crs = models.CharField(max_length=6, default="wgs84")  # of the coordinates in the rows
    remarks = models.TextField(
        default="", blank=True
    )  # what was left aside when reading, one a line
    rows = models.JSONField()  # the rows as read, checked again when applied
    row_count = models.PositiveIntegerField()
    error_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant_id", "created_at"], name="import_by_age")]
