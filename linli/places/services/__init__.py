"""Every change to places: areas, houses, codes, imports."""

from linli.places.models import ImportKind
from linli.places.services.areas import (
    assign_buildings,
    create_area,
    edit_area,
    end_area,
    kinds_below,
)
from linli.places.services.boundaries import Boundary, check_boundary, set_boundary
from linli.places.services.codes import end_code, make_code, make_codes, replace_code
from linli.places.services.estates import create_estate, edit_estate, end_estate
from linli.places.services.houses import (
    create_building,
    create_entrances,
    create_homes,
    edit_building,
    end_building,
    end_entrance,
    rename_entrance,
)
from linli.places.services.import_files import RawFile, read_file
from linli.places.services.import_plan import RowPlan
from linli.places.services.imports import (
    Preview,
    apply_import,
    discard_import,
    discard_old_imports,
    prepare_import,
    preview_import,
)

__all__ = [
    "Boundary",
    "ImportKind",
    "Preview",
    "RawFile",
    "RowPlan",
    "apply_import",
    "assign_buildings",
    "check_boundary",
    "create_area",
    "create_building",
    "create_entrances",
    "create_estate",
    "create_homes",
    "discard_import",
    "discard_old_imports",
    "edit_area",
    "edit_building",
    "edit_estate",
    "end_area",
    "end_building",
    "end_code",
    "end_entrance",
    "end_estate",
    "kinds_below",
    "make_code",
    "make_codes",
    "prepare_import",
    "preview_import",
    "read_file",
    "rename_entrance",
    "replace_code",
    "set_boundary",
]
