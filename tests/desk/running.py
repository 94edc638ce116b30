"""A real desk on a real home: the server process, people who may log in, a browser."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from digitizer.chart.people import Role
from digitizer.config import find_home
from digitizer.operations import users
from digitizer.operations.house import open_house
from digitizer.operations.permit import keeper
from tests.program import PROGRAM, Program

PASSWORD = "correct horse battery"
CHROMIUM = "/usr/bin/chromium"
SHOTS = Path(os.environ.get("SCREENSHOTS") or Path(__file__).with_name("screens"))
"""Where pictures of the screens are kept, of the newest run."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def person(program: Program, name: str, *roles: Role) -> None:
    """Somebody with PASSWORD, who has chosen it themselves."""
    with open_house(find_home(program.home)) as house:
        come = users.add(house, keeper(house), name, frozenset(roles), PASSWORD, now=time.time())
        users.change_password(house, come.user, PASSWORD)


class Address(str):
    """Where a desk is served, and by which process."""

    pid: int


def cpu_milliseconds(address: Address) -> float:
    """What the desk's own process has used so far, user and system; its children not counted."""
    fields = Path(f"/proc/{address.pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


_USUAL_MILLISECONDS = 26.0
"""Of the CPU that limits were set on, for the work of `slowness`."""


def slowness() -> float:
    """How many times slower this machine is just now than that on which limits were set; 1 or more.

    Limits on the CPU are given times this, so that they say the same on a slow machine.
    """
    taken = []
    for _ in range(5):
        before = time.process_time()
        "".join(f"{number * number % 97:03}" for number in range(100_000))
        taken.append(1000 * (time.process_time() - before))
    return max(1.0, min(taken) / _USUAL_MILLISECONDS)


@contextmanager
def serving(program: Program, *, logs: list[str] | None = None) -> Iterator[Address]:
    """The desk's address, as long as the block runs; what it said goes to `logs` at the end."""
    port = free_port()
    command = [PROGRAM, "serve", "--home", program.home, "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if found := re.search(r"The desk is at (\S+)/", line):
                address = Address(found[1])
                address.pid = server.pid
                yield address
                break
        else:
            raise AssertionError("the desk did not start")
    finally:
        server.terminate()
        said = server.communicate(timeout=20)[1]
        if logs is not None:
            logs.append(said)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


def log_in(page: Page, address: str, name: str) -> Page:
    """`name` at the desk."""
    page.goto(f"{address}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    return page


def shot(page: Page, name: str) -> None:
    """Keep a picture of the screen, for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", caret="initial")
