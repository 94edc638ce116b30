"""A thick chart can be searched from its first page on, while the rest is being read."""

import pytest

from tests import scans
from tests.program import Program, kill, wait_for

PAGES = 200


@pytest.mark.slow
def test_the_first_page_of_200_is_found_while_the_others_are_being_read(tmp_path):
    program = Program(tmp_path / "charts")
    others = scans.page(("Continued on the next page.",)).convert("1")
    chart = [scans.page().convert("1"), *[others] * (PAGES - 1)]
    daemon = program.start()
    try:
        scans.tiff(tmp_path / "thick.tif", chart).rename(program.inbox / "thick.tif")
        wait_for(lambda: program.json("search", "hypertension")["hits"])
        (hit,) = program.json("search", "hypertension")["hits"]
        (file,) = program.json("status")["files"]
        assert (hit["source"], hit["page"], file["state"]) == ("thick.tif", 1, "running")
    finally:
        kill(daemon)
