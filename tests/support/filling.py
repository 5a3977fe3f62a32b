"""Templates of documents, filled in with whatever their fields take."""

from __future__ import annotations

DIGEST = "ab" * 32
ALL = {
    **{"date": "2027-01-01", "about": "3/7", "begins": "2027-01-01", "name": "logo.png"},
    **dict.fromkeys(("sha256", "model", "digest", "plan"), DIGEST),
    **{"first": "1/1", "last": "1/1", "language": "en", "replication": "1", " e": "1", "shown": "1"},
}
"""By the field's name; a blank before a name that others end with."""


def filled_in(text: str, kind: str, worker: str) -> str:
    """A template without gaps."""
    account = f'"{worker}"'
    more = {
        "asset": {'# alt: ""': 'alt: ""'},
        "referral": {
            **{'escrow: ""': f"escrow: {account}", '  - ""': f"  - {account}"},
            **{'price: ""': 'price: "1"', 'pot: ""': 'pot: "1"', 'ends: ""': "ends: 2027-02-01"},
        },
        "finding": {'  - ""': f"  - {DIGEST}"},
    }
    gaps = {**more.get(kind, {}), **{f'{name}: ""': f"{name}: {value}" for name, value in ALL.items()}, '""': '"some"'}
    for gap, value in gaps.items():
        text = text.replace(gap, value)
    return text
