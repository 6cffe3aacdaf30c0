"""Bytes on their way to the server: few in one request, all others in parts that go on where they broke off."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from karat_client.counting import Counted, Counter
from karat_client.loads import PART_BYTES, Load
from karat_client.notes import Notes
from karat_client.parts import Parts
from karat_client.progress import Sink
from karat_client.records import Import
from karat_client.sources import Source
from karat_client.transport import Transport

T = TypeVar("T")


def send(transport: Transport, notes: Notes, dataset_id: str, load: Load, tell: Sink) -> Import:
    """Bring a load to the server; the import that reads it has begun then.

    Raises:
        SourceUnusable: it cannot be read any more, or has changed since.
        ConnectionFailed: the line broke and stayed broken. What has arrived of a large load waits there for a day; the
            same call goes on after it, if it is of files.
    """
    size = load.size
    first, *others = load.sources
    if not others and (size is None or size <= PART_BYTES or not first.again):
        path = "/api/datasets/{dataset_id}/imports"
        query = {"filename": first.name}
        return send_whole(transport, "POST", path, Import, first, tell, query=query, dataset_id=dataset_id)
    return Parts(transport, notes, dataset_id, load, Counter(f"Upload {load.name}", size, tell)).send()


def send_whole(
    transport: Transport,
    method: str,
    path: str,
    into: type[T],
    source: Source,
    tell: Sink,
    *,
    query: Mapping[str, Any] | None = None,
    **ids: Any,
) -> T:
    """A source as one request; when it breaks off, all of it goes again."""
    counter, never = Counter(f"Upload {source.name}", source.size, tell), threading.Event()
    tries = [Counted(counter, never)]

    def pieces() -> Iterator[bytes]:
        counter.add(-tries[-1].n_bytes)
        tries.append(Counted(counter, never))
        return tries[-1].of(source.read(0))

    answer = transport.upload(method, path, into, pieces, query=query, again=source.again, **ids)
    counter.end()
    return answer
