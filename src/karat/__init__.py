"""Karat: raw data in, labels of certified quality out. ARCHITECTURE.md shows the floors of this package."""

__version__ = "0.1.0"
