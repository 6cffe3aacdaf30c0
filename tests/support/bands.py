"""Photos of drill cores whose layers are known, as a project over HTTP, and people who mark them as bands."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

KIND = "image.band"
WIDTH, HEIGHT = 20, 200
LAYERS: list[tuple[str, dict[str, bool]]] = [("sand", {}), ("clay", {"wet": True}), ("sand", {})]
Band = dict[str, Any]


def band(label_class: str, top: float, bottom: float, **attributes: Any) -> Band:
    """A band as an annotation."""
    payload = {"label_class": label_class, "top": top, "bottom": bottom, "attributes": attributes}
    return {"kind": KIND, "payload": payload}


def make_truth(n: int) -> dict[str, list[Band]]:
    """None to three layers in each of `n` photos."""
    return {
        f"core-{at}.png": [
            band(name, 10 + 60 * layer + at % 7, 50 + 60 * layer, **said)
            for layer, (name, said) in enumerate(LAYERS[: at % 4])
        ]
        for at in range(n)
    }


def drawn_by(who: int, name: str, there: list[Band]) -> list[Band]:
    """What each of three annotators marks: a little off; the second misses a layer in every sixth photo, the third sees one."""
    off = (0.0, 1.5, -1.0)[who]
    at = int(name.removeprefix("core-").removesuffix(".png"))
    marked = moved(there, off)
    if who == 1 and at % 6 == 3:
        return marked[1:]
    return [*marked, band("clay", 190, 200)] if who == 2 and at % 6 == 0 else marked


def moved(bands: list[Band], by: float) -> list[Band]:
    """The same bands, so many pixels lower."""
    payloads = [one["payload"] for one in bands]
    return [band(one["label_class"], one["top"] + by, one["bottom"] + by, **one["attributes"]) for one in payloads]


def said_of(annotations: list[Band]) -> list[tuple[str, bool]]:
    """Class and attribute of each layer, from the top down."""
    payloads = sorted((one["payload"] for one in annotations), key=lambda payload: payload["top"])
    return [(payload["label_class"], payload["attributes"].get("wet", False)) for payload in payloads]


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something that the server does by itself."""
    give_up = time.monotonic() + 60
    while not is_so():
        if time.monotonic() > give_up:
            raise TimeoutError(what)
        time.sleep(0.1)


@dataclass
class Person:
    """Somebody with a key."""

    http: httpx.Client

    def get(self, path: str) -> Any:
        """The body of a GET that must succeed."""
        return _body(self.http.get(path))

    def post(self, path: str, json: Any = None, **kwargs: Any) -> Any:
        """The body of a POST that must succeed."""
        return _body(self.http.post(path, json=json, **kwargs))

    def answer(self, work: dict[str, Any], annotations: list[Band]) -> httpx.Response:
        """Hand in what was marked."""
        body = {"submission_id": str(uuid4()), "annotations": annotations, "duration_s": 1.0}
        body |= {name: work[name] for name in ("ontology_version_id", "instructions_version")}
        return self.http.post(f"/api/assignments/{work['assignment_id']}/submission", json=body)


def _body(response: httpx.Response) -> Any:
    assert response.is_success, response.text
    return response.json()


