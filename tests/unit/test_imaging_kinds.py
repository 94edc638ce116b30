"""Files are told apart by what is in them, and a refusal says what to do."""

import pytest

from digitizer.errors import InputError
from digitizer.imaging.kinds import Kind, kind_of_bytes


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", Kind.PDF),
        (b"\x1b%-12345X@PJL junk of a print queue\r\n%PDF-1.4\n", Kind.PDF),
        (b"II*\x00\x08\x00", Kind.TIFF),
        (b"MM\x00*\x00\x00", Kind.TIFF),
        (b"\xff\xd8\xff\xe1rest", Kind.JPEG),
        (b"\x89PNG\r\n\x1a\n....", Kind.PNG),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Kind.JPEG2000),
        (b"\xff\x4f\xff\x51\x00", Kind.JPEG2000),
    ],
)
def test_a_kind_is_known_by_its_first_bytes(head, kind):
    assert kind_of_bytes(head) is kind


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 [Content_Types].xml", "Office"),
        (b"\n<!DOCTYPE html><html>502 Bad Gateway</html>", "HTML"),
        (b"GIF89a", "GIF"),
        (b"<?xml version='1.0'?><ClinicalDocument/>", "XML"),
        (b"\x00" * 4096, "zeros"),
        (b"Dear colleague,\r\n", "text"),
        (bytes(range(1, 256)) * 10, "corrupt"),
    ],
)
def test_what_is_no_document_is_refused_by_its_likeness(head, word):
    with pytest.raises(InputError, match=word):
        kind_of_bytes(head)
