"""The command line: thin, and the only place that prints.

Machine output (JSON) goes to stdout; progress and errors go to stderr.
"""


def main() -> None:
    """Run the program. Its worker processes import this too, and no more than this."""
    from digitizer.cli.main import main as run

    run()
