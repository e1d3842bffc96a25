"""What the phone keeps of the product itself: the files of the field's pages, under their hashed names."""

import hashlib
from functools import lru_cache
from typing import Final

from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string

ICON_SIZES: Final = (192, 512)
# The shell's own files, and those of the forms inside it.
_FILES: Final = (
    "kernel/tokens.css", "kernel/base.css", "kernel/layout.css", "kernel/components.css",
    "kernel/field.css", "kernel/print.css", "cases/field.css", "field/offline.css",
    "kernel/base.js", "kernel/seal.svg", "kernel/icons.svg", "field/idb.js", "field/store.js",
    "field/outbox.js", "field/day.js", "field/app.js",
)  # fmt: skip
SHELL: Final = "/app/shell/"


def files() -> list[str]:
    """Return the addresses that the worker keeps."""
    return [SHELL, *(staticfiles_storage.url(name) for name in _FILES)]


@lru_cache(maxsize=1)
def version() -> str:
    """Return a name that changes with anything that the worker keeps."""
    shell = render_to_string("field/shell.html", {"is_shell": True})
    digest = hashlib.sha256(shell.encode())
    for name in _FILES:
        with staticfiles_storage.open(name) as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]
