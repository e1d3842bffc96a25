"""Reads one SQL statement and tells whether its tenants' tables are tied to one tenant.

A *source* is a table of one FROM, known by its alias. Conditions joined by AND give *ties*: "this
source's tenant_id equals a value", or "equals that source's". An outer join's conditions tie only
the side that may be missing. A subquery sees the sources around it and may be tied through them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp

TENANT = "tenant_id"
VALUES = (exp.Placeholder, exp.Parameter, exp.Literal, exp.Cast)
IsTenantTable = Callable[[str], bool]


@dataclass(slots=True, eq=False)
class Source:
    """A table in a FROM. `is_checked`: it is a tenants' table and must be tied."""

    alias: str
    table: str
    is_checked: bool
    is_tied: bool = False


@dataclass(slots=True)
class Scope:
    """The sources of one FROM, inside the scopes around it."""

    outer: "Scope | None" = None
    sources: dict[str, Source] = field(default_factory=dict)

    def find(self, column: exp.Column) -> Source | None:
        """Return the source that a `tenant_id` column belongs to."""
        if column.table:
            return self.sources.get(column.table) or (
                self.outer.find(column) if self.outer else None
            )
        checked = [source for source in self.sources.values() if source.is_checked]
        if len(checked) == 1:
            return checked[0]
        return self.outer.find(column) if self.outer and not checked else None


@dataclass(slots=True)
class Tie:
    """`left` has the tenant of `right`, or of a value (None); an outer join ties one way."""

    left: Source
    right: Source | None
    is_both_ways: bool = True


class Reader:
    """Collects the sources and ties of a statement."""

    def __init__(self, is_tenant_table: IsTenantTable, ctes: set[str]) -> None:
        self.is_tenant_table = is_tenant_table
        self.ctes = ctes
        self.sources: list[Source] = []
        self.ties: list[Tie] = []

    def read(self, node: exp.Expression, outer: Scope | None) -> None:
        """Read a query and everything inside it."""
        if isinstance(node, exp.Select | exp.Update | exp.Delete):
            scope = self._scope(node, outer)
            self._collect_ties(node, scope)
        else:
            scope = outer
        for inner in _inner_queries(node):
            self.read(inner, scope)

    def _scope(self, node: exp.Expression, outer: Scope | None) -> Scope:
        scope = Scope(outer)
        for item in _from_items(node):
            name = item.alias_or_name
            is_table = isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier)
            table = item.name if is_table else ""
            is_checked = bool(table) and table not in self.ctes and self.is_tenant_table(table)
            # What a subquery or CTE gives has been tied inside it.
            source = Source(name, table, is_checked, is_tied=not is_checked)
            scope.sources[name] = source
            self.sources.append(source)
        return scope

    def _collect_ties(self, node: exp.Expression, scope: Scope) -> None:
        where = node.args.get("where")
        if where:
            self._ties_of(where.this, scope, only=None)
        for join in _joins(node):
            side = (join.side or "").upper()
            only = scope.sources.get(join.this.alias_or_name) if side == "LEFT" else None
            if join.args.get("on") and side in ("", "LEFT"):
                self._ties_of(join.args["on"], scope, only=only)

    def _ties_of(self, condition: exp.Expression, scope: Scope, *, only: Source | None) -> None:
        for part in _conjuncts(condition):
            if isinstance(part, exp.EQ):
                tie = self._tie(part.left.unnest(), part.right.unnest(), scope)
                if tie and only is None:
                    self.ties.append(tie)
                elif tie and only in (tie.left, tie.right):
                    other = tie.right if tie.left is only else tie.left
                    self.ties.append(Tie(only, other, is_both_ways=False))

    def _tie(self, left: exp.Expression, right: exp.Expression, scope: Scope) -> Tie | None:
        if not _is_tenant_column(left):
            left, right = right, left
        if not isinstance(left, exp.Column) or not _is_tenant_column(left):
            return None
        source = scope.find(left)
        if source is None:
            return None
        if isinstance(right, exp.Column) and _is_tenant_column(right):
            other = scope.find(right)
            return Tie(source, other) if other else None
        return Tie(source, None) if isinstance(right, VALUES) else None


