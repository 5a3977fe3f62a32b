"""The chapter of needs and content: what holders miss, what is said in one voice, and by whom."""

from __future__ import annotations

from dmo.core.calls import make_call
from tests.registry.story import Story
from tests.support import voice
from tests.support.advised import CARD
from tests.support.content import BRAND, CLAIMS, PLAN

CORE = 7
LINES = {
    "brand": "why: To guide\nhow: With care\nwhat: A harbour\ndisclosure: Paid by Harbour\n",
    "pillar": "promise: It is safe\nproof: [the light]\n",
    "objective": "objective: awareness\nwhy: nobody knows it\n",
    "goal": "goal: {metric: readers, baseline: 0, target: 100, date: 2027-06-30}\n",
    "claim": "says: The light is seen for ten miles\nproof: [measured]\n",
    "programme": "dates: [{date: 2027-03-31, title: Open house}]\n",
    "need": "audience: [user]\nmissing: a map\nmet_when: there is one\n",
}


def heard(play: Story) -> None:
    """A steward who may, a stranger who may not, and needs that are answered."""
    stage, manager = play.stage, play.stage.dmo.address("AccessManager")

    def write(kind: str, title: str, who: str = "erin") -> None:
        text = voice.paper(kind, title, LINES[kind]).raw
        (stage.folder / who / f"{kind}.md").write_bytes(text)

    for kind in LINES:
        write(kind, f"The {kind}")
    stranger = stage.run("dmo brand add brand brand.md", "erin", cwd=stage.folder / "erin")
    assert stranger.code == 1
    for role in (BRAND, PLAN, CLAIMS, CORE):
        stage.govern(make_call("AccessManager", manager, "grantRole", [role, stage.address("erin"), 0], "Grant"))

    assert "as entry 1." in play("dmo brand add brand brand.md", "erin").out
    assert "as entry 2." in play("dmo plan add objective objective.md", "erin").out
    play("dmo plan add goal goal.md --under 2 --until 2027-12-31", "erin")
    play("dmo claim add claim.md --until 2027-12-31", "erin")
    play("dmo brand add pillar pillar.md --under 1", "erin")
    wrong = stage.run("dmo brand add pillar brand.md --under 1", "erin", cwd=stage.folder / "erin")
    assert "the document is of the kind brand" in wrong.err
    for kind in ("brand", "objective", "claim"):
        write(kind, f"The {kind}, better")
    play("dmo brand revise 1 brand.md", "erin")
    play("dmo plan revise 2 objective.md", "erin")
    assert "It holds until 2027-12-31" in play("dmo claim revise 4 claim.md", "erin").out
    for command in ("dmo plan retire 3", "dmo claim retire 4", "dmo brand retire 5"):
        play(command, "erin")

    piece = voice.piece("logo.png", voice.LOGO, "image/png", "a lamp that burns")
    for who, title in (("alice", "The logo"), ("bob", "The logo at night")):
        (stage.folder / who / "asset.md").write_bytes(voice.asset(title, "CC-BY-4.0", piece).raw)
    play("dmo asset add asset.md --term attribution --term derivatives")
    play("dmo asset add asset.md --from 1 --term attribution", "bob")
    play("dmo asset endorse 1", "erin")
    play("dmo asset endorse 1 no", "erin")
    play("dmo asset retire 2", "bob")

    for title in ("A map", "A bell"):
        write("need", title, "alice")
        play("dmo need post need.md")
    again = stage.run("dmo need post need.md", cwd=stage.folder / "alice")
    assert "the very same text is need 2 already" in again.err
    play("dmo need back 1:60% 2:40%")
    play("dmo need back")
    play("dmo need answer 1 planned --eta 2027-03-31 --effort 20", "erin")
    play("dmo need answer 2 merged --reason 1", "erin")

    play("dmo document new brand brand.md --lang es", "carol")
    play("dmo document new plan", "carol")
    for noun in ("plan show", "claim list", "asset list", "need list"):
        for command in (f"dmo {noun}", f"dmo {noun} --all"):
            play(command)
    play("dmo lesson list")
    play("dmo lesson list --channel radio --audience user --objective demand")
    for command in ("dmo brand show", "dmo asset show 1", "dmo need show 1"):
        play(command)
    mine = stage.folder / "alice"
    voice.laid_out(voice.lamp(), mine)
    (mine / "assets").mkdir()
    for name, raw in {"logo": voice.LOGO, "seal": b"s"}.items():
        (mine / "assets" / name).write_bytes(raw)
    play("dmo kit make kit --book brandbook.json --files assets")
    play("dmo kit check kit")
    play("dmo kit make own --files assets")
    play.write("alice", "idea.md", "idea", "Harbour lights")
    play("dmo idea lint idea.md", code=1)
    play("dmo document review idea.md", code=1)
    play("dmo idea lint idea.md --book brandbook.json", code=1)
    play("dmo idea like idea.md")
    (mine / "idea.md").unlink()
    (mine / "programme.md").write_bytes(voice.paper("programme", "Spring", LINES["programme"]).raw)
    play("dmo programme calendar programme.md")
    play("dmo digest")
    play("dmo digest --out digests --lang es")

    (mine / "model.bin").write_bytes(bytes(8_192))
    (mine / "card.md").write_text(CARD)
    assert "too few to learn from" in play("dmo advisor train", code=2).err
    assert "Registered model 1." in play("dmo advisor register card.md model.bin").out
    assert "No model is known to help" in play("dmo advisor list").out
