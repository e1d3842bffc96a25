"""Checking a blueprint, and reading one that is in order."""

from typing import Any

from linli.blueprints.errors import FaultyBlueprint
from linli.blueprints.rules.blueprint import Blueprint
from linli.blueprints.rules.findings import Finding, Findings
from linli.blueprints.rules.geography import check_geography
from linli.blueprints.rules.index import Index, index_of
from linli.blueprints.rules.kinds import MISSING
from linli.blueprints.rules.making import make
from linli.blueprints.rules.references import check_references
from linli.blueprints.rules.schema import ROOT
from linli.blueprints.rules.source import compose


def check(text: str, file_name: str = "") -> list[Finding]:
    """Return everything that has to be put right in a file, from the top; [] when it can be installed.

    How the file is written is looked at first; what its parts say of each other only when that is right.
    """
    _index, findings = _look_at(text)
    return findings


def read(text: str, file_name: str) -> Blueprint:
    """Return the blueprint that a file describes. Errors: FaultyBlueprint, line by line."""
    index, findings = _look_at(text)
    if index is None or findings:
        raise FaultyBlueprint(file_name, findings)
    return make(index, text, file_name)


def _look_at(text: str) -> tuple[Index | None, list[Finding]]:
    findings = Findings()
    node = compose(text, findings)
    root: Any = MISSING if node is None else ROOT.read(node, "", findings)
    if root is MISSING or findings:
        return None, findings.sorted()
    index = index_of(root)
    check_references(index, findings)
    check_geography(index, findings)
    return index, findings.sorted()
