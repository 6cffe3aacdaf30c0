"""The operator's side of the demo over HTTP, with nothing that another client could not do."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from karat.quality import Overview

POLL_S = 0.3
WAITING = ("queued", "running")

Progress = Callable[[int | None], None]


class Operator:
    """Calls the API with the owner's key."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=60, headers={"Authorization": f"Bearer {key}"})

    async def __aenter__(self) -> "Operator":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        """The body of an answer."""
        response = await self._http.get(path)
        response.raise_for_status()
        return response.json()

    async def post(self, path: str, body: Any = None, content: bytes | None = None) -> Any:
        """The body of an answer."""
        response = await self._http.post(path, json=body, content=content)
        response.raise_for_status()
        return response.json()

    async def import_zip(self, name: str, content: bytes, progress: Progress) -> tuple[str, dict[str, Any]]:
        """A new dataset of images from a ZIP: its id, and the finished import."""
        dataset = await self.post("/api/datasets", {"name": name, "modality": "image"})
        started = await self.post(f"/api/datasets/{dataset['id']}/imports?filename=digits.zip", content=content)
        while started["state"] in WAITING:
            progress(started["rows_read"])
            await asyncio.sleep(POLL_S)
            started = await self.get(f"/api/imports/{started['id']}")
        return str(dataset["id"]), dict(started)

    async def overview(self, project_id: UUID) -> Overview:
        """How the project is going."""
        return Overview.model_validate(await self.get(f"/api/projects/{project_id}/overview"))

    async def failed_job(self, project_id: UUID) -> dict[str, Any] | None:
        """A job of the project that will not end well by itself."""
        jobs = (await self.get(f"/api/jobs?subject_id={project_id}&limit=20"))["items"]
        return next((job for job in jobs if job["state"] == "failed" or job["attempts"] > 3), None)

    async def export_labels(self, project_id: UUID, target: Path, progress: Progress) -> dict[str, str]:
        """Write all labels to a file; the label of each asset by its name."""
        export = await self.post(f"/api/projects/{project_id}/exports", {"format": "karat-jsonl"})
        while export["state"] in WAITING:
            progress(export["n_labels"])
            await asyncio.sleep(POLL_S)
            export = await self.get(f"/api/exports/{export['id']}")
        target.write_bytes(await self.download(f"/api/exports/{export['id']}/file"))
        lines = [json.loads(line) for line in target.read_bytes().splitlines()]
        return {line["name"]: line["annotations"][0]["payload"]["label_class"] for line in lines}

    async def download(self, path: str) -> bytes:
        """The bytes of a file."""
        response = await self._http.get(path)
        response.raise_for_status()
        return response.content
