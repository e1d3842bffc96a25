"""Every question about blueprints: the files there are, what was installed last, local words, demo doors."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from linli.blueprints.demo import doors
from linli.blueprints.models import Installation, Word
from linli.blueprints.rules import Blueprint, read
from linli.kernel import tenancy
from linli.kernel.errors import NotFound
from linli.kernel.memory import remember
from linli.kernel.models import Tenant

LIBRARY = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A blueprint that comes with the product."""

    name: str  # without its ending, as commands take it
    path: Path

    @property
    def title(self) -> str:
        """Return what the file calls its way of working."""
        return str(yaml.safe_load(self.path.read_text(encoding="utf-8"))["名称"])


def library() -> list[LibraryFile]:
    """Return the blueprints that come with the product, by name."""
    return [LibraryFile(path.stem, path) for path in sorted(LIBRARY.glob("*.yaml"))]


def get_library_text(name: str) -> str:
    """Return the text of one of them. Errors: NotFound, saying which there are."""
    for file in library():
        if file.name == name.removesuffix(".yaml"):
            return file.path.read_text(encoding="utf-8")
    names = "、".join(file.name for file in library())
    raise NotFound(f"没有叫“{name}”的方案，现有：{names}。")


def library_blueprints() -> list[Blueprint]:
    """Return all of them, read."""
    return [read(file.path.read_text(encoding="utf-8"), file.path.name) for file in library()]


def find_installation() -> Installation | None:
    """Return what was installed last for the tenant that is set, or None."""
    return Installation.objects.order_by("-id").first()


@remember
def words() -> dict[str, str]:
    """Return what the tenant calls things, by the product's key; keys without a word are left out."""
    return dict(Word.objects.values_list("key", "text"))


def word(key: str, default: str) -> str:
    """Return what the tenant calls something, or the product's own word for it."""
    return words().get(key, default)


def demo_doors() -> list[tuple[str, ...]]:
    """Return the doors of the demo as rows for a printed table, its head first; [] without a demo."""
    with tenancy.all_tenants():
        demo = Installation.objects.filter(is_demo=True).values_list("tenant_id", flat=True)
        tenants = Tenant.objects.filter(pk__in=list(demo), is_active=True).order_by("pk")
    rows: list[tuple[str, ...]] = []
    for tenant in tenants:
        with tenancy.tenant(tenant.pk):
            installed = find_installation()
            if installed is not None:
                rows += doors.rows_of(tenant, installed.title)
    return [doors.HEAD, *rows] if rows else []
