import threading
from pathlib import Path

import pytest

from digitizer.intake.watch import network_mounts, watching


def _mountinfo(*mounts):
    return "\n".join(
        f"{n} 1 0:{n} / {point} rw,relatime shared:1 - {kind} //nas/share rw"
        for n, (point, kind) in enumerate(mounts)
    )


@pytest.mark.parametrize(
    ("mounts", "found"),
    [
        ([("/", "ext4")], []),
        ([("/", "ext4"), ("/srv", "cifs")], ["/srv"]),
        ([("/", "nfs4"), ("/srv/inbox", "xfs")], []),
        ([("/", "ext4"), ("/srv/inbox/ward\\0403", "fuse.sshfs")], ["/srv/inbox/ward 3"]),
        ([("/", "ext4"), ("/srv/inbox", "nfs"), ("/srv/inboxes", "nfs")], ["/srv/inbox"]),
    ],
)
def test_shares_of_other_machines_in_and_around_the_inbox_are_found(mounts, found):
    shares = network_mounts(Path("/srv/inbox"), _mountinfo(*mounts))
    assert [str(share) for share in shares] == found


def test_a_change_deep_in_a_local_inbox_is_told_at_once(tmp_path):
    wake = threading.Event()
    (tmp_path / "ward").mkdir()
    with watching(tmp_path, wake) as told:
        assert told
        (tmp_path / "ward" / "scan.pdf").touch()
        assert wake.wait(5)


def test_an_inbox_that_cannot_be_watched_is_looked_through(tmp_path):
    with watching(tmp_path / "gone", threading.Event()) as told:
        assert not told
