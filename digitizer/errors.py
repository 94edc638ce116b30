"""Every error we raise on purpose, sorted by what the caller should do with it.

    DigitizerError
    ├── InputError       the file's fault          → quarantine; a person decides
    ├── TransientError   a fault that passes       → retry with back-off
    ├── ConfigError      the configuration's fault → refuse to start
    └── UsageError       the caller's fault        → say it in one line and exit
        ├── AccessError      this person may not   → note it; log in, or ask who may
        └── OutdatedError    somebody was faster   → show the difference, decide again

A message is one sentence or two for a person: what is wrong, then what to do about it.
It never holds text from a chart.
"""


class DigitizerError(Exception):
    """Anything we report to a person in one line, without a traceback."""


class InputError(DigitizerError):
    """The file itself cannot be digitized: damaged, encrypted, too large, no document."""


class TransientError(DigitizerError):
    """The surroundings failed: disk full, database locked, a killed child. Trying again helps."""


class ConfigError(DigitizerError):
    """config.yaml, a pipeline file or the installation is wrong; nothing is started."""


class UsageError(DigitizerError):
    """A command or a query asks for something that does not exist or cannot be read."""


class AccessError(UsageError):
    """This person may not do that, or has not proved who they are."""


class OutdatedError(UsageError):
    """The chart has changed since the caller looked at it."""
