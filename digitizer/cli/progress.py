"""Shows on the terminal what the daemon is doing: a live line a file, and one line at its end."""

from __future__ import annotations

import threading
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from digitizer.operations.progress import Arrived, Event, Finished, PageRead, Rebuilding, Trouble

_COLOURS = {
    "digitized": "green",
    "digitized_with_warning": "yellow",
    "quarantined": "red",
    "retrying": "yellow",
}


class Printer:
    """Prints events on stderr; safe to use from several threads."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed} pages read"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._guard = threading.Lock()
        self._tenth = 0

    def __enter__(self) -> Printer:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Print a line as it is."""
        self._console.print(line, markup=False)

    def show(self, event: Event) -> None:
        """Print what an event says to a person."""
        with self._guard:
            match event:
                case Arrived(state="duplicate"):
                    self.say(f"duplicate: {event.source}")
                case Arrived():
                    self.say(f"arrived: {event.source}")
                case PageRead():
                    self._page_read(event)
                case Finished():
                    self._finished(event)
                case Trouble():
                    self._console.print(f"[red]trouble:[/] {escape(event.message)}")
                case Rebuilding():
                    self._rebuilding(event)

    def _rebuilding(self, event: Rebuilding) -> None:
        """A line at every tenth part."""
        tenth = event.done * 10 // max(event.pages, 1)
        if tenth != self._tenth or not event.done:
            self.say(f"building the search index anew: {event.done} of {event.pages} pages")
        self._tenth = tenth

    def _page_read(self, event: PageRead) -> None:
        if event.source not in self._tasks:
            self._tasks[event.source] = self._progress.add_task(escape(event.source), total=None)
        self._progress.update(self._tasks[event.source], advance=1)
        if not self._console.is_terminal:
            self.say(f"page {event.number} of {event.source}: {event.kind}")

    def _finished(self, event: Finished) -> None:
        task = self._tasks.pop(event.source, None)
        if task is not None:
            self._progress.remove_task(task)
        colour = _COLOURS.get(event.outcome, "white")
        facts = (
            f" ({event.pages} pages, {event.documents} documents, {event.suggestions} codes "
            f"suggested, {event.seconds:.0f} s)"
            if event.pages
            else ""
        )
        reason = f": {event.reason}" if event.reason else ""
        self._console.print(f"[{colour}]{event.outcome}[/] {escape(event.source + facts + reason)}")
