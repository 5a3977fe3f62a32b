"""What people are told before they decide, and machines afterwards: on one DMO, from an idea to its lessons.

a document that stands already
├── who sends it is told where, who judges or votes as well
└── the same act once more is refused, after what the chain refuses, unless it is asked for again
a payee: told in full to worker, lead and readers
a vote: its weight is told, who voted, how it ended; ideas are named as lists print them; none is signed for no idea
work: how it ended; what a rejection leaves to its worker
a campaign: what its lead is promised, earned, lost and paid, and until when lessons are wanted
what comes: a reveal, lessons, work that lessons wait for; nobody in particular is asked who they are
machines: where the data is from, in which tokens, of which command; events as they were; names as lists have them
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from dmo.core.abi.codec import checksum
from tests.support.cli_chain import DAY, Stage, anvil, filled

IDEA = "idea post idea.md --ask 1500 --duration 7d --fee 10%"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with anvil() as (chain, url):
        stage = Stage(chain, url, tmp_path_factory.mktemp("told"))
        stage.deploy()
        stage.fund()
        for name, kind in (
            ("idea", "idea"),
            ("other", "idea"),
            ("brief", "brief"),
            ("lesson", "lesson"),
            ("why", "reason"),
        ):
            (stage.folder / f"{name}.md").write_text(filled(kind, f"About {name}"), "utf-8")
        for who in ("bob", "dave"):
            (stage.folder / f"{who}.md").write_text(filled("evidence", "A spot", stage.address(who)), "utf-8")
        stage.round_starts(2)
        stage.ok(IDEA, "alice")
        yield stage


@pytest.fixture
def stage(deployed: Stage) -> Iterator[Stage]:
    before = deployed.chain.transport.request("evm_snapshot", [])
    yield deployed
    deployed.chain.transport.request("evm_revert", [before])


@pytest.fixture
def campaign(stage: Stage) -> Stage:
    """Campaign 1, led by alice, with a bounty of three slots, bob's and dave's work in review."""
    stage.round_starts(3)
    stage.ok("vote +2/1", "alice")
    stage.round_starts(4)
    stage.ok("settle", "carol")
    stage.ok("bounty post 1 brief.md --reward 100 --slots 3 --until +3d", "alice")
    for who in ("bob", "dave"):
        stage.ok(f"submit 1 {who}.md", who)
    return stage


def test_the_same_idea_is_told_to_sender_and_voters(stage: Stage) -> None:
    told = stage.ok("idea post idea.md --ask 500 --duration 7d", "bob").out
    assert "The very same text stands already: idea 2/1." in told
    again = stage.run(IDEA, "alice")
    assert (again.code, "idea 2/1 of yours is the very same" in again.err) == (2, True)
    assert "idea 2/1" in stage.ok(f"{IDEA} --again", "alice").out
    rows = stage.ok("idea list --format json").json["data"]["ideas"]
    assert [one["same_as"] for one in rows][:2] == ["idea 2/2, idea 2/3", "idea 2/1, idea 2/3"]
    listed = stage.ok("idea list").out
    assert all(part in listed for part in ("by", "alice", "bob"))
    assert "same text  idea 2/1" in stage.ok("idea show 2/2").out
    stage.round_starts(3)
    assert "idea 2/1, idea 2/3" in stage.ok("round show").out


def test_an_edit_that_changes_nothing_is_not_sent(stage: Stage) -> None:
    assert "nothing was sent" in stage.ok("idea edit 2/1 idea.md", "alice").out
    assert "Posted idea 2/2" in stage.ok("idea edit 2/1 idea.md --ask 1400", "alice").out


def test_the_same_work_is_told_to_worker_and_lead(campaign: Stage) -> None:
    refused = campaign.run("submit 1 bob.md", "bob")
    assert "submission 1 of yours for this bounty is the very same" in refused.err
    assert "The very same text stands already: submission 1." in campaign.ok("submit 1 bob.md --again", "bob").out
    assert "same text  submission 1" in campaign.ok("work show 3", "alice").out
    assert "warning: the very same evidence is submission 1." in campaign.ok("accept 3", "alice").out
    assert "submission 1" in campaign.ok("bounty show 1").out
    campaign.ok('reject 1 --because "No."', "alice")
    assert "this is the evidence that was rejected" in campaign.run("work rework 1 bob.md", "bob").err


def test_payees_are_told_in_full(campaign: Stage) -> None:
    poisoned = checksum("0xd9a1" + "77" * 16 + "3a91")
    line = f"submit 1 bob.md --again --payee {poisoned}:60% --payee dave:40%"
    for told in (campaign.ok(line, "bob").out, campaign.ok("work show 3").out, campaign.ok("accept 3", "alice").out):
        assert poisoned in told
        assert f"dave ({campaign.address('dave')})" in told


def test_what_the_chain_refuses_comes_first(campaign: Stage) -> None:
    line = "bounty post 1 brief.md --reward 100 --slots 3 --until +3d"
    assert "does not lead this campaign" in campaign.run(line, "bob").err
    assert "this very text is bounty 1" in campaign.run(line, "alice").err


def test_a_rejection_says_what_it_leaves(campaign: Stage) -> None:
    assert "can rework it once or contest it" in campaign.ok('reject 1 --because "No."', "alice").out
    campaign.ok("work rework 1 bob.md --again", "bob")
    told = campaign.ok('reject 1 --because "No."', "alice").out
    assert "It was reworked already" in told
    assert "can only contest it" in told


def test_a_vote_tells_its_weight_its_voters_and_how_it_ended(stage: Stage) -> None:
    stage.ok("idea post other.md --ask 500 --duration 7d", "bob")
    stage.round_starts(3)
    assert "You vote with 300,000 HRB." in stage.ok("vote +2/1 -2/2", "alice").out
    stage.ok("vote +1", "dave")
    told = stage.ok("round show", "alice").out
    assert "2 so far, with 450,000 HRB" in told
    assert "have voted, with 300,000 HRB" in told
    assert "can vote with 250,000 HRB" in stage.ok("round show", "bob").out
    rows = stage.ok("ballot list --format json").json["data"]["ballots"]
    assert [(one["voter"], one["choices"]) for one in rows] == [
        (stage.address("alice"), ["+1", "-2"]),
        (stage.address("dave"), ["+1"]),
    ]
    stage.later(60)  # a later ballot takes the place of an earlier one
    stage.ok("vote --empty", "dave")
    assert "dave" not in stage.ok("ballot list", "bob").out
    assert "Counted with 300,000 HRB." in stage.ok("ballot show", "alice").out
    assert "of the rounds 2 and 3" in stage.run("vote 3 +2/1", "bob").err
    missing = stage.run("ballot sign +9 --out none.json", "bob")
    assert "no idea 9" in missing.err
    assert not (stage.folder / "none.json").exists()
    stage.round_starts(4)
    stage.ok("settle", "carol")
    told = stage.ok("round show 2", "bob").out
    assert "funded: campaign 1" in told
    assert "did not pass" in told


def test_work_says_how_it_ended(campaign: Stage) -> None:
    campaign.ok("accept 1", "alice")
    campaign.ok('reject 2 --because "No."', "alice")
    campaign.later(2 * DAY)
    campaign.ok("pay", "erin")
    campaign.ok("work release", "erin")
    told = campaign.ok("work list --all").out
    assert "paid" in told
    assert "ended unpaid" in told
    rows = campaign.ok("work list --all --format json").json["data"]["submissions"]
    assert [(one["status"], one["ended"]) for one in rows] == [("done", "released"), ("done", "paid")]


def test_a_lead_is_told_of_the_fee_and_the_lessons(campaign: Stage) -> None:
    campaign.ok("accept 1", "alice")
    told = campaign.ok("campaign show 1").out
    assert "0 PLAY earned until now, of 150 PLAY (10%)" in told
    assert "or the fee is lost" in told
    assert "lessons are due after its end, or the fee of 150 PLAY is lost" in campaign.run("status", "alice").out
    ends = campaign.ok("campaign show 1 --format json").json["data"]["campaign"]["ends_at"]
    campaign.later(DAY)
    campaign.ok("pay 1", "erin")
    campaign.reach(ends)
    waits = campaign.run("status", "alice").out
    assert "Campaign 1: 1 submission has to be paid or released before its lessons" in waits
    assert "File the lessons" not in waits
    campaign.ok("pay", "erin")
    assert "File the lessons of campaign 1: your fee is 22.222222 PLAY" in campaign.run("status", "alice").out
    campaign.ok("lesson file 1 lesson.md", "alice")
    campaign.later(DAY)
    campaign.ok("pay", "erin")
    told = campaign.ok("campaign show 1").out
    assert "22.222222 PLAY earned of 150 PLAY (10%); 127.777778 PLAY went to the pool" in told
    assert "fee paid           22.222222 PLAY" in told
    assert "paid for work      200 PLAY" in told


def test_a_reveal_is_told_as_coming(campaign: Stage) -> None:
    campaign.ok("accept 1", "alice")
    campaign.ok("dispute challenge 1 why.md", "erin")
    campaign.ok("dispute commit 1 refuse", "carol")
    told = campaign.run("status", "carol").out
    assert "Your ruling on submission 1 has to be revealed from" in told
    assert "dmo dispute show 1" in told


def test_nobody_in_particular_is_asked_who_they_are(stage: Stage) -> None:
    assert "Nothing is due. Say who you are for more" in stage.ok("status", "").out


def test_machines_are_told_where_data_is_from(stage: Stage) -> None:
    told = stage.ok("campaign list --format json").json
    assert told["block"] == stage.chain.block().number
    assert told["tokens"]["budget"] == {"address": stage.dmo.budget_address, "symbol": "PLAY", "decimals": 6}
    assert told["tokens"]["votes"]["symbol"] == "HRB"
    refused = stage.run("campaign top-up 9 5 --format json", "bob").json
    assert (refused["command"], refused["error"]["code"]) == ("campaign top-up", "CampaignEscrowUnknownCampaign")
    assert stage.run("campaign top-up --format json", "bob").json["command"] == "campaign top-up"
    posted = stage.ok("idea post other.md --ask 500 --duration 7d --fee 5% --format json", "bob").json["data"]
    assert (posted["fee_bps"], posted["duration_seconds"], posted["fee_amount"]) == (500, 7 * DAY, "25000000")
    calls = stage.ok("token delegate bob --calldata", "alice").out
    assert f"to     HolderToken ({stage.dmo.votes_address})" in calls


def test_events_are_told_as_they_were(stage: Stage) -> None:
    told = stage.ok("events --format json").json["data"]
    assert told["last"] == stage.chain.block().number
    (posted,) = [one for one in told["events"] if one["event"] == "IdeaPosted"]
    assert posted["arguments"]["ask"] == "1500000000"
    assert (posted["arguments"]["round"], posted["arguments"]["author"]) == (2, stage.address("alice"))
    after = stage.ok(f"events --since {posted['block'] + 1} --format json").json["data"]["events"]
    assert all(one["block"] > posted["block"] for one in after)
    assert "IdeaBoard.IdeaPosted" in stage.ok("events").out
    assert json.dumps(told)


@pytest.mark.parametrize("name", ["me", "treasury", "Jury", "0xabc"])
def test_names_that_mean_something_else_are_refused(stage: Stage, name: str) -> None:
    assert "means something else" in stage.run(f"account new {name}").err
