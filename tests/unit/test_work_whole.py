import io
import os

import pytest
from PIL import Image

from digitizer.work.whole import cut_off


def _cut_off(tmp_path, content):
    path = tmp_path / "scan"
    path.write_bytes(content)
    with path.open("rb") as file:
        return cut_off(file.fileno())


def _image(form, **options):
    out = io.BytesIO()
    Image.effect_noise((60, 80), 40).save(out, form, **options)
    return out.getvalue()


_KINDS = {
    "pdf": _image("PDF"),
    "png": _image("PNG"),
    "jpeg": _image("JPEG"),
    "tiff": _image("TIFF", save_all=True, append_images=[Image.new("L", (60, 80))] * 3),
    "bigtiff": _image("TIFF", big_tiff=True, compression="raw"),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_a_whole_file_is_whole_and_half_of_it_is_cut_off(tmp_path, kind):
    content = _KINDS[kind]
    assert not _cut_off(tmp_path, content)
    assert not _cut_off(tmp_path, content + bytes(40))
    assert _cut_off(tmp_path, content[: len(content) // 2])


def test_a_tiff_whose_last_page_is_not_all_there_is_cut_off(tmp_path):
    assert _cut_off(tmp_path, _KINDS["tiff"][:-100])


def test_an_empty_file_is_cut_off_and_a_note_is_whole(tmp_path):
    assert _cut_off(tmp_path, b"")
    assert not _cut_off(tmp_path, b"seen today")


def test_a_tiff_whose_directories_bite_their_own_tail_comes_to_an_end(tmp_path):
    loop = b"II*\0" + (8).to_bytes(4, "little") + bytes(2) + (8).to_bytes(4, "little") + bytes(9)
    assert not _cut_off(tmp_path, loop)


@pytest.mark.parametrize("seed", range(40))
def test_no_bytes_at_all_make_it_fail(tmp_path, seed):
    heads = (b"II*\0", b"MM\0*", b"II+\0", b"%PDF", b"\xff\xd8\xff")
    content = heads[seed % len(heads)] + os.urandom(seed)
    assert _cut_off(tmp_path, content) in (True, False)
