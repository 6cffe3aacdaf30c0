"""The settings, read once at start and passed in."""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, SecretStr

from karat.kit import Record


class Settings(Record):
    """How this Karat runs. Every field can be set by the environment variable `KARAT_` + its name in capitals."""

    data_dir: Path = Field(default=Path("karat-data"), description="Database, media and keys of the embedded mode.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8484, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    database_url: str | None = Field(
        default=None, description="PostgreSQL 17 or newer to use instead of the embedded one."
    )
    postgres_bin: Path | None = Field(default=None, description="Folder of PostgreSQL binaries for the embedded mode.")
    public_url: str | None = Field(
        default=None,
        description="Where browsers reach the server, if not http://host:port; https:// makes cookies secure.",
    )
    pool_size: int = Field(
        default=24, ge=20, le=500, description="Database connections of this process at most; its jobs need up to 16."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Reverse proxies of your own in front of the server; each adds to X-Forwarded-For where it was asked from.",
    )
    session_hours: int = Field(default=336, ge=1, le=8760, description="How long somebody stays signed in at most.")
    session_idle_hours: int = Field(
        default=72, ge=1, le=8760, description="How long somebody stays signed in without doing anything."
    )
    lease_seconds: int = Field(default=300, ge=5, le=86400, description="How long a claimed task is held.")
    media_url_seconds: int = Field(default=300, ge=30, le=300, description="How long a media link is valid.")
    max_upload_bytes: int = Field(default=4 << 30, description="Largest file that an import takes.")
    outbound_allow: str | None = Field(
        default=None,
        description="Hosts and networks beyond the public internet to which this server may connect for its users, "
        "separated by commas: `models.lan`, `10.0.0.0/8`, `minio:9000`.",
    )
    outbound_reach: str = Field(
        default="public",
        pattern="^(public|listed)$",
        description="Whether users may name public hosts, or only those that `KARAT_OUTBOUND_ALLOW` lists.",
    )
    upgrade_backup: str = Field(
        default="yes",
        pattern="^(yes|no)$",
        description="Keep the rows of data of an earlier version in `backups/` before they are brought to this one.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="Token that a scraper of `/metrics` sends as `Authorization: Bearer …`; without it there is no such page.",
    )
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$", description="How much is logged.")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> "Settings":
        """Settings from the environment; what is passed and is not None wins."""
        env = os.environ if environ is None else environ
        found = {name: env[f"KARAT_{name.upper()}"] for name in cls.model_fields if f"KARAT_{name.upper()}" in env}
        return cls.model_validate(found | {name: value for name, value in overrides.items() if value is not None})
