"""The configuration: one commented YAML file, typed, and checked whole before anything starts."""

from digitizer.config.home import Home, find_home
from digitizer.config.settings import Settings, load_settings

__all__ = ["Home", "Settings", "find_home", "load_settings"]
