"""Reading a blueprint: text in, findings or a typed value out. Pure."""

from linli.blueprints.rules.blueprint import Blueprint
from linli.blueprints.rules.check import check, read
from linli.blueprints.rules.findings import Finding

__all__ = ["Blueprint", "Finding", "check", "read"]
