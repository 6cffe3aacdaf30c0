"""How a model is asked: the settings of each adapter that has some. `adapters` holds what is done with them."""

from typing import Annotated, Literal

from pydantic import Field

from karat.kit import Record

Url = Annotated[str, Field(min_length=1, max_length=2000)]
ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class Common(Record):
    """What every model's settings have.

    Attributes:
        class_map: names of the project's classes by the model's own; what is not listed is matched by name.
        max_objects: of one asset, the surest first; the rest is left out and told.
    """

    class_map: dict[ClassName, ClassName] = Field(default_factory=dict, max_length=10_000)
    max_objects: int = Field(default=300, ge=1, le=5000)


class OnnxInput(Record):
    """How an image becomes the model's input. What is left out is read from the shape of the input.

    Attributes:
        name: of the input, where the model has several.
        layout: order of the dimensions: channels before or after height and width.
        resize: `stretch` to the size; `letterbox` keeps the proportions and fills up; `crop` keeps them and cuts.
        scale: what pixel values 0 … 255 are multiplied by, before the mean is taken off and the rest divided by `std`.
            Inputs of whole numbers get the pixels as they are.
        pad: pixel value that fills up.
    """

    name: str | None = Field(default=None, max_length=200)
    width: int | None = Field(default=None, ge=1, le=8192)
    height: int | None = Field(default=None, ge=1, le=8192)
    layout: Literal["nchw", "nhwc"] | None = None
    colors: Literal["rgb", "bgr", "gray"] | None = None
    resize: Literal["stretch", "letterbox", "crop"] = "stretch"
    scale: float = Field(default=1 / 255, gt=0, le=1000, allow_inf_nan=False)
    mean: list[float] = Field(default_factory=list, max_length=4)
    std: list[Annotated[float, Field(gt=0)]] = Field(default_factory=list, max_length=4)
    pad: int = Field(default=114, ge=0, le=255)


class OnnxOutput(Record):
    """How the model's outputs are read. What is left out is inferred from their number and shapes.

    Attributes:
        class_names: in the order of the outputs, or of the numbers in `labels`.
        activation: what makes probabilities of the scores of classes: nothing, or softmax; `auto` sees whether they are.
        boxes, scores, labels: names of outputs of a detector that has one for each.
        layout: `separate` as above; `yolo` is one output of box and a score per class (YOLO v8 and later); `rows` is one
            of x1, y1, x2, y2, score, class.
        box: what the four numbers of a box are.
        units: pixels of the input, or shares of it.
        min_score: weaker objects are left out.
        max_overlap: of two boxes of one class that overlap more, the weaker is left out; 1 keeps all.
    """

    class_names: list[ClassName] | None = Field(default=None, max_length=10_000)
    activation: Literal["auto", "softmax", "none"] = "auto"
    boxes: str | None = Field(default=None, max_length=200)
    scores: str | None = Field(default=None, max_length=200)
    labels: str | None = Field(default=None, max_length=200)
    layout: Literal["separate", "yolo", "rows"] | None = None
    box: Literal["xyxy", "xywh", "cxcywh"] | None = None
    units: Literal["pixels", "shares"] = "pixels"
    first_label: int = Field(default=0, ge=0, le=1)
    min_score: float = Field(default=0.25, ge=0, le=1)
    max_overlap: float = Field(default=0.7, gt=0, le=1)


class OnnxSettings(Common):
    """A model that is an ONNX file, and runs here, on the processor."""

    adapter: Literal["onnx"] = "onnx"
    input: OnnxInput = OnnxInput()
    output: OnnxOutput = OnnxOutput()
    batch_size: int = Field(default=8, ge=1, le=256)
    timeout_s: float = Field(default=60, ge=1, le=600)


class RemoteSettings(Common):
    """A model that is asked over HTTP.

    Attributes:
        batch_size: assets in one request.
        concurrency: requests at once.
        timeout_s: of one request.
        attempts: of one request, when the server is not there, slow or busy.
    """

    url: Url
    batch_size: int = Field(default=8, ge=1, le=256)
    concurrency: int = Field(default=2, ge=1, le=16)
    timeout_s: float = Field(default=30, ge=0.1, le=600)
    attempts: int = Field(default=3, ge=1, le=10)


class HttpSettings(RemoteSettings):
    """A model that speaks Karat's own protocol: docs/reference/model-protocol.md."""

    adapter: Literal["http"] = "http"


class LabelStudioSettings(RemoteSettings):
    """A model that speaks the protocol of Label Studio's ML backends.

    Attributes:
        media: `link` sends a signed link to an image, which the backend fetches from this server within minutes;
            `inline` the image itself as a data URI.
        bare_score: how sure a choice counts that comes without a score.
    """

    adapter: Literal["label-studio"] = "label-studio"
    media: Literal["link", "inline"] = "link"
    bare_score: float = Field(default=0.5, gt=0, lt=1)


AnySettings = Annotated[OnnxSettings | HttpSettings | LabelStudioSettings, Field(discriminator="adapter")]
