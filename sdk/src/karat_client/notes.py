"""Which uploads have begun and not ended, noted on this machine, so that a program that is started anew goes on."""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from uuid import UUID

# The server forgets an upload a day after its last byte.
KEPT_S = 2 * 86_400


class Notes:
    """A small file for each upload, by what it is of. Where none can be written, every upload begins anew."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or cache_folder() / "uploads"

    def find(self, mark: str) -> UUID | None:
        """The upload that was begun for this, if it was noted."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            return UUID(json.loads(self._path(mark).read_text())["upload_id"])
        return None

    def keep(self, mark: str, upload_id: UUID) -> None:
        """Note that an upload has begun."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = self._path(mark).with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps({"upload_id": str(upload_id)}))
            draft.replace(self._path(mark))
            self._tidy()

    def forget(self, mark: str) -> None:
        """It has ended."""
        with suppress(OSError):
            self._path(mark).unlink()

    def _tidy(self) -> None:
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - KEPT_S:
                path.unlink(missing_ok=True)

    def _path(self, mark: str) -> Path:
        return self._folder / f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}.json"


def cache_folder() -> Path:
    """Where this user's programs keep what can be made anew (XDG Base Directory Specification)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    try:
        base = Path(given) if given.startswith("/") else Path.home() / ".cache"
    except RuntimeError:  # nobody's home
        base = Path(os.devnull)
    return base / "karat-client"
