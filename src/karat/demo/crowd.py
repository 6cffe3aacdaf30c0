"""Simulated people at work: they call `next` and submit over HTTP like anybody else.

An annotator errs by their own confusions; an expert, who reviews and checks, answers with the label that is known.
"""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import httpx

from karat.demo.digits import CLASSES, asset_index
from karat.quality.simulated_people import SimulatedPerson

TASKS_AT_ONCE = 5
PAUSE_S = 0.25


class Worker:
    """One simulated person with an API key."""

    def __init__(self, http: httpx.AsyncClient, key: str, project_id: str, truth: Sequence[int]) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}"}
        self._project_id = project_id
        self._truth = truth

    async def annotate(self, person: SimulatedPerson, seed: int) -> None:
        """Label until cancelled."""
        while True:
            for work in await self._next("label"):
                index = asset_index(work["asset"]["name"])
                label = person.answer(work["asset"]["name"], self._truth[index], seed)
                await self._submit(work, label)

    async def check(self) -> None:
        """Review and check with the known labels until cancelled."""
        while True:
            for work in await self._next("check"):
                await self._submit(work, self._truth[asset_index(work["asset"]["name"])])
            for work in await self._next("review"):
                await self._review(work, self._truth[asset_index(work["asset"]["name"])])

    async def _next(self, purpose: str) -> list[dict[str, Any]]:
        answer = await self._post(
            f"/api/projects/{self._project_id}/next", {"count": TASKS_AT_ONCE, "purpose": purpose}
        )
        items: list[dict[str, Any]] = answer["items"]
        if not items:
            await asyncio.sleep(PAUSE_S)
        return items

    async def _submit(self, work: dict[str, Any], label: int) -> None:
        body = {
            "submission_id": str(uuid4()),
            "annotations": [_annotation(label)],
            "ontology_version_id": work["ontology_version_id"],
            "instructions_version": work["instructions_version"],
            "duration_s": 0.0,
        }
        await self._post(f"/api/assignments/{work['assignment_id']}/submission", body)

    async def _review(self, work: dict[str, Any], label: int) -> None:
        body: dict[str, Any] = {"review_id": str(uuid4()), "duration_s": 0.0}
        right = [one for one in work["answers"] if one["annotations"] == [_annotation(label)]]
        if right:
            body |= {"verdict": "accept", "submission_id": right[0]["submission_id"]}
        else:
            body |= {"verdict": "fix", "annotations": [_annotation(label)], "reason": "wrong_class"}
        await self._post(f"/api/assignments/{work['assignment_id']}/review", body)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A request that is repeated while the server says that trying again can help."""
        while True:
            response = await self._http.post(path, json=body, headers=self._headers)
            if response.status_code < 400:
                found: dict[str, Any] = response.json()
                return found
            if not response.json().get("retryable"):
                response.raise_for_status()
            await asyncio.sleep(PAUSE_S)


def _annotation(label: int) -> dict[str, Any]:
    return {"kind": "image.class", "payload": {"label_class": CLASSES[label]}}
