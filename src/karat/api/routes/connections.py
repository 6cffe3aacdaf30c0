"""HTTP doors of connected buckets."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from karat.access.doors import CreateOnce, Db, SignedIn, authenticate_briefly
from karat.kit import Caller, Cursor, Limit, Page
from karat.storage import Buckets, connections
from karat.storage.connection_types import Connection, ConnectionChange, ConnectionTest, NewConnection

router = APIRouter(prefix="/api", tags=["connections"])

Key = Annotated[str | None, Query(description="An object to read; else the first of the list.", max_length=1024)]


async def open_buckets(request: Request) -> Buckets:
    """The connected buckets of the running application."""
    buckets: Buckets = request.app.state.buckets
    return buckets


Opened = Annotated[Buckets, Depends(open_buckets)]
Briefly = Annotated[Caller, Depends(authenticate_briefly)]


@router.get("/connections")
async def list_connections(db: Db, caller: SignedIn, cursor: Cursor = None, limit: Limit = 50) -> Page[Connection]:
    """Connected buckets, newest first. What they are opened with is never shown."""
    return await connections.list_connections(db, caller, cursor, limit)


@router.post("/connections", status_code=201)
async def create_connection(
    body: NewConnection, db: Db, caller: SignedIn, buckets: Opened, once: CreateOnce
) -> Connection:
    """Connect a bucket of S3, Google or Azure."""
    if once.repeated:
        return await connections.get_connection(db, caller, once.id)
    return await connections.create_connection(db, caller, buckets, body, once.id)


@router.post("/connection-tests")
async def try_new_connection(body: NewConnection, caller: Briefly, buckets: Opened, key: Key = None) -> ConnectionTest:
    """Ask a bucket before connecting it: lists it, reads one byte, and says exactly what stands in the way."""
    return await connections.try_new_connection(caller, buckets, body, key)


@router.get("/connections/{connection_id}")
async def get_connection(connection_id: UUID, db: Db, caller: SignedIn) -> Connection:
    """One connected bucket."""
    return await connections.get_connection(db, caller, connection_id)


@router.patch("/connections/{connection_id}")
async def change_connection(
    connection_id: UUID, body: ConnectionChange, db: Db, caller: SignedIn, buckets: Opened
) -> Connection:
    """Change what is given. A new endpoint wants the credentials again."""
    return await connections.change_connection(db, caller, buckets, connection_id, body)


@router.delete("/connections/{connection_id}", status_code=204)
async def delete_connection(connection_id: UUID, db: Db, caller: SignedIn) -> None:
    """Forget a connection; refused while assets lie in its bucket. The bucket itself is not touched."""
    await connections.delete_connection(db, caller, connection_id)


@router.post("/connections/{connection_id}/test")
async def try_connection(
    connection_id: UUID,
    request: Request,
    caller: Briefly,
    buckets: Opened,
    change: ConnectionChange | None = None,
    key: Key = None,
) -> ConnectionTest:
    """Ask the bucket now; what came of it is kept with the connection. With a change as the body, it is asked as if that
    were made already, and nothing is kept.
    """
    return await connections.try_connection(request.app.state.database, caller, buckets, connection_id, key, change)
