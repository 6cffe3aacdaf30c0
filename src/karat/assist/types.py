"""What a project's model is, and predictions on their way, as they travel."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from karat.jobs import JobState
from karat.kit import Record
from karat.models import Model, ModelVersion


class BindModel(Record):
    """Which model a project shall have.

    Attributes:
        version_id: a version that stays; None takes the newest, whenever the model is asked.
        predict: ask it about all open tasks now.
    """

    model_id: UUID
    version_id: UUID | None = None
    predict: bool = True


class PredictionSource(StrEnum):
    """Where predictions come from."""

    MODEL = "model"
    FILE = "file"


class PredictionRun(Record):
    """A model that is asked about tasks, or a file of predictions that is read, and how far it is.

    Attributes:
        name: of the model, or of the file.
        model_version_id: of what was said last; a file, or a model that is renewed meanwhile, can bring several.
        n_total: open tasks; None of a file until it was read.
        n_done: tasks asked about, or rows read.
        n_predicted: of them that have a prediction now.
        n_faults: what could not be taken; each is told with its place and reason.
        job_id: cancel it, or have it tried again, by `/api/jobs`; it goes on after the last whole step.
    """

    id: UUID
    project_id: UUID
    model_id: UUID | None
    model_version_id: UUID | None
    job_id: UUID | None
    source: PredictionSource
    name: str
    state: JobState
    n_total: int | None
    n_done: int
    n_predicted: int
    n_faults: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None


class ProjectModel(Record):
    """The model of a project.

    Attributes:
        version: the one that was chosen to stay; None where the newest counts.
        accuracy, calibration_error: against what people said about the same tasks, out of fold; None before enough is
            known, and for kinds of objects.
        n_compared: tasks behind these figures.
        n_predicted, n_open: open tasks that have a prediction, and all of them.
        run: the newest.
    """

    model: Model
    version: ModelVersion | None
    accuracy: float | None
    calibration_error: float | None
    n_compared: int
    n_predicted: int
    n_open: int
    run: PredictionRun | None


class NewRun(Record):
    """What a project's model shall be asked.

    Attributes:
        only_new: leave out tasks about which this model has said something already.
    """

    only_new: bool = False


class ModelTrial(Record):
    """What a model is tried on.

    Attributes:
        project_id: whose question and assets; without one it is only seen whether the model is there.
        n: assets, one by one.
    """

    project_id: UUID | None = None
    version_id: UUID | None = None
    n: int = Field(default=10, ge=1, le=50)


class RowAnnotation(Record):
    """An object in a row of a file."""

    kind: str | None = None
    payload: dict[str, Any]
    score: float = Field(ge=0, le=1, allow_inf_nan=False)


class PredictedRow(Record):
    """One line of a file of predictions.

    Attributes:
        external_id, asset_id: of the asset; one of the two.
        model, version: that said it; else those of the import.
        probabilities: of the label classes, by name; or `label_class` and how sure that is; or `annotations`.
    """

    external_id: str | None = Field(default=None, max_length=2000)
    asset_id: UUID | None = None
    model: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"\S")
    version: str | None = Field(default=None, min_length=1, max_length=200)
    probabilities: dict[str, float] | None = Field(default=None, max_length=10_000)
    label_class: str | None = Field(default=None, max_length=200)
    score: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False)
    annotations: list[RowAnnotation] | None = Field(default=None, max_length=100_000)
