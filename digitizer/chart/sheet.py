r"""What the bar codes on our cover and separator sheets say, and how they are written.

    payload   = "DGZ1|" kind *( "|" field )
    kind      = "cover" | "separator"
    field     = ("mrn" | "enc" | "type") "=" value

A value is in percent-encoding, so that it has no "|" or "=" and nothing but printable ASCII: any
bar code format can carry it. A reader passes over fields that it does not know; the "1" changes
when that would be wrong. There is no name in it: a bar code lost on a desk tells no one's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

COVER, SEPARATOR = "cover", "separator"
MARK = "DGZ1"
_FIELDS = {"mrn": "mrn", "enc": "encounter", "type": "doc_type"}
LONGEST_FIELD = 64  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A cover or separator sheet; `kind` is COVER or SEPARATOR. What it does not say is `None`."""

    kind: str = SEPARATOR
    mrn: str | None = None
    encounter: str | None = None
    doc_type: str | None = None

    @property
    def payload(self) -> str:
        """What its bar code carries."""
        said = [(key, getattr(self, name)) for key, name in _FIELDS.items()]
        fields = [f"{key}={quote(value, safe='')}" for key, value in said if value]
        return "|".join((MARK, self.kind, *fields))


def sheet_of(value: str) -> Sheet | None:
    """The sheet whose payload `value` is; `None` where it is not one of ours."""
    mark, _, rest = value.partition("|")
    kind, *fields = rest.split("|")
    if mark != MARK or kind not in (COVER, SEPARATOR):
        return None
    pairs = (field.partition("=") for field in fields)
    said = {_FIELDS[key]: _clean(text) for key, _, text in pairs if key in _FIELDS}
    return Sheet(kind=kind, **said) if kind == COVER else Sheet(kind=kind)


def _clean(text: str) -> str | None:
    value = unquote(text).strip()
    return value if value.isprintable() and 0 < len(value) <= LONGEST_FIELD else None
