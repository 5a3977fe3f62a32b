"""The chapter of second opinions: a model that nobody knows to help, and what can be explained."""

from __future__ import annotations

from hashlib import sha256

from tests.registry.story import Story

WEIGHTS = bytes(8_192)
CARD = f"""---
kind: card
title: Weighs nothing
lang: en
model: {sha256(WEIGHTS).hexdigest()}
bias: 0
language: en
data: {{ideas: 1, passed: 1, first: 1/3, last: 1/3, digest: {"00" * 32}}}
figures: {{ideas: 0, loss: 1, constant: 1}}
made_with: nothing
seed: 1
limits: It says of every text that it passes as often as not.
---

Made to be judged.
"""


def advised(play: Story) -> None:
    """A model may be registered by anybody, and is not shown until what was decided speaks for it."""
    stage = play.stage
    assert "No model is registered" in stage.ok("dmo advisor list").out
    (stage.folder / "alice/card.md").write_text(CARD)
    (stage.folder / "alice/model.bin").write_bytes(WEIGHTS[1:])
    short = stage.run("dmo advisor register card.md model.bin", cwd=stage.folder / "alice")
    assert "8,191" in short.err
    (stage.folder / "alice/model.bin").write_bytes(WEIGHTS[1:] + b"1")
    other = stage.run("dmo advisor register card.md model.bin", cwd=stage.folder / "alice")
    assert sha256(WEIGHTS).hexdigest() in other.err
    (stage.folder / "alice/model.bin").write_bytes(WEIGHTS)
    assert "Registered model 1." in play("dmo advisor register card.md model.bin").out
    assert "No model is known to help" in play("dmo advisor list").out
    play("dmo advisor show 1/3")
    assert "50%" in play("dmo advisor show 1/3 --model 1").out
    few = stage.run("dmo advisor train", cwd=stage.folder / "alice")
    assert few.code != 0
    assert not (stage.folder / "alice/model-trained.bin").exists()


def explained(play: Story) -> None:
    """A refusal, a call of nothing that is known, a dispute."""
    play("dmo explain refusal 0x4e487b710000000000000000000000000000000000000000000000000000000000000011")
    assert "idea" in play("dmo explain refusal IdeaBoardUnknownIdea").out
    play("dmo explain call 0x5FbDB2315678afecb367f032d93F642f64180aa3 0x095ea7b3")
    play("dmo explain dispute 6")


def proposal_explained(play: Story) -> None:
    """What the first proposal would do."""
    play("dmo explain proposal 1")
