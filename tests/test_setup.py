"""Setting up: an upgrade takes nothing away from the product that is still running."""

import json
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "setup"


@pytest.fixture(scope="module")
def setup():
    loader = SourceFileLoader("linli_setup", str(SCRIPT))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def test_the_static_files_of_the_version_that_runs_outlive_an_upgrade(setup, tmp_path):
    for name in ("site.1.css", "site.2.css", "site.2.css.gz", "site.3.css", "site.3.css.gz"):
        (tmp_path / name).write_text("")
    (tmp_path / setup.MANIFEST).write_text(json.dumps({"paths": {"site.css": "site.3.css"}}))
    setup.throw_away_old(tmp_path, {"site.2.css", "site.3.css"})
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["site.2.css", "site.2.css.gz", "site.3.css", "site.3.css.gz", setup.MANIFEST]
