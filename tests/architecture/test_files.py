"""Every file is where the map says, short enough to read, and speaks of the product only."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import house

# The files of a room (style.md, 2). Each may also be a package of the same name.
FLOORS = {
    "__init__", "apps", "errors", "states", "rules", "events", "models", "selectors", "services",
    "forms", "schemas", "views", "api", "urls", "tasks", "subscribers", "blueprint", "field", "admin",
    "middleware", "management", "templatetags", "migrations",
}  # fmt: skip
FOLDERS = {"templates", "static", "tests"}
# What one room alone has, and why.
OWN = {
    "messages": {"adapters", "data"},  # the outside world's protocols and their fakes; templates
    "cases": {"adapters", "data"},  # photos that others name by address; the starter model
    "clients": {"adapters"},  # the way out to webhooks
    "blueprints": {"data", "demo"},  # the five communities as files; their lived history
}
GRAB_BAGS = {"utils", "helpers", "common", "misc", "core", "util", "helper"}
PYTHON = house.files(".py")
# Each line: what must not be committed, and why.
MACHINES = {
    r"(?<![\w.])/(root|home/\w+|work)/": "a path of somebody's machine",
    r"\bpypi\.(org|tuna)|pythonhosted\.org|mirrors\.\w+\.\w+": "a registry's host",
}
PAGES = {
    r"[\u4e00-\u9fff]！": "no exclamation marks (ui.md, 2.6)",
    "提交成功": "say what happens next",
    "操作失败": "say what to do",
    "非法": "say what to do",
    "请勿重复": "sending twice is our matter",
    "暂无数据": "say what there is none of",
}
COMMUNITIES = ("黄海社区", "平安社区", "湾美社区", "东城社区", "五家渠")


def test_every_room_is_in_the_order_of_rooms_and_in_every_contract() -> None:
    assert set(house.ROOMS) <= set(house.levels())
    contracts = {each["id"]: each for each in house.contracts()}
    upper = {f"linli.{room}" for room in house.ROOMS} - {"linli.kernel"}
    assert set(contracts["floors"]["containers"]) == upper
    assert set(contracts["doors"]["source_modules"]) == upper


@pytest.mark.parametrize("room", [room for room in house.ROOMS if room != "kernel"])
def test_a_room_has_only_files_of_the_map(room: str) -> None:
    allowed = FLOORS | OWN.get(room, set())
    for path in (house.LINLI / room).iterdir():
        if path.is_dir() and path.name != "__pycache__":
            assert path.name in allowed | FOLDERS, f"{house.name_of(path)} is not on the map"
        elif path.suffix == ".py":
            assert path.stem in allowed, f"{house.name_of(path)} is not on the map"


def test_no_file_is_longer_than_300_lines() -> None:
    long = {
        house.name_of(path): lines
        for path in PYTHON
        if "/migrations/" not in str(path) and (lines := len(path.read_text().splitlines())) > 300
    }
    assert not long


def test_no_template_is_longer_than_80_lines() -> None:
    pages = [path for path in house.files(".html") if len(path.read_text().splitlines()) > 80]
    assert not [house.name_of(path) for path in pages]


def test_no_module_is_a_grab_bag() -> None:
    assert not [house.name_of(path) for path in PYTHON if path.stem in GRAB_BAGS]


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        house.name_of(path)
        for path in PYTHON
        if path.read_text().strip()
        and "/migrations/0" not in str(path)
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_journeys_are_where_make_looks_for_them() -> None:
    marked = [path for path in PYTHON if re.search(r"\bmark[.]journey\b", path.read_text())]
    walked = [house.ROOT / folder for folder in ("tests/journeys", "tests/gates")]
    stray = [path for path in marked if not any(map(path.is_relative_to, walked))]
    assert marked
    assert not stray


@pytest.mark.parametrize("pattern", MACHINES)
def test_nothing_of_a_machine_is_committed(pattern: str) -> None:
    suffixes = {".png", ".jpg", ".heic", ".pdf", ".xlsx", ".ico", ".webp"}
    for path in house.files():
        if path.suffix not in suffixes and path != Path(__file__):
            found = re.search(pattern, path.read_text(errors="ignore"))
            assert not found, f"{house.name_of(path)}: {found[0]!r} is {MACHINES[pattern]}"


@cache
def _words_of(path: Path) -> str:
    """Return what a file shows: a template's text, a module's strings without docstrings."""
    if path.suffix == ".html":
        return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return "\n".join(text for text in strings if "\n" not in text)


@pytest.mark.parametrize("words", PAGES)
def test_pages_speak_as_a_neighbour(words: str) -> None:
    spoken = [p for p in house.files(".py", ".html") if _is_product(p)]
    found = [house.name_of(path) for path in spoken if re.search(words, _words_of(path))]
    assert not found, f"“{words}”: {PAGES[words]}"


@pytest.mark.parametrize("community", COMMUNITIES)
def test_no_communitys_name_is_in_code(community: str) -> None:
    code = [p for p in house.files(".py", ".html", ".js", ".css") if _is_product(p)]
    assert not [house.name_of(path) for path in code if community in path.read_text()]


def _is_product(path: Path) -> bool:
    return path.is_relative_to(house.LINLI) and "/tests/" not in str(path)
