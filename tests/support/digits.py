"""Some of the sample digits as a project, and simulated people who work on it through the API."""

import asyncio
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from karat.kit import Role
from karat.quality.simulated_people import SimulatedPerson, make_people
from tests.support.world import Person, World

SAMPLE = Path(__file__).parents[2] / "samples" / "mnist_t10k" / "mnist_t10k.npz"
NAMES = tuple("0123456789")


@dataclass
class DigitProject:
    """A project over the first digits of the sample, whose labels are known here."""

    world: World
    project: dict[str, Any]
    truth: dict[str, int]

    @property
    def path(self) -> str:
        return f"/api/projects/{self.project['id']}"

    async def overview(self) -> dict[str, Any]:
        return dict(await self.world.owner.get(f"{self.path}/overview"))

    async def work(self, person: Person, label_of: Any, *, purpose: str = "label", most: int = 10_000) -> int:
        """Let the person answer what there is; how many that was."""
        done = 0
        while done < most:
            taken = await person.post(f"{self.path}/next", {"count": 10, "purpose": purpose})
            if not taken["items"]:
                break
            for work in taken["items"]:
                label = label_of(work["asset"]["name"])
                body = {
                    "submission_id": str(uuid4()),
                    "annotations": [{"kind": "image.class", "payload": {"label_class": NAMES[label]}}],
                    "ontology_version_id": work["ontology_version_id"],
                    "instructions_version": work["instructions_version"],
                    "duration_s": 1.0,
                }
                await person.post(f"/api/assignments/{work['assignment_id']}/submission", body)
                done += 1
        return done

    async def review(self, person: Person) -> int:
        """Accept what is right among the answers, fix the rest; how many that was."""
        taken = await person.post(f"{self.path}/next", {"count": 10, "purpose": "review"})
        for work in taken["items"]:
            truth = NAMES[self.truth[work["asset"]["name"]]]
            right = [one for one in work["answers"] if one["annotations"][0]["payload"]["label_class"] == truth]
            body: dict[str, Any] = {"review_id": str(uuid4()), "duration_s": 1.0}
            if right:
                body |= {"verdict": "accept", "submission_id": right[0]["submission_id"]}
            else:
                annotations = [{"kind": "image.class", "payload": {"label_class": truth}}]
                body |= {"verdict": "fix", "annotations": annotations, "reason": "wrong_class"}
            await person.post(f"/api/assignments/{work['assignment_id']}/review", body)
        return len(taken["items"])

    async def run(self, crowd: list[tuple[Person, SimulatedPerson]], *, most_turns: int = 200) -> dict[str, Any]:
        """Work turn by turn until the project is certified; the last overview."""
        for _ in range(most_turns):
            await self.world.drain()
            state = await self.overview()
            if state["phase"] == "certified":
                return state
            at_once = [
                self.work(person, lambda name, who=who: who.answer(name, self.truth[name], 0), most=10)
                for person, who in crowd
            ]
            await asyncio.gather(*at_once)
            await self.review(self.world.reviewer)
            await self.work(self.world.reviewer, self.truth.__getitem__, purpose="check")
        raise AssertionError(f"not certified: {state['phase']}: {state['phase_sentence']}")


async def make_digit_project(world: World, n: int, **target: Any) -> DigitProject:
    """A project over the first `n` digits."""
    with np.load(SAMPLE) as data:
        images, labels = data["images"][:n], data["labels"][:n]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for index, image in enumerate(images):
            archive.writestr(f"{index}.png", cv2.imencode(".png", image)[1].tobytes())
    dataset = await world.owner.post("/api/datasets", {"name": "Digits", "modality": "image"})
    path = f"/api/datasets/{dataset['id']}/imports?filename=digits.zip"
    await world.owner.post(path, content=stream.getvalue())
    new = {
        "name": "Digits",
        "dataset_id": dataset["id"],
        "kind": "image.class",
        "classes": [{"name": name} for name in NAMES],
        "target": target,
        "simulated": True,
    }
    await world.drain()
    project = await world.owner.post("/api/projects", new)
    await world.drain()
    project = await world.owner.get(f"/api/projects/{project['id']}")
    return DigitProject(world, project, {f"{index}.png": int(label) for index, label in enumerate(labels)})


async def make_crowd(world: World, *error_rates: float) -> list[tuple[Person, SimulatedPerson]]:
    """Members of the tenant who err as told."""
    people = make_people(error_rates)
    return [(await world.another(Role.ANNOTATOR, kind="simulated"), person) for person in people]
