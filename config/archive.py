"""Unpacks an archive that anybody may have made: its files, and nothing elsewhere."""

import shutil
import tarfile
from pathlib import Path


def extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write an archive's files below a folder. Errors: ValueError (a link, or a place outside).

    `extractall` knows filters from Python 3.11.4 on only; Debian 12 has 3.11.2.
    """
    top = folder.resolve()
    for member in archive:
        target = (top / member.name).resolve()
        source = archive.extractfile(member) if member.isfile() else None
        if source is None or not target.is_relative_to(top):
            raise ValueError(member.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
