"""The base of every record that crosses a door."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen record. Unknown fields are refused, so a request cannot smuggle one in."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")
