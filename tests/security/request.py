"""One request to the application, in full."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Request:
    """What stands for the path's parameters, and what is sent."""

    params: dict[str, str]
    sent: dict[str, Any]
