"""Synthetic images with known boxes as a project, and simulated people who draw boxes through the API."""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

from karat.kit import Role
from tests.support.world import Person, World

SIZE = 200
CLASSES = ("cup", "fork")
Box = dict[str, Any]


def box(label_class: str, x: float, y: float, width: float, height: float) -> Box:
    """A box as an annotation."""
    payload = {"label_class": label_class, "x": x, "y": y, "width": width, "height": height}
    return {"kind": "image.box", "payload": payload}


@dataclass(frozen=True)
class Drawer:
    """Somebody who draws boxes with known faults.

    Attributes:
        jitter: standard deviation of each edge, as a share of the box's size.
        missed, false, confused: the chance to miss a thing, to mark something in an image that is not there, and to give
            the other class.
    """

    seed: int
    jitter: float = 0.04
    missed: float = 0.05
    false: float = 0.05
    confused: float = 0.02

    def answer(self, name: str, truth: list[Box]) -> list[Box]:
        """What the person draws: always the same for an image."""
        rng = np.random.default_rng([self.seed, *name.encode()])
        drawn = [self._draw(rng, one["payload"]) for one in truth if rng.random() >= self.missed]
        if rng.random() < self.false:
            drawn.append(random_box(rng))
        return drawn

    def _draw(self, rng: np.random.Generator, there: dict[str, Any]) -> Box:
        moved = rng.normal(0, self.jitter, 4) * np.array([there["width"], there["height"]] * 2)
        left, top = there["x"] + moved[0], there["y"] + moved[1]
        right, bottom = there["x"] + there["width"] + moved[2], there["y"] + there["height"] + moved[3]
        left, right, top, bottom = (float(np.clip(edge, 0, SIZE)) for edge in (left, right, top, bottom))
        other = CLASSES[1 - CLASSES.index(there["label_class"])]
        name = other if rng.random() < self.confused else there["label_class"]
        return box(name, left, top, max(right - left, 1.0), max(bottom - top, 1.0))


def random_box(rng: np.random.Generator) -> Box:
    """A box anywhere in the image."""
    width, height = rng.uniform(20, 60, 2)
    x, y = rng.uniform(0, SIZE - width), rng.uniform(0, SIZE - height)
    return box(CLASSES[int(rng.integers(2))], float(x), float(y), float(width), float(height))


def make_truth(n: int, seed: int = 7) -> dict[str, list[Box]]:
    """None to four boxes in each of `n` images, in places of their own."""
    rng, truth = np.random.default_rng(seed), {}
    for at in range(n):
        corners = rng.permutation([(10, 10), (110, 10), (10, 110), (110, 110)])[: rng.integers(0, 5)]
        truth[f"{at}.png"] = [
            box(
                CLASSES[int(rng.integers(2))],
                *map(float, corner + rng.uniform(0, 15, 2)),
                *rng.uniform(30, 60, 2).tolist(),
            )
            for corner in corners
        ]
    return truth


@dataclass
class BoxProject:
    """A project whose boxes are known here."""

    world: World
    project: dict[str, Any]
    truth: dict[str, list[Box]]
    seen: list[dict[str, Any]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/api/projects/{self.project['id']}"

    async def overview(self) -> dict[str, Any]:
        return dict(await self.world.owner.get(f"{self.path}/overview"))

    async def take(self, person: Person, purpose: str = "label", count: int = 10) -> list[dict[str, Any]]:
        """Tasks for the person; what was shown is kept in `seen`."""
        taken = (await person.post(f"{self.path}/next", {"count": count, "purpose": purpose}))["items"]
        self.seen += taken
        return list(taken)

    async def submit(self, person: Person, work: dict[str, Any], annotations: list[Box]) -> None:
        body = {
            "submission_id": str(uuid4()),
            "annotations": annotations,
            "ontology_version_id": work["ontology_version_id"],
            "instructions_version": work["instructions_version"],
            "duration_s": 1.0,
        }
        await person.post(f"/api/assignments/{work['assignment_id']}/submission", body)

    async def work(self, person: Person, boxes_of: Any, *, purpose: str = "label") -> int:
        """Let the person answer what there is; how many that was."""
        done = 0
        while taken := await self.take(person, purpose):
            for work in taken:
                await self.submit(person, work, boxes_of(work["asset"]["name"]))
                done += 1
        return done

    async def review(self, person: Person, **verdict: Any) -> int:
        """Fix what is in review, or decide as told; how many that was."""
        taken = await self.take(person, "review")
        for work in taken:
            fix = {"verdict": "fix", "annotations": self.truth[work["asset"]["name"]], "reason": "wrong_place"}
            body = {"review_id": str(uuid4()), "duration_s": 1.0, **(verdict or fix)}
            await person.post(f"/api/assignments/{work['assignment_id']}/review", body)
        return len(taken)

    async def run(self, crowd: list[tuple[Person, Drawer]], *, most_turns: int = 60) -> dict[str, Any]:
        """Work turn by turn until the project is certified; the last overview."""
        for _ in range(most_turns):
            await self.world.drain()
            state = await self.overview()
            if state["phase"] == "certified":
                return state
            for person, who in crowd:
                await self.work(person, lambda name, who=who: who.answer(name, self.truth[name]))
            await self.review(self.world.reviewer)
            await self.work(self.world.reviewer, self.truth.__getitem__, purpose="check")
        raise AssertionError(f"not certified: {state['phase']}: {state['phase_sentence']}")

    async def export(self, form: str) -> bytes:
        """The file of an export."""
        export = await self.world.owner.post(f"{self.path}/exports", {"format": form})
        await self.world.drain()
        return (await self.world.owner.call("GET", f"/api/exports/{export['id']}/file")).content

    async def certificate(self, state: dict[str, Any]) -> bytes:
        """The signed file."""
        path = f"/api/certificates/{state['error']['certificate_id']}/file"
        return (await self.world.owner.call("GET", path)).content


async def make_box_project(world: World, n: int, **target: Any) -> BoxProject:
    """A project over `n` images of noise in which boxes are said to be."""
    truth, rng = make_truth(n), np.random.default_rng(3)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in truth:
            image = np.full((SIZE, SIZE), int(rng.integers(256)), np.uint8)
            image[:8, :8] = rng.integers(0, 256, (8, 8))
            archive.writestr(name, cv2.imencode(".png", image)[1].tobytes())
    dataset = await world.owner.post("/api/datasets", {"name": "Boxes", "modality": "image"})
    path = f"/api/datasets/{dataset['id']}/imports?filename=boxes.zip"
    await world.owner.post(path, content=stream.getvalue())
    await world.drain()
    new = {
        "name": "Boxes",
        "dataset_id": dataset["id"],
        "kind": "image.box",
        "classes": [{"name": name} for name in CLASSES],
        "target": target,
        "simulated": True,
    }
    project = await world.owner.post("/api/projects", new)
    await world.drain()
    return BoxProject(world, await world.owner.get(f"/api/projects/{project['id']}"), truth)


async def make_drawers(world: World, *drawers: Drawer) -> list[tuple[Person, Drawer]]:
    """Members of the tenant who draw as told."""
    return [(await world.another(Role.ANNOTATOR, kind="simulated"), one) for one in drawers]
