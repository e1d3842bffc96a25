"""What the blueprints room refuses."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from linli.kernel.errors import BadInput

if TYPE_CHECKING:
    from linli.blueprints.rules.findings import Finding


class FaultyBlueprint(BadInput):
    """A file that can't be installed; `findings` says line by line why."""

    code = "faulty_blueprint"

    def __init__(self, file_name: str, findings: "Sequence[Finding]") -> None:
        lines = "\n".join(str(finding) for finding in findings)
        super().__init__(f"{file_name} 有 {len(findings)} 处要改：\n{lines}", field="file")
        self.findings = tuple(findings)
