"""The child side of `digitizer.work.sandbox`: limits first, then the one function asked for.

Speaks JSON lines. In: the first line names function, arguments and limits; each further line asks
for one more thing. Out: `{"item": …}`, `{"error": kind, "message": …}` or `{"end": true}`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from digitizer.errors import DigitizerError
from digitizer.work.parent import end_with_parent
from digitizer.work.rlimits import limit_cpu, limit_size


def main() -> None:
    """Read the call from stdin, and answer on what was stdout; anything else printed is dropped."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    call = json.loads(sys.stdin.readline())
    end_with_parent()
    limits = call["limits"]
    limit_cpu(limits["cpu_seconds"])
    limit_size(memory=limits["memory_bytes"], file=limits["file_bytes"])
    items = _answers(call["function"], call["arguments"])
    for _request in sys.stdin:
        answer = next(items)
        _say(answers, answer)
        if "item" not in answer:
            return


def _answers(function: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What to say to each request; the last one is an error or the end."""
    try:
        module, _, name = function.partition(":")
        for item in getattr(importlib.import_module(module), name)(**arguments):
            yield {"item": item}
    except DigitizerError as error:
        yield {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        yield {
            "error": "InputError",
            "message": "it is too large: reading it takes more memory than limits.memory_mib "
            "allows; scan at a lower resolution or split it",
        }
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything in its reader
        spot = traceback.extract_tb(error.__traceback__)[-1]
        yield {
            "error": "InputError",
            "message": f"it is corrupt or of an unsupported kind ({type(error).__name__} in "
            f"{Path(spot.filename).name}:{spot.lineno}): scan the paper again, or print the file "
            "to a new PDF and drop that",
        }
    yield {"end": True}


def _say(answers: TextIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
