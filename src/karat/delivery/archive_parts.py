"""The tables of which a project consists, in the order in which they can be written back. Rows of nothing else travel.

What is left out, and why, stands in `LEFT_OUT`; a test holds both to the tables that there are.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_DATASET = "(SELECT dataset_id FROM project WHERE id = $1)"
_VERSIONS = """(SELECT model_version_id FROM prediction WHERE project_id = $1
    UNION SELECT model_version_id FROM routing_round WHERE project_id = $1
    UNION SELECT model_version_id FROM project_model WHERE project_id = $1)"""
_MODELS = f"""(SELECT model_id FROM model_version WHERE id IN {_VERSIONS}
    UNION SELECT model_id FROM project_model WHERE project_id = $1)"""
_ONTOLOGIES = """(SELECT ontology_id FROM ontology_version WHERE id IN (
    SELECT ontology_version_id FROM project WHERE id = $1
    UNION SELECT ontology_version_id FROM submission WHERE project_id = $1))"""


@dataclass(frozen=True)
class Part:
    """The rows of one table.

    Attributes:
        name: of the file, without `.jsonl`.
        spelled: the columns, each as `name:kind`, see `archive_columns.READERS`.
        where: which rows; `$1` is the project.
        order: a key of the table, so that an archive of the same rows is the same.
        said: SQL for a column whose value is not written as it is.
        joined: columns that older archives lack: the format's version since which they are there, and their value before.
    """

    name: str
    table: str
    spelled: str
    where: str = "project_id = $1"
    order: str = "id"
    said: dict[str, str] = field(default_factory=dict)
    joined: dict[str, tuple[int, Any]] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Its name in the archive."""
        return f"{self.name}.jsonl"

    @cached_property
    def columns(self) -> dict[str, str]:
        """The kind of each column, by its name."""
        return dict(one.split(":") for one in self.spelled.split())

    def lacking(self, version: int) -> dict[str, Any]:
        """The columns that an archive of this version of the format has not yet, with their values."""
        return {name: value for name, (since, value) in self.joined.items() if version < since}

    @property
    def query(self) -> str:
        """Its rows."""
        columns = ", ".join(f"{self.said[one]} AS {one}" if one in self.said else f'"{one}"' for one in self.columns)
        return f"SELECT {columns} FROM {self.table} WHERE {self.where} ORDER BY {self.order}"

    @property
    def statement(self) -> str:
        """Writes a row; one that is there already stays. Its parameters are the tenant and the columns."""
        names = ", ".join(f'"{one}"' for one in self.columns)
        places = ", ".join(f"${at}" for at in range(2, len(self.columns) + 2))
        return f"INSERT INTO {self.table} (tenant_id, {names}) VALUES ($1, {places}) ON CONFLICT DO NOTHING"


DATASET = Part("dataset", "dataset", "id:id name:text modality:text created_at:moment", f"id = {_DATASET}")
ASSETS = Part(
    "assets",
    "asset",
    "id:id dataset_id:id external_id:text name:text sha256:bytes media_type:text n_bytes:int width:int height:int"
    " length:int text:text metadata:json created_at:moment",
    f"dataset_id = {_DATASET}",
)
PEOPLE = Part(
    "people",
    "",
    "id:id name:text kind:text judges:bool",
)

