"""What the register says of a home, what people are marked with, and how many there are of whom."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from linli.kernel.secrets import EncryptedTextField
from linli.kernel.tenancy import TenantForeignKey, TenantModel
from linli.people.models.persons import Person


class Household(TenantModel):
    """The register's record of a home: who lives there is told by residences, the rest by facts."""

    PERSONAL: ClassVar = {"home": "address", "note": "text"}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "building", "community", "checked_at", "checked_by", "version", "created_at",
    }  # fmt: skip

    home = TenantForeignKey("places.Home", models.PROTECT, related_name="+")
    building = TenantForeignKey("places.Building", models.PROTECT, related_name="+")
    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    note = EncryptedTextField(default="", blank=True)
    checked_at = models.DateTimeField(null=True)  # the last check at the door
    checked_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "home"], name="household_of_home")
        ]
        indexes = [
            # A building's card; the ones not checked for longest come first.
            models.Index(
                fields=["tenant_id", "building", "checked_at"], name="household_in_building"
            ),
        ]


class TagKind(TenantModel):
    """What people may be marked with, as the community's blueprint names it.

    is_sensitive: shown only to who holds the duty for it.
    """

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "code", "name", "hint", "is_sensitive", "order", "is_active",
    }  # fmt: skip

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=20)
    hint = models.CharField(max_length=100, default="", blank=True)
    is_sensitive = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant_id", "code"], name="tag_kind_once")]

    def __str__(self) -> str:
        return self.name


class PersonTag(TenantModel):
    """A mark that somebody has, or had until `ended_at`."""

    PERSONAL: ClassVar = {"person": "name", "kind": "text", "note": "text"}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "source", "recorded_at", "recorded_by", "ended_at"}

    person = TenantForeignKey(Person, models.PROTECT, related_name="tags")
    kind = TenantForeignKey(TagKind, models.PROTECT, related_name="+")
    note = EncryptedTextField(default="", blank=True)
    source = models.CharField(max_length=6)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            # Also gives who has a mark: it begins with the kind.
            models.UniqueConstraint(
                fields=["tenant_id", "kind", "person"],
                condition=Q(ended_at=None),
                name="tag_once_now",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "person", "id"], name="tag_of_person")]


class RegisterTally(TenantModel):
    """How many of a figure there are in a building, kept by differences with every change.

    figure: "people", "homes", "rents", "tag:<code>" now (month ""), or "in", "out", "born", "died"
    of a month ("2026-11"). Cards of grids and communities are sums over buildings: a building that
    goes to another grid takes its counts along.
    """

    PERSONAL: ClassVar[dict[str, str]] = {}
    NOT_PERSONAL: ClassVar = {
        "id", "tenant_id", "community", "building", "figure", "month", "count",
    }  # fmt: skip

    community = TenantForeignKey("places.Area", models.PROTECT, related_name="+")
    building = TenantForeignKey("places.Building", models.PROTECT, related_name="+")
    figure = models.CharField(max_length=30)
    month = models.CharField(max_length=7, default="", blank=True)
    count = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "building", "figure", "month"], name="register_tally_once"
            ),
        ]
        indexes = [
            # A community's sum, and a tenant's.
            models.Index(
                fields=["tenant_id", "month", "community"], name="register_tally_of",
                include=["figure", "count", "building"],
            ),
        ]  # fmt: skip


class WordsField(models.TextField):
    """Search words, separated by spaces: a tsvector on PostgreSQL, plain text elsewhere."""

    def db_type(self, connection: Any) -> str | None:
        """Return the column's type."""
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)


class PersonText(TenantModel):
    """What somebody is found by: keyed hashes of the name's pairs of characters, of its initials in
    pinyin, of the phone's tail and of the address. PostgreSQL searches `words` (GIN), SQLite the
    FTS5 table `people_fts`, whose rowid is `row`. Without the key nobody reads a name out of it.
    """

    PERSONAL: ClassVar = {"words": "hash"}
    NOT_PERSONAL: ClassVar = {"id", "tenant_id", "person", "row"}

    person = TenantForeignKey(Person, models.CASCADE, related_name="+")
    words = WordsField(default="", blank=True)
    row = models.BigIntegerField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "person"], name="person_text_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "-id"], name="person_text_newest")]
