"""Models of your own: brought, tried, given to projects."""

from collections.abc import Mapping

from karat_client.listing import Listing
from karat_client.loads import OneFile, one_file
from karat_client.progress import Wanted, sink_of
from karat_client.records import (
    AdapterView,
    HttpSettings,
    LabelStudioSettings,
    Model,
    ModelTest,
    ModelVersion,
    OnnxSettings,
    ProjectModel,
)
from karat_client.resources.base import Ref, Resource, id_of
from karat_client.sending import send_whole
from karat_client.wire import given

AnySettings = OnnxSettings | HttpSettings | LabelStudioSettings


class Models(Resource):
    """What labels first. `client.predictions` has what models say."""

    def adapters(self) -> tuple[AdapterView, ...]:
        """The ways in which a model can be asked, each with the JSON schema of its settings."""
        return self._call("GET", "/api/model-adapters", tuple[AdapterView, ...])

    def list(self) -> Listing[Model]:
        """All models, newest first; also those that learn here."""
        return self._listing("GET", "/api/models", Model)

    def get(self, model: Ref) -> Model:
        """One model, with its newest version, its latest test and its last error."""
        return self._call("GET", "/api/models/{model_id}", Model, model_id=id_of(model))

    def create(self, name: str, kind: str, settings: AnySettings, *, headers: Mapping[str, str] | None = None) -> Model:
        """Register a model.

        Args:
            kind: of annotation that it proposes: `image.class`, `image.box` …
            settings: `OnnxSettings()` for a file that `upload` brings next; `HttpSettings(url=…)` for a server that speaks
                Karat's protocol, `LabelStudioSettings(url=…)` for one that speaks Label Studio's.
            headers: sent with every request to it, `Authorization` say. Kept encrypted, never shown again.

        Raises:
            Invalid: the settings do not fit, or this server does not go to the address; `faults` say what to do.
        """
        body = given(name=name, kind=kind, settings=settings, headers=dict(headers) if headers else None)
        return self._call("POST", "/api/models", Model, body=body)

    def change(
        self,
        model: Ref,
        *,
        name: str | None = None,
        settings: AnySettings | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Model:
        """Change what is given; settings are given whole. A new address wants the headers again; `{}` takes them away."""
        body = given(name=name, settings=settings, headers=None if headers is None else dict(headers))
        return self._call("PATCH", "/api/models/{model_id}", Model, body=body, model_id=id_of(model))

    def delete(self, model: Ref) -> None:
        """Forget a model.

        Raises:
            Conflict: projects, tasks or the record of labels refer to it.
        """
        self._call("DELETE", "/api/models/{model_id}", type(None), model_id=id_of(model))

    def upload(
        self, model: Ref, source: OneFile, *, version: str | None = None, progress: Wanted = False
    ) -> ModelVersion:
        """Bring an ONNX file as the model's newest version; it is judged before it becomes one.

        Args:
            source: the path of the file, its bytes, or an open file.
            version: what you call it; no two versions of a model are called the same.

        Raises:
            Invalid: it is no model that can be asked; `faults` say why, and how to export it.
        """
        path = "/api/models/{model_id}/versions"
        file, query = one_file(source, "model.onnx"), {"name": version}
        tell = sink_of(progress)
        ids = {"model_id": id_of(model)}
        return send_whole(self._transport, "POST", path, ModelVersion, file, tell, query=query, **ids)

    def versions(self, model: Ref) -> Listing[ModelVersion]:
        """The versions of a model, newest first."""
        return self._listing("GET", "/api/models/{model_id}/versions", ModelVersion, model_id=id_of(model))

    def test(
        self, model: Ref, *, project: Ref | None = None, version: Ref | None = None, n_assets: int = 10
    ) -> ModelTest:
        """Try a model: is it there, what does it say about some assets, how fast, and what stands in the way.

        Args:
            project: whose question and assets; without one it is only seen whether the model is there.
            n_assets: asked about one by one; up to 50.

        Returns:
            `ok`, or `faults` that say exactly what is wrong. It is kept with the model.
        """
        body = given(
            project_id=None if project is None else id_of(project),
            version_id=None if version is None else id_of(version),
            n=n_assets,
        )
        return self._call("POST", "/api/models/{model_id}/test", ModelTest, body=body, model_id=id_of(model))

    def of_project(self, project: Ref) -> ProjectModel:
        """The model of a project, how good people find it, and for how many tasks it has predicted."""
        return self._call("GET", "/api/projects/{project_id}/model", ProjectModel, project_id=id_of(project))

    def use(self, project: Ref, model: Ref, *, version: Ref | None = None, predict: bool = True) -> ProjectModel:
        """Make a model the project's, in the place of the one that learns here.

        Args:
            version: one that stays; without it, always the newest.
            predict: ask it about all open tasks now; `predictions.wait(answer.run)` waits for that.
        """
        body = given(model_id=id_of(model), version_id=None if version is None else id_of(version), predict=predict)
        path = "/api/projects/{project_id}/model"
        return self._call("PUT", path, ProjectModel, body=body, project_id=id_of(project))

    def stop_using(self, project: Ref) -> None:
        """Let the project have the model that learns here again."""
        self._call("DELETE", "/api/projects/{project_id}/model", type(None), project_id=id_of(project))
