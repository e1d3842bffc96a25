"""Keeps files with identity numbers in them encrypted on the disk, piece by piece in flat memory."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Final

from linli.kernel import run_files
from linli.kernel.secrets import decrypt, encrypt

_PIECE: Final = 512 * 1024


def keep(chunks: Iterable[bytes]) -> str:
    """Keep a file that was handed in; return its name for `opened`. Errors: NoSpace."""
    return run_files.keep_input(_sealed(chunks))


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """Give the content as a file that has no name and is gone afterwards. Errors: NotFound."""
    with run_files.open_file(path) as sealed, tempfile.TemporaryFile() as plain:
        for line in sealed:
            plain.write(bytes.fromhex(decrypt(line.decode().strip())))
        plain.seek(0)
        yield plain


def _sealed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for piece in _pieces(chunks):
        yield encrypt(piece.hex()).encode() + b"\n"


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk
        while len(held) >= _PIECE:
            yield held[:_PIECE]
            held = held[_PIECE:]
    if held:
        yield held
