"""`migrate` for the pattern, in a third of the time: `python -m tests.migrating`.

Django keeps every model of every state as a class, and after each operation makes those anew that
are related: with a hundred and fifty tables, all of a tenant, that is nine tenths of the work. A
new table, an index or a constraint changes nobody else's columns, so here only the model that it
concerns is made anew. What comes after and asks for relations (`RunPython`) gets all of them whole,
by Django's own means for states that put this off (`is_delayed`).
"""

from typing import Any

from django.core.management import execute_from_command_line
from django.db.migrations.state import ModelState, ProjectState


def add_model(state: ProjectState, model: ModelState) -> None:
    """Take in a new table."""
    key = model.app_label, model.name_lower
    state.models[key] = model
    if state._relations is not None:
        state.resolve_model_relations(key)
    _make_anew(state, key)


def append_option(state: ProjectState, app: str, name: str, option: str, added: Any) -> None:
    """Take in an index or a constraint."""
    options = state.models[app, name].options
    options[option] = [*options[option], added]
    _make_anew(state, (app, name))


def _make_anew(state: ProjectState, key: tuple[str, str]) -> None:
    if "apps" in state.__dict__:  # as Django asks: to read the property would make them all
        state.is_delayed = True
        state._reload({key})


if __name__ == "__main__":
    ProjectState.add_model = add_model
    ProjectState._append_option = append_option
    execute_from_command_line(["manage.py", "migrate", "--verbosity", "0"])
