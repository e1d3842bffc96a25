"""What was set up: categories, promises, numbers, templates."""

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChanged(Event):
    """A category was made, changed, moved, ended or taken up again. The subject is the category."""

    name: ClassVar[str] = "cases.category.changed"
    code: str
    what: str  # created, changed, moved, ended, restored


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChanged(Event):
    """A promise was made or changed; `moves_open` tells whether open cases follow. The subject is
    the service level.
    """

    name: ClassVar[str] = "cases.level.changed"
    code: str
    respond: str  # amount and unit: "2 work_hour"
    resolve: str
    moves_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanged(Event):
    """The numbers of the loop are other ones; `changed` names them. The subject is their row."""

    name: ClassVar[str] = "cases.settings.changed"
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(Event):
    """Words that staff reuse were written, changed or ended. The subject is the template."""

    name: ClassVar[str] = "cases.template.changed"
    what: str  # created, changed, ended
