"""How tests bring a list: uploaded, looked at, confirmed."""

from linli.places import services
from linli.places.models import ImportKind, PlaceImport
from linli.places.tests.makers import NOW

HEADER = "小区,小区类型,楼栋,单元,户号,网格,层数,户数,纬度,经度"
FIRST = "天山花园,有物业小区,3号楼,1单元,301,第一网格,6,36,44.171,87.531"


def uploaded(
    east, lin, *lines: str, header: str = HEADER, encoding: str = "utf-8", **options
) -> PlaceImport:
    """Upload lines below the usual header."""
    content = "\n".join([header, *lines]).encode(encoding)
    return prepared(east, lin, ImportKind.BUILDINGS, "楼栋.csv", content, **options)


def prepared(east, lin, kind: ImportKind, name: str, content: bytes, **options) -> PlaceImport:
    """Upload a file."""
    raw = services.read_file(kind, name, content)
    return services.prepare_import(
        community_id=east.pk, file_name=name, raw=raw, actor=lin, now=NOW, **options
    )


def preview(waiting: PlaceImport, lin) -> services.Preview:
    """Look at what it would do."""
    return services.preview_import(import_id=waiting.pk, actor=lin)[1]


def confirm(waiting: PlaceImport, lin) -> PlaceImport:
    """Put it in place."""
    return services.apply_import(import_id=waiting.pk, actor=lin, now=NOW)


def notes(waiting: PlaceImport, lin) -> list[str]:
    """Return everything the preview says, row after row."""
    return [note for row in preview(waiting, lin).rows for note in row.notes]
