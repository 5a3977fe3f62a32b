"""Commented templates of documents: what `… new` writes.

What is empty has to be filled in; an unfilled template is refused with the line and the field.
"""

from __future__ import annotations

from dmo.core.errors import BadInput

_HEAD = """\
---
kind: {kind}
title: ""              # at most 80 characters
lang: {lang}               # BCP 47: en, id, es, zh-Hans …
"""

TEMPLATES: dict[str, str] = {
    "idea": _HEAD
    + """\
objective: awareness   # awareness, perception or demand
audience: [user]       # developer, designer, investor, creator, user, partner
goal:                  # what shall be reached, so that it can be measured
  metric: ""           # what is counted
  baseline: 0          # how much it is now
  target: 0            # how much it shall be
  date: ""             # when it is measured, such as 2027-03-31
# pillar: ""           # the pillar of the brand it stands on
# need: ""             # the need of the project it answers
# builds_on: "3/7"     # an earlier idea: round/number
---

Say what you want to do, why it works for this audience, and what the money is spent on.
""",
    "brief": _HEAD
    + """\
deliverable: ""        # what is handed in
acceptance:            # what it is judged by; be exact, it binds the lead too
  - ""
disclosure: ""         # what has to be said to the audience, such as "paid by …"
---

Say what a worker needs to know: context, tone, links, what to leave out.
""",
    "evidence": _HEAD
    + """\
worker: "{worker}"     # address of the account that submits it
files: []              # or a list:
#  - sha256: …         #   sha2-256 of the file, 64 hexadecimal digits
#    size: 12345       #   in bytes
#    where: https://…  #   where it is found
disclosure: ""         # how it was told that the work is paid
---

Say what was done and where it can be seen, criterion by criterion.
""",
    "reason": _HEAD
    + """\
---

Name the criterion of the brief that is not met, and what would meet it.
""",
    "statement": _HEAD
    + """\
---

Say which verdict is wrong: name the criterion of the brief, and where in the evidence as it was
submitted it is met, or is not. Nothing else counts: no wish that the brief does not name, and no
work that was shown later.
""",
    "lesson": _HEAD
    + """\
result: ""             # what was reached, against the goal
repeat: ""             # what to do again
avoid: ""              # what to do no more
cites: []              # digests or CIDs of documents it rests on
---

Tell the next lead what you would have liked to know.
""",
}


KINDS_OF = {"statement": "reason"}
"""Templates that are not named after the kind of document they make."""


def template(kind: str, *, lang: str = "en", worker: str = "") -> str:
    """A commented template.

    Args:
        kind: idea, brief, evidence, reason, statement (a reason too) or lesson.
        lang: Language of the text, BCP 47.
        worker: Address of the worker, for evidence.

    Raises:
        BadInput: There is no such kind.
    """
    if kind not in TEMPLATES:
        raise BadInput(f"there is no kind {kind[:40]!r}", expected=", ".join(TEMPLATES))
    return TEMPLATES[kind].format(kind=KINDS_OF.get(kind, kind), lang=lang, worker=worker)