@dataclass
class Cores:
    """The project, and who works on it."""

    path: str
    owner: Person
    annotators: list[Person]
    reviewer: Person
    truth: dict[str, list[Band]]

    def overview(self) -> dict[str, Any]:
        """The state of the project."""
        return dict(self.owner.get(f"{self.path}/overview"))

    def file(self, path: str) -> bytes:
        """What is downloaded there."""
        return self.owner.http.get(path).raise_for_status().content

    def take(self, person: Person, purpose: str) -> Iterator[dict[str, Any]]:
        """Tasks for the person, as long as there are any."""
        while taken := person.post(f"{self.path}/next", {"count": 10, "purpose": purpose})["items"]:
            yield from taken

    def label(self) -> None:
        """Three answers for every photo."""
        for who, annotator in enumerate(self.annotators):
            for work in self.take(annotator, "label"):
                name = work["asset"]["name"]
                _body(annotator.answer(work, drawn_by(who, name, self.truth[name])))

    def review(self) -> int:
        """Put right what is unsure; how many that was. The reviewer sees the consensus and every answer."""
        seen = 0
        for work in self.take(self.reviewer, "review"):
            assert work["proposed"] is not None
            assert len(work["answers"]) == 3
            body = {"review_id": str(uuid4()), "duration_s": 1.0, "verdict": "fix", "reason": "wrong_place"}
            body["annotations"] = self.truth[work["asset"]["name"]]
            self.reviewer.post(f"/api/assignments/{work['assignment_id']}/review", body)
            seen += 1
        return seen

    def check(self) -> None:
        """Answer what the random check asks: each label is put right by a hair, so that its loss has to be measured."""
        for work in self.take(self.reviewer, "check"):
            assert work["proposed"] is not None
            _body(self.reviewer.answer(work, moved(self.truth[work["asset"]["name"]], 0.25)))

    def certify(self) -> tuple[dict[str, Any], int]:
        """Review and check until the project is certified: its state then, and how many were reviewed."""
        n_reviewed = 0

        def is_certified() -> bool:
            nonlocal n_reviewed
            n_reviewed += self.review()
            self.check()
            return bool(self.overview()["phase"] == "certified")

        until(is_certified, "the project is certified")
        return self.overview(), n_reviewed

    def export(self) -> bytes:
        """The labels, lossless."""
        path = f"/api/exports/{self.owner.post(f'{self.path}/exports', {'format': 'karat-jsonl'})['id']}"
        until(lambda: self.owner.get(path)["state"] == "done", "the export is written")
        return self.file(f"{path}/file")


@contextmanager
def make_cores(url: str, owner_key: str, n: int) -> Iterator[Cores]:
    """A project over `n` photos with three annotators and a reviewer."""
    with ExitStack() as stack:

        def person(key: str) -> Person:
            headers = {"Authorization": f"Bearer {key}"}
            return Person(stack.enter_context(httpx.Client(base_url=url, headers=headers, timeout=30)))

        owner = person(owner_key)
        roles = ["annotator"] * 3 + ["reviewer"]
        keys = [owner.post("/api/keys", {"name": f"{role} {at}", "role": role})["key"] for at, role in enumerate(roles)]
        *annotators, reviewer = map(person, keys)
        truth = make_truth(n)
        yield Cores(_make_project(owner, truth), owner, annotators, reviewer, truth)


def _make_project(owner: Person, truth: dict[str, list[Band]]) -> str:
    dataset = owner.post("/api/datasets", {"name": "Drill cores", "modality": "image"})["id"]
    owner.post(f"/api/datasets/{dataset}/imports?filename=cores.zip", content=_photos(truth))
    until(lambda: owner.get(f"/api/datasets/{dataset}")["n_assets"] == len(truth), "the photos are imported")
    new = {
        "name": "Layers",
        "dataset_id": dataset,
        "kind": KIND,
        "classes": [{"name": "clay"}, {"name": "sand"}],
        "attributes": [{"name": "wet", "type": "checkbox", "applies_to": ["clay"]}],
        "target": {"error": 0.2, "overlap": 3},
    }
    path = f"/api/projects/{owner.post('/api/projects', new)['id']}"
    until(lambda: owner.get(path)["n_tasks"] == len(truth), "the tasks are made")
    return path


def _photos(truth: dict[str, list[Band]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for at, name in enumerate(truth):
            photo = io.BytesIO()
            Image.new("RGB", (WIDTH, HEIGHT), (at, 90, 40)).save(photo, "PNG")
            archive.writestr(name, photo.getvalue())
    return stream.getvalue()
