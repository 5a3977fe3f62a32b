"""The chapters of growth: an experiment, the prizes of a season paid by a drop; then referrals of a campaign."""

from __future__ import annotations

import datetime

from tests.registry.story import Story
from tests.support import voice
from tests.support.cli_chain import DAY
from tests.support.prizes import by_the_treasury

PLAN = "metric: signs up\narms: [control, other]\nbegins: {}\nblock: 1\norder: time, id\nstops_at: 20\nmost_blocks: 9\n"
REFERRAL = """campaign: 1
chain_id: {chain_id}
escrow: "{escrow}"
begins: {begins}
ends: {ends}
sources: ["{escrow}"]
first_round: 1
round_seconds: 86400
token_decimals: 18
paid_decimals: 6
price: "0.25"
pool_fee_bps: 30
rate_bps: 30
pot: "1000"
"""


def growing(play: Story) -> None:
    """A plan is registered, and its data are read; prizes are paid by a sponsor, and by the treasury."""
    _experiment(play)
    _drops(play)


def _experiment(play: Story) -> None:
    mine = play.stage.folder / "alice"
    for begins in ("2020-01-01", "2099-01-01"):
        (mine / "experiment.md").write_bytes(voice.paper("experiment", "Two posters", PLAN.format(begins)).raw)
        if begins < "2099":
            late = play.stage.run("dmo ab plan experiment.md", cwd=mine)
            assert "begun already" in late.err
    play("dmo ab plan experiment.md")
    at = "2099-01-01"
    (mine / "data.csv").write_text(f"time,id,arm,converted\n{at},a,control,no\n{at},b,other,yes\n")
    assert "not known yet" in play("dmo ab read data.csv --plan experiment.md").out
    listed = play("dmo ab list").out
    assert "Two posters" in listed
    assert "announced: not begun" in listed


def _drops(play: Story) -> None:
    stage, mine = play.stage, play.stage.folder / "alice"
    prizes = {who: stage.address(who) for who in ("dave", "erin")}
    rows = [f"{prizes['dave']},30", f"{prizes['erin']},20.5"]
    (mine / "prizes.csv").write_text("\n".join(["address,tokens", *rows, ""]))
    assert "2 shares" in play("dmo drop make prizes.csv --decimals 6").out
    play("dmo drop check drop.json")
    create = "dmo drop create drop.json --starts +2d --ends +32d"
    assert "Put up drop 1" in play(create).out
    stage.ok(create, cwd=mine)
    assert "50.5 PLAY went back to alice" in play("dmo drop cancel 2").out
    early = stage.run("dmo drop claim 1", "dave")
    assert "takes no claims now" in early.err
    assert "No drops here" in play("dmo drop list").out
    play("dmo drop list --all")
    with play.aside():
        by_the_treasury(stage, mine / "drop.json", "+3d", "+33d")
        assert "50.5 PLAY" in stage.ok("dmo drop list").out
        stage.later(2 * DAY)
        assert "30 PLAY" in stage.ok("dmo drop show 1", "dave").out
        assert "has 30 PLAY" in play("dmo drop claim 1", "dave").out
        twice = stage.run("dmo drop claim 1", "dave")
        assert "was paid already" in twice.err
        assert "has 20.5 PLAY" in stage.ok("dmo drop claim 1 --for erin", "bob").out
        none = stage.run("dmo drop claim 1", "carol")
        assert "has no share" in none.err
        stage.later(DAY)
        assert "has 30 PLAY" in stage.ok("dmo drop claim 3", "dave").out
        stage.later(30 * DAY)
        assert "20.5 PLAY" in stage.ok("dmo drop take-back 3", "bob").out
    with play.aside():
        stage.later(33 * DAY)
        assert "50.5 PLAY went to alice" in play("dmo drop take-back 1", "bob").out
    play("dmo drop show 1")


def referrals(play: Story) -> None:
    """A new user says who brought her; nobody kept anything yet."""
    stage, hers = play.stage, play.stage.folder / "carol"
    today = datetime.datetime.fromtimestamp(stage.chain.now(), datetime.UTC).date()
    told = {"chain_id": stage.dmo.chain_id, "escrow": stage.dmo.address("CampaignEscrow")}
    text = REFERRAL.format(**told, begins=today, ends=today + datetime.timedelta(days=60))
    (hers / "referral.md").write_bytes(voice.paper("referral", "Bring a friend", text).raw)
    assert f"?ref=1.{stage.address('alice')}" in play("dmo referral link 1 https://lamp.example/").out
    assert "that bob" in play("dmo referral sign 1 bob", "carol").out
    own = stage.run("dmo referral sign 1 carol", "carol", cwd=hers)
    assert "themselves" in own.err
    collected = play("dmo referral collect conversion.jsonl --plan referral.md", "carol").out
    assert "1 conversions of 1 users" in collected
    play("dmo referral history", "carol")
    assert "Nobody kept tokens" in play("dmo referral score conversions.jsonl transfers.csv", "carol").out
