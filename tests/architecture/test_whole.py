"""What holds for the whole: templates compile, migrations are current, Django's checks pass."""

import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import get_template

from tests.architecture import house

TEMPLATES = [
    path.relative_to(next(parent for parent in path.parents if parent.name == "templates"))
    for path in sorted(house.LINLI.glob("*/templates/**/*"))
    if path.suffix in {".html", ".txt", ".js", ".svg", ".webmanifest"}
]


@pytest.mark.parametrize("template", TEMPLATES, ids=str)
def test_every_template_compiles(template: Path) -> None:
    get_template(str(template))


@pytest.mark.django_db
def test_migrations_are_current() -> None:
    call_command("makemigrations", check=True, dry_run=True, interactive=False, verbosity=0)


def test_djangos_own_checks_pass() -> None:
    call_command("check", fail_level="WARNING", verbosity=0)


def test_journeys_name_rows_that_exist() -> None:
    rows = subprocess.run([house.ROOT / "scripts" / "rows"], capture_output=True, check=False)
    assert rows.returncode == 0, rows.stderr
