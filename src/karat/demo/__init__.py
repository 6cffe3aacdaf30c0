"""The main job: ten thousand real digits become certified labels, with simulated people over the ordinary HTTP API."""

from karat.demo.service import run_demo
from karat.demo.types import DemoReport, DemoSettings

__all__ = ["DemoReport", "DemoSettings", "run_demo"]
