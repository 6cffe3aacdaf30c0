"""A source that is read part by part."""

from collections.abc import Iterator

from karat_client.errors import SourceUnusable
from karat_client.sources import Source


class Tape:
    """A source that is read on from where it stands; to wind it back, or on, begins it anew."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at, self._rest = -1, b""
        self._pieces: Iterator[bytes] = iter(())

    def read(self, offset: int, n_bytes: int) -> Iterator[bytes]:
        """So many bytes from an offset on.

        Raises:
            SourceUnusable: it ends before that.
        """
        if offset != self._at:
            self._at, self._rest, self._pieces = offset, b"", iter(self._source.read(offset))
        while n_bytes:
            piece = self._rest or next(self._pieces, b"")
            if not piece:
                raise SourceUnusable("A file has become shorter while it was sent.", detail=self._source.name)
            piece, self._rest = piece[:n_bytes], piece[n_bytes:]
            self._at += len(piece)
            n_bytes -= len(piece)
            yield piece