def find_offence(
    sql: str, *, dialect: str, is_across: bool, is_tenant_table: IsTenantTable
) -> str | None:
    """Return what is wrong with the statement, in words, or None."""
    text = re.sub(r"%(.)", lambda m: ":p" if m[1] == "s" else m[1], sql)
    try:
        statement = sqlglot.parse_one(text, read=dialect)
    except sqlglot.errors.ParseError as error:
        return f"The guard cannot read this statement: {error}"
    reader = Reader(is_tenant_table, {cte.alias for cte in statement.find_all(exp.CTE)})
    reader.read(statement, None)
    return (
        _insert_offence(statement, is_tenant_table)
        or (_across_offence(statement, reader) if is_across else _tenant_offence(reader))
    )  # fmt: skip


def _insert_offence(statement: exp.Expression, is_tenant_table: IsTenantTable) -> str | None:
    for insert in statement.find_all(exp.Insert):
        target = insert.this
        table = target.this if isinstance(target, exp.Schema) else target
        columns = target.expressions if isinstance(target, exp.Schema) else []
        names = {column.name for column in columns}
        # FTS5 takes commands (rebuild, optimize) as an insert into the column named like the table.
        is_command = table.name in names and table.name.endswith("_fts")
        if is_tenant_table(table.name) and TENANT not in names and not is_command:
            return f"INSERT INTO {table.name} without {TENANT}"
    return None


def _tenant_offence(reader: Reader) -> str | None:
    is_news = True
    while is_news:
        is_news = sum(_follow(tie) for tie in reader.ties) > 0
    loose = [s for s in reader.sources if not s.is_tied]
    return f"{loose[0].table} AS {loose[0].alias} is tied to no tenant" if loose else None


def _follow(tie: Tie) -> bool:
    """Hand the tenant on along a tie; tell whether that was news."""
    left, right = tie.left, tie.right
    if not left.is_tied and (right is None or right.is_tied):
        left.is_tied = True
        return True
    if right is not None and tie.is_both_ways and left.is_tied and not right.is_tied:
        right.is_tied = True
        return True
    return False


def _across_offence(statement: exp.Expression, reader: Reader) -> str | None:
    checked = [source for source in reader.sources if source.is_checked]
    if checked and any(lock.args.get("update") for lock in statement.find_all(exp.Lock)):
        return "Rows are locked across tenants"
    groups = {id(source): {id(source)} for source in checked}
    for tie in reader.ties:
        if tie.right is not None and id(tie.left) in groups and id(tie.right) in groups:
            merged = groups[id(tie.left)] | groups[id(tie.right)]
            groups.update(dict.fromkeys(merged, merged))
    if len({id(group) for group in groups.values()}) > 1:
        names = ", ".join(sorted({source.alias for source in checked}))
        return f"Across tenants, these are not tied to each other: {names}"
    return None


def _from_items(node: exp.Expression) -> Iterator[exp.Expression]:
    """Give every table or subquery in FROM, JOIN, UPDATE or DELETE FROM."""
    if isinstance(node, exp.Update | exp.Delete) and node.this is not None:
        yield node.this
    source = node.args.get("from_")
    if source:
        yield source.this
        for join in source.this.args.get("joins") or ():
            yield join.this
    for join in node.args.get("joins") or ():
        yield join.this
    using = node.args.get("using")
    yield from (using if isinstance(using, list) else [])


def _joins(node: exp.Expression) -> list[exp.Join]:
    source = node.args.get("from_")
    nested = source.this.args.get("joins") if source else None
    return [*(node.args.get("joins") or ()), *(nested or ())]


def _inner_queries(node: exp.Expression) -> Iterator[exp.Expression]:
    """Give the queries directly inside a node, not those inside of these."""
    for child in node.iter_expressions():
        if isinstance(child, exp.Select | exp.Update | exp.Delete):
            yield child
        else:
            yield from _inner_queries(child)


def _conjuncts(condition: exp.Expression) -> Iterator[exp.Expression]:
    node = condition.unnest()
    if isinstance(node, exp.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _is_tenant_column(node: exp.Expression) -> bool:
    return isinstance(node, exp.Column) and node.name == TENANT
