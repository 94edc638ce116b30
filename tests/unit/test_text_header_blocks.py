"""Headers of our own in a hundred layouts: few may stay unread, hardly any may be read wrongly."""

import pytest

from tests.accuracy import headers


@pytest.mark.parametrize("half", [headers.TUNE, headers.KEPT])
def test_hardly_a_header_is_read_wrongly(half):
    counted = headers.counts(half)
    wrong = {field: headers.wrong(counted, field, half) for field in ("name", "dob", "mrn")}
    assert max(wrong.values()) <= headers.MOST_WRONG
    assert min(headers.recall(counted, field) for field in wrong) > 0.8
