"""Files that commands write: whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from karat.cli.shell import Here


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that is there when the block ends well.

    Raises:
        FileUnwritable: it cannot be written there.
    """
    from karat.cli.errors import FileUnwritable

    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(path)
    except OSError as error:
        raise FileUnwritable(file=path, reason=error.strerror) from error
    finally:
        with suppress(OSError):
            draft.unlink()


async def save_blob(here: Here, sha256: str, out: Path) -> None:
    """A blob of the storage as a file."""
    with written(out) as stream:
        async for piece in here.engine.storage.open(here.caller.tenant_id, sha256):
            stream.write(piece)
