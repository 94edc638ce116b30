"""The long-running surface: watches the inbox and works, until it is told to stop."""

from digitizer.daemon.run import Daemon, only_one, persist

__all__ = ["Daemon", "only_one", "persist"]
