"""Images and annotations of a COCO file on disk, so that those of one image are found together."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

_SCHEMA = """
CREATE TABLE image (id INTEGER PRIMARY KEY, place INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE annotation (place INTEGER PRIMARY KEY, id INTEGER UNIQUE, image_id INTEGER NOT NULL, body TEXT NOT NULL);
"""


class Spool:
    """A temporary database that is deleted when it is closed; what it holds beyond its cache lies on disk."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def add_image(self, number: int, place: int, entry: dict[str, Any]) -> bool:
        """False if there is one of that number."""
        return self._add("INSERT INTO image VALUES (?, ?, ?)", (number, place, json.dumps(entry)))

    def add_annotation(self, number: int | None, image: int, place: int, entry: dict[str, Any]) -> bool:
        """False if there is one of that number."""
        return self._add("INSERT INTO annotation VALUES (?, ?, ?, ?)", (place, number, image, json.dumps(entry)))

    def images(self) -> Iterator[tuple[int, int, dict[str, Any]]]:
        """Number, place and entry, in the order of the file."""
        self._db.execute("CREATE INDEX IF NOT EXISTS of_image ON annotation (image_id, place)")
        for number, place, body in self._db.execute("SELECT id, place, body FROM image ORDER BY place"):
            yield number, place, json.loads(body)

    def annotations(self, image: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Place and entry of those of one image."""
        rows = self._db.execute("SELECT place, body FROM annotation WHERE image_id = ? ORDER BY place", (image,))
        for place, body in rows:
            yield place, json.loads(body)

    def without_image(self) -> Iterator[tuple[int, int]]:
        """Place and image number of annotations whose image is not there."""
        yield from self._db.execute(
            "SELECT place, image_id FROM annotation WHERE image_id NOT IN (SELECT id FROM image) ORDER BY place"
        )

    def close(self) -> None:
        """Delete it."""
        self._db.close()

    def _add(self, statement: str, row: tuple[Any, ...]) -> bool:
        try:
            self._db.execute(statement, row)
        except sqlite3.IntegrityError:
            return False
        return True
