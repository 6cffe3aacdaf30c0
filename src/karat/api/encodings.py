"""Files that lie ready in several encodings: which one a client gets (RFC 9110, section 12.5.3)."""

from collections.abc import Mapping, Sequence
from mimetypes import guess_type
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse

SUFFIXES = {"br": ".br", "gzip": ".gz"}  # the smaller one first
UNSAID = 1e-6  # how much the file as it is is liked by who says nothing of it: less than anything that is accepted


def choose_encoding(accepted: str, ready: Sequence[str]) -> str | None:
    """The encoding that the client likes best of those that are ready, the first of equals; None for none of them.

    Args:
        accepted: the `Accept-Encoding` of the request. A weight that cannot be read counts as a refusal.
    """
    weights = dict(_weighed(one) for one in accepted.lower().split(","))
    best = max(ready, key=lambda one: _weight_of(one, weights), default=None)
    if best is None or not (weight := _weight_of(best, weights)):
        return None
    return best if weight >= weights.get("identity", UNSAID) else None


def send_file(path: Path, request: Headers, headers: Mapping[str, str]) -> Response:
    """The file, in an encoding that the client accepts if it lies ready in one; 304 where the client has it already.

    A range is always one of the file as it is, so that pieces fit together whoever asked for them.
    """
    ready = [encoding for encoding, suffix in SUFFIXES.items() if _encoded(path, suffix).is_file()]
    encoding = None if "range" in request else choose_encoding(request.get("accept-encoding", ""), ready)
    sent = _encoded(path, SUFFIXES[encoding]) if encoding else path
    response = FileResponse(sent, headers=dict(headers), media_type=guess_type(path.name)[0], stat_result=sent.stat())
    if ready:
        response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
        # Two representations are never the same, whatever their sizes and times are.
        response.headers["ETag"] = f'{response.headers["ETag"][:-1]}-{encoding}"'
    known = [one.strip().removeprefix("W/") for one in request.get("if-none-match", "").split(",")]
    if "*" in known or response.headers["ETag"] in known:
        return NotModifiedResponse(response.headers)
    return response


def _encoded(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _weighed(said: str) -> tuple[str, float]:
    name, _, weight = said.partition(";")
    if not weight:
        return name.strip(), 1.0
    key, _, value = weight.partition("=")
    try:
        found = float(value) if key.strip() == "q" else 0.0
    except ValueError:
        found = 0.0
    return name.strip(), found if 0 <= found <= 1 else 0.0


def _weight_of(encoding: str, weights: Mapping[str, float]) -> float:
    return weights.get(encoding, weights.get("*", 0.0))