PARTS: tuple[Part, ...] = (
    Part(
        "ontology_versions",
        "ontology_version",
        "id:id ontology_id:id version:int kind:text classes:json attributes:json created_at:moment",
        f"ontology_id IN {_ONTOLOGIES}",
    ),
    Part(
        "project",
        "project",
        "id:id name:text dataset_id:id ontology_version_id:id instructions_version:int state:text phase:text"
        " phase_sentence:text phase_said:said target:json simulated:bool created_at:moment",
        "id = $1",
        said={"state": "CASE state WHEN 'finished' THEN state ELSE 'paused' END"},
        joined={"phase_said": (2, [])},
    ),
    Part(
        "instructions",
        "instructions",
        "project_id:id version:int text:text sections:ids created_at:moment",
        order="version",
    ),
    Part(
        "pilot",
        "pilot",
        "project_id:id state:text n_tasks:int overlap:int seed:int learnt:json created_at:moment",
        order="project_id",
    ),
    Part("batches", "batch", "id:id project_id:id number:int purpose:text state:text n_tasks:int created_at:moment"),
    # Work in hand stays where it is: its places are free again.
    Part(
        "tasks",
        "task",
        "id:id project_id:id asset_id:id batch_id:id stage:text priority:int wanted:int taken:int answered:int label:text"
        " annotations:json classes:texts confidence:real created_at:moment updated_at:moment",
        said={"taken": "answered"},
    ),
    Part(
        "assignments",
        "assignment",
        "id:id project_id:id task_id:id user_id:id purpose:text state:text expires_at:moment draft_seq:int reason:text"
        " created_at:moment",
        said={"state": "CASE state WHEN 'held' THEN 'expired' ELSE state END"},
    ),
    Part(
        "submissions",
        "submission",
        "id:id project_id:id task_id:id assignment_id:id user_id:id purpose:text annotations:json ontology_version_id:id"
        " instructions_version:int duration_s:real created_at:moment withdrawn_at:moment",
    ),
    Part(
        "reviews",
        "review",
        "id:id project_id:id task_id:id assignment_id:id submission_id:id user_id:id verdict:text reason:text note:text"
        " annotations:json duration_s:real created_at:moment",
    ),
    Part("models", "model", "id:id name:text adapter:text kind:text created_at:moment", f"id IN {_MODELS}"),
    Part(
        "model_versions",
        "model_version",
        "id:id model_id:id version:int name:text n_trained_on:int labels_sha256:bytes seed:int metrics:ids"
        " created_at:moment",
        f"id IN {_VERSIONS}",
    ),
    Part(
        "project_model",
        "project_model",
        "project_id:id model_id:id model_version_id:id metrics:ids created_at:moment",
        order="project_id",
    ),
    Part(
        "predictions",
        "prediction",
        "task_id:id project_id:id model_version_id:id probabilities:reals said:reals annotations:json",
        order="task_id",
    ),
    Part(
        "beliefs",
        "belief",
        "task_id:id project_id:id posterior:reals gap:real n_answers:int updated_at:moment",
        order="task_id",
    ),
    Part(
        "consensus",
        "consensus",
        "task_id:id project_id:id objects:json agreement:real unsure:int n_answers:int updated_at:moment",
        order="task_id",
    ),
    Part(
        "rounds",
        "routing_round",
        "id:id project_id:id number:int batch_id:id n_human_answers:int n_changed:int expected_error:real"
        " model_version_id:id facts:ids created_at:moment",
    ),
    Part(
        "skills",
        "annotator_skill",
        "project_id:id user_id:id n_answers:int accuracy:real low:real high:real detection:real false_share:real"
        " overlap:real updated_at:moment",
        order="user_id",
    ),
    Part(
        "draws",
        "check_draw",
        "id:id project_id:id attempt:int state:text seed:text alpha:real n_labels:int n_drawn:int labels_sha256:text"
        " upper_bound:real looks:ints created_at:moment",
    ),
    Part(
        "frozen_labels",
        "frozen_label",
        "draw_id:id task_id:id label:text annotations:json position:int reference_label:text reference_annotations:json"
        " loss:real",
        "draw_id IN (SELECT id FROM check_draw WHERE project_id = $1)",
        "draw_id, task_id",
    ),
    Part("certificates", "certificate", "id:id project_id:id draw_id:id document:bytes issued_at:moment"),
)

ALL_PARTS: tuple[Part, ...] = (DATASET, ASSETS, PEOPLE, *PARTS)

# Columns of the tables above that do not travel. `tenant_id` never does.
LEFT_OUT: dict[str, set[str]] = {
    "dataset": {"n_assets", "n_bytes"},  # counted again
    "assignment": {"draft"},  # unfinished work stays with whoever does it
    # How a model is asked may hold secrets, and its file may be somebody else's: what it said travels, it does not.
    "model": {"settings", "header_names", "headers", "tested_at", "test", "error", "error_at"},
    "model_version": {"file_sha256", "n_bytes", "details"},
}

WHO = """SELECT u.id, u.name, u.kind, m.role = ANY($2::text[]) AS judges FROM "user" u
    JOIN membership m ON m.user_id = u.id
    WHERE u.id IN (SELECT user_id FROM assignment WHERE project_id = $1
        UNION SELECT user_id FROM annotator_skill WHERE project_id = $1) ORDER BY u.id"""
HAPPENED = """SELECT id, at, actor_id, action, subject, data, position, encode(sha256, 'hex') AS sha256 FROM audit_entry
    WHERE subject = $1::uuid::text OR data->>'project_id' = $1::uuid::text
        OR subject IN (SELECT id::text FROM task WHERE project_id = $1) ORDER BY id"""
