"""What models are asked with."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from karat.jobs import Compute
from karat.models.types import Model, ModelVersion
from karat.outbound import Guard
from karat.storage import Storage

# Of the process that runs uploaded models: they meet what strangers sent, and are nothing but data to us.
MEMORY_BYTES = 12 << 30
CPU_S = 900

MediaUrl = Callable[[UUID, str, str], str]


@dataclass(frozen=True, slots=True)
class Models:
    """The means by which models are asked.

    Attributes:
        key: that headers are sealed with: `derive_key(secret, "models")`.
        compute: a process of its own, so that a slow model holds up no turn of the engine.
        media_url: a whole address for tenant, hash and media type, under which others fetch an asset for some minutes.
    """

    guard: Guard
    key: bytes
    storage: Storage
    compute: Compute
    media_url: MediaUrl


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A model with all that it takes to ask it.

    Attributes:
        version: whose file is run; None where the model itself says which one it is.
        headers: unsealed.
    """

    tenant_id: UUID
    model: Model
    version: ModelVersion | None
    headers: dict[str, str]
