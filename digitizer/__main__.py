"""`python -m digitizer` is the command `digitizer`."""

from digitizer.cli import main

main()
