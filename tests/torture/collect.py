"""What became of each drop of a torture plan, asked of the product by its own commands only.

The plan is a JSON file: `{"cases": [{"id", "op", "name_b64", "sha256", …}]}`; `OUTCOMES` is
`{id: {"outcome", "reason", "text", "sha256_found", "peak_rss_mb", "codes"}}`.
"""

import base64
import hashlib
import json
from pathlib import Path

from tests.program import Program

_FROM_GOOD_TO_BAD = (
    "digitized",
    "digitized_with_warning",
    "duplicate",
    "ignored",
    "quarantined",
)
_TAKEN_AWAY = ("replace_midway", "delete_after")


def collect(program: Program, cases: list[dict], peak_mb: float, scratch: Path) -> dict[str, dict]:
    """One outcome for each case."""
    files = program.json("status")["files"]
    program("export", "--format", "json", "--out", str(scratch / "export"))
    exported = [json.loads(p.read_text()) for p in sorted((scratch / "export").glob("*.json"))]
    by_hash = {one["sha256"]: one for one in exported if one["documents"]}
    held = {sha: holds(program, sha, scratch) for sha in {f["sha256"] for f in files} if sha}
    held |= {sha: True for sha in _still_lying(program.inbox)}
    return {
        case["id"]: {**_outcome(case, files, by_hash, held), "peak_rss_mb": round(peak_mb)}
        for case in cases
    }


def holds(program: Program, sha256: str, scratch: Path) -> bool:
    """Whether the product gives the original back, byte by byte."""
    out = scratch / "original"
    out.unlink(missing_ok=True)
    done = program.run("original", sha256, "--out", str(out))
    return done.returncode == 0 and hashlib.sha256(out.read_bytes()).hexdigest() == sha256


def _still_lying(inbox: Path) -> set[str]:
    """The hashes of what was left where it lies."""
    files = [path for path in inbox.rglob("*") if path.is_file() and not path.is_symlink()]
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _outcome(case: dict, files: list[dict], by_hash: dict, held: dict[str, bool]) -> dict:
    mine = [file for file in files if _is_of(case, base64.b64decode(file["name_b64"]))]
    same_bytes = [file for file in mine if file["sha256"] == case.get("sha256")]
    mine = same_bytes or mine
    exports = [by_hash[file["sha256"]] for file in mine if file["sha256"] in by_hash]
    documents = [document for one in exports for document in one["documents"]]
    worst = max((file["state"] for file in mine), key=_rank, default="untouched")
    return {
        "outcome": worst,
        "reason": "; ".join(file["reason"] for file in mine if file["state"] == worst),
        "text": "\n".join(page["text"] for d in documents for page in d["pages"]),
        "sha256_found": _found(case, held),
        "codes": [code["code"] for document in documents for code in document["codes"]],
    }


def _found(case: dict, held: dict[str, bool]) -> bool | None:
    """Whether the original is there; `None` where the case's own writer took it away again."""
    sha256 = case.get("sha256")
    if not sha256 or (case["op"] in _TAKEN_AWAY and sha256 not in held):
        return None
    return held.get(sha256, False)


def _rank(state: str) -> int:
    return _FROM_GOOD_TO_BAD.index(state) if state in _FROM_GOOD_TO_BAD else len(_FROM_GOOD_TO_BAD)


def _is_of(case: dict, name: bytes) -> bool:
    if case["op"] == "dir":
        return name.startswith(base64.b64decode(case["name_b64"]) + b"/")
    if case["op"] == "rename_after":
        return name == case["rename"].encode()
    if case["op"] == "many":
        before, _, after = case["name"].partition("%04d")
        return name.startswith(before.encode()) and name.endswith(after.encode())
    return name == base64.b64decode(case["name_b64"])
