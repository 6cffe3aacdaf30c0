"""Models as they travel, what they are asked, and what they say."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from karat.kit import Fault, Record
from karat.modalities import Media, Vocabulary
from karat.models.settings import AnySettings

Name = Field(min_length=1, max_length=200, pattern=r"\S")
HeaderText = dict[str, str]


class NewModel(Record):
    """A model to register.

    Attributes:
        kind: of annotation that it proposes.
        headers: sent with every request to a model that is asked over HTTP, `Authorization` say. Sealed, never shown again.
    """

    name: str = Name
    kind: str = Field(max_length=100)
    settings: AnySettings
    headers: HeaderText | None = Field(default=None, max_length=20)


class ModelChange(Record):
    """What of a model shall be otherwise; what is left out stays. Settings are given whole."""

    name: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    settings: AnySettings | None = None
    headers: HeaderText | None = Field(default=None, max_length=20)


class TensorInfo(Record):
    """An input or output of an ONNX model; a dimension is a number, a name where any length goes, or unknown."""

    name: str
    type: str
    shape: list[int | str | None]


class OnnxDetails(Record):
    """What an uploaded file says of itself.

    Attributes:
        opset: of the standard operators.
        class_names: that the file brings along, in the order of its outputs.
    """

    producer: str
    opset: int
    n_nodes: int
    inputs: list[TensorInfo]
    outputs: list[TensorInfo]
    class_names: list[str] | None = None


class ModelVersion(Record):
    """One version of a model; every prediction names the one that made it.

    Attributes:
        version: counted from 1.
        name: what its makers call it, where they do.
        file_sha256, n_bytes: of an uploaded file.
        n_trained_on: answers of this installation's people that it learned from.
    """

    id: UUID
    model_id: UUID
    version: int
    name: str | None
    file_sha256: str | None
    n_bytes: int | None
    details: OnnxDetails | None
    n_trained_on: int
    created_at: datetime


class TestStep(Record):
    """One thing that was tried; `ok` is None where it did not come to that."""

    name: str
    ok: bool | None
    message: str


class Latency(Record):
    """How long one asset takes, asked alone, in seconds; of `n` assets."""

    n: int
    p50_s: float
    p95_s: float


class ClassMatch(Record):
    """How the model's classes and the project's meet.

    Attributes:
        matched: the project's class by the model's.
        only_model: classes of the model that the project does not have; what it says of them is left out.
        only_project: classes of the project that the model cannot give.
    """

    matched: dict[str, str]
    only_model: list[str]
    only_project: list[str]


class Sample(Record):
    """What the model said about one asset of a test."""

    asset_id: UUID
    name: str
    duration_s: float
    probabilities: dict[str, float] | None
    annotations: list[dict[str, Any]] | None
    faults: list[Fault]


class ModelTest(Record):
    """What came of trying a model.

    Attributes:
        faults: what stands in the way, each with its fix; none when all is well.
    """

    ok: bool
    steps: list[TestStep]
    latency: Latency | None = None
    classes: ClassMatch | None = None
    samples: list[Sample] = Field(default_factory=list)
    faults: list[Fault] = Field(default_factory=list)


class Model(Record):
    """A model that the tenant has.

    Attributes:
        adapter: how it is asked; one of `/api/model-adapters`.
        kind: of annotation that it proposes; None of models that learn here, which take their project's.
        settings: None for models that have none.
        header_names: of what is sent along; the values are never shown.
        latest: its newest version.
        n_projects: that have it as their model.
        n_predictions: that it was asked for or that were imported; while there are any, or projects, it cannot be deleted.
        test: the latest one.
        error: what went wrong last, also when later attempts were good: `error_at` says when.
    """

    id: UUID
    name: str
    adapter: str
    kind: str | None
    settings: AnySettings | None
    header_names: list[str]
    latest: ModelVersion | None
    n_projects: int
    n_predictions: int
    tested_at: datetime | None
    test: ModelTest | None
    error: Fault | None
    error_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: for annotations of one kind, with these label classes.

    Attributes:
        for_people: people finish what the model proposes, so attributes that are required may be missing from it.
    """

    kind: str
    classes: tuple[str, ...]
    vocabulary: Vocabulary
    for_people: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """An asset as a model gets it.

    Attributes:
        key: by which answers name it.
        text: of a text; `content` are the bytes of anything else.
        url: signed, where the content can be fetched for some minutes.
    """

    key: str
    media: Media
    text: str | None = None
    content: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """One thing that a model sees: the payload of the question's kind, not judged yet, and a score."""

    payload: dict[str, Any]
    score: float


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says about one asset: probabilities by class, or objects; or neither, and why.

    Attributes:
        faults: what of the answer could not be taken.
    """

    probabilities: dict[str, float] | None = None
    objects: list[Object] | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model says about some assets, in their order, and what it calls its version."""

    said: list[Said]
    version: str | None = None
