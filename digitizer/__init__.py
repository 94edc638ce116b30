"""Turns paper medical charts into searchable, coded records."""

__version__ = "0.1.0"
