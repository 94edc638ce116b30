import pikepdf
import pytest
from PIL import Image

from digitizer.errors import InputError
from digitizer.imaging.deliver import deliver


def _locked(tmp_path, user, owner="the owner's"):
    path = tmp_path / "locked.pdf"
    Image.effect_noise((400, 500), 60).save(tmp_path / "plain.pdf", resolution=72)
    with pikepdf.open(tmp_path / "plain.pdf") as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user=user, owner=owner))
    return path


def _read(path, tmp_path, *passwords):
    folder = tmp_path / "work"
    folder.mkdir()
    limits = {"dpi": 72, "pages": 5, "pixels": 10**7}
    return list(deliver(str(path), str(folder), **limits, passwords=passwords))


def test_a_locked_pdf_is_opened_with_one_of_the_passwords(tmp_path):
    (page,) = _read(_locked(tmp_path, "schlüssel"), tmp_path, "wrong", "schlüssel")
    assert page["file"]


def test_a_locked_pdf_without_its_password_says_where_to_name_it(tmp_path):
    with pytest.raises(InputError, match=r"encrypted.*intake\.passwords"):
        _read(_locked(tmp_path, "secret"), tmp_path, "wrong")


def test_a_pdf_that_only_its_owner_may_change_just_opens(tmp_path):
    assert _read(_locked(tmp_path, ""), tmp_path)[0]["file"]


def test_a_torn_pdf_gives_the_pages_that_are_left_with_a_warning(tmp_path):
    path = tmp_path / "torn.pdf"
    pages = [Image.effect_noise((400, 500), 60) for _ in range(4)]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=72)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"xref") - 200])
    pages = _read(path, tmp_path)
    assert len(pages) == 4
    assert "missing" in pages[0]["warnings"][0]
