"""The command line: thin, and the only place that prints.

Machine output (JSON) goes to stdout; progress and errors go to stderr.
"""

from digitizer.cli.main import main

__all__ = ["main"]
