"""Keys, and the record of what happened."""

from datetime import datetime

from karat_client.listing import Listing
from karat_client.records import AuditEntry, Key, MadeKey, Role, Seal
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.wire import given


class Keys(Resource):
    """API keys of programs."""

    def list(self) -> Listing[Key]:
        """All keys, without their secrets."""
        return self._listing("GET", "/api/keys", Key)

    def create(
        self,
        name: str,
        *,
        role: Role = "service",
        test: bool = False,
        scope: str | None = None,
        expires_at: datetime | None = None,
    ) -> MadeKey:
        """Make a key. Its `key` is in this answer and never shown again.

        Args:
            scope: narrows what the role may do; `full` if not given.
            expires_at: when it ends by itself; an aware moment.
        """
        body = given(name=name, role=role, test=test, scope=scope, expires_at=expires_at)
        return self._call("POST", "/api/keys", MadeKey, body=body)

    def revoke(self, key: Ref) -> None:
        """Make a key useless at once."""
        self._call("DELETE", "/api/keys/{key_id}", type(None), key_id=id_of(key))


class Audit(Resource):
    """What happened, in a signed chain."""

    def list(self) -> Listing[AuditEntry]:
        """All entries, newest first."""
        return self._listing("GET", "/api/audit", AuditEntry)

    def checkpoint(self) -> Seal:
        """The newest seal: kept elsewhere, it proves later that nothing was cut off."""
        return self._call("GET", "/api/audit/checkpoint", Seal)
