"""The story's first weeks, 5 to 29 March: a budget, ideas, ballots."""

from __future__ import annotations

from dmo.client import campaigns, ideas, tokens
from dmo.story.stage import choices_of, raw_call
from dmo.story.tale import Tale

__all__ = ["hand_over", "week_one", "week_three", "week_two"]

BUDGET = "18,500"
FOR_BONDS = ("zoe", "chen", "sumin", "elena", "viktor")


def hand_over(t: Tale) -> None:
    """The founder hands the treasury to the holders and asks them for a budget."""
    s, dmo = t.s, t.dmo
    s.teller.chapter(
        "The holders take over",
        "From here on nobody can move the treasury alone, the founder included. Holders vote "
        "on every budget, and two days pass before it moves.",
    )
    for key in ("viktor", "nora", "yusuf", "amina", "bayu"):
        dmo.chain.transport.request("anvil_setBalance", [s.address(key), hex(10**18)])
    treasury = dmo.address("TimelockController")
    s.act(
        "issuer",
        raw_call(t.usd, "mint(address,uint256)", [treasury, s.money(BUDGET)], "Mint"),
        f"pays a foundation's grant of {BUDGET} USDX into Tidepool's treasury",
        "the holders will decide what it is spent on",
    )
    for who, amount in (("kofi", "500"), *((who, "200") for who in FOR_BONDS)):
        mint = [s.address(who), s.money(amount)]
        s.send("issuer", raw_call(t.usd, "mint(address,uint256)", mint, "Mint"))
    s.tell(
        "issuer",
        "sells 500 USDX to Kofi, 200 each to Zoe, Chen, Su Min, Elena and Viktor",
        "whoever hands in work, or doubts a verdict, puts up a bond of the same money",
    )
    s.clock.go("2026-03-06 09:00")
    calls = [
        tokens.approve(t.usd, dmo.address("CampaignEscrow"), s.money(BUDGET), "USDX", 6),
        campaigns.deposit(dmo, s.money(BUDGET), dmo.words),
    ]
    text = (
        f"# Give the marketing pool a budget of {BUDGET} USDX\n\n"
        "Enough for two or three rounds. What is not spent stays in the pool, and we can take "
        "it back by a vote like this one."
    )
    t.motions["budget"] = s.propose("maren", calls, text, "only a vote can open the treasury")
    s.clock.go("2026-03-08 10:00")
    s.votes(t.motions["budget"], ["maren", "oskar", "diego", "ayu", "kofi", "linwei"], ["tomas"])


def week_one(t: Tale) -> None:
    """Round 1 is posted."""
    s, dmo = t.s, t.dmo
    s.teller.chapter(
        "Week 1: ideas",
        "Holders post in their own languages. Each idea names a goal that can be counted, "
        "what it costs, and who will run it.",
    )
    s.clock.go("2026-03-09 08:10")
    s.post(
        "diego",
        "ideas/1-talleres-playa",
        "3,000",
        1000,
        "who measures once with help, measures again alone",
    )
    s.clock.go("2026-03-09 11:30")
    s.post(
        "ayu",
        "ideas/1-komik-laut",
        "2,600",
        1200,
        "colours that nobody understands are colours that nobody uses",
    )
    s.clock.go("2026-03-10 02:20")
    s.post(
        "linwei",
        "ideas/1-riji-xiamen",
        "2,400",
        1000,
        "one reading is a point, four weeks are a line",
    )
    s.clock.go("2026-03-10 15:00")
    sailing = s.post(
        "oskar",
        "ideas/1-sailing-challenge",
        "3,000",
        800,
        "training boats cross the bay anyway",
    )
    s.clock.go("2026-03-11 09:45")
    s.post(
        "elena",
        "ideas/1-ferry-billboards",
        "3,000",
        500,
        "two million people look at the sea for hours",
    )
    s.clock.go("2026-03-12 12:00")
    s.queue(
        "yusuf",
        t.motions["budget"],
        "queues the budget, which has passed",
        "anybody may; the timelock now waits two days",
    )
    s.clock.go("2026-03-13 16:30")
    doc = s.publish("oskar", "ideas/1-sailing-challenge-v2")
    receipt = s.send("oskar", ideas.edit(dmo, 1, sailing, s.idea_params(doc, "2,800", 800)))
    number = s.number(receipt, "IdeaBoard", "IdeaPosted", "number")
    s.tell(
        "oskar",
        f"edits idea 1.{sailing}, which becomes 1.{number} at 2,800 USDX",
        "Priya asked who maintains a winning hack; a number binds its content, so an edit "
        "takes a new one",
    )
    s.clock.go("2026-03-14 13:00")
    s.execute(
        "yusuf",
        t.motions["budget"],
        f"executes the budget: {BUDGET} USDX move from the treasury to the pool",
        "two days have passed and nobody's permission is needed",
    )
    calls = [
        ideas.set_rules(dmo, ideas.Rules(s.money("12,000"), 1500, 10)),
    ]
    text = (
        "# Raise a round's cap from 9,000 to 12,000 USDX\n\n"
        "Five good ideas ask for 13,800 in one week. A higher cap also lets a single idea "
        "ask for up to 4,000."
    )
    s.clock.go("2026-03-14 15:00")
    t.motions["cap"] = s.propose("linwei", calls, text, "more good ideas than budget")


def week_two(t: Tale) -> None:
    """Round 1 is voted on, round 2 is posted."""
    s = t.s
    s.teller.chapter(
        "Week 2: the first vote",
        "Weights were read in the last second before the vote opened; buying tokens now "
        "changes nothing. Meanwhile the next ideas are posted.",
    )
    s.clock.go("2026-03-16 09:00")
    s.ballot("diego", 1, "+1 +2 -5 +6", "his own idea, and the two he would join")
    s.ballot("ayu", 1, "+1 +2 +3 -5", "people over panels")
    s.ballot("linwei", 1, "+1 +3 -5 +6")
    s.ballot("oskar", 1, "+1 -5 +6")
    s.ballot("maren", 1, "+1 +2 -5 +6", "the founder has 90,000 votes of 800,000, and no veto")
    s.clock.go("2026-03-16 20:00")
    signed = [
        s.sign("kofi", 1, "+1 +2 +3 +6"),
        s.sign("hana", 1, "+1 +3 +5"),
        s.sign("priya", 1, "+1 +2 -5 +6"),
        s.sign("elena", 1, "-1 +5 -6"),
        s.sign("salma", 1, "+1 +2 +3"),
    ]
    s.clock.go("2026-03-17 07:30")
    s.relay("yusuf", signed, "five holders only signed; they pay nothing to vote")
    s.clock.go("2026-03-17 10:00")
    s.post(
        "diego",
        "ideas/2-voces-pacifico",
        "2,900",
        1000,
        "twenty years of notebooks that nobody asked for",
    )
    s.votes(
        t.motions["cap"],
        ["linwei", "maren", "diego", "ayu", "hana", "kofi", "priya"],
        ["oskar", "tomas"],
    )
    s.clock.go("2026-03-18 12:15")
    s.post(
        "priya",
        "ideas/2-tide-widget",
        "3,000",
        1000,
        "every club shows a tide table; Bram will lead",
        lead="bram",
    )
    s.clock.go("2026-03-19 06:00")
    s.post("ayu", "ideas/2-stiker", "1,200", 0, "volunteers are asked which office they are from")
    s.clock.go("2026-03-19 18:00")
    s.ballot("tomas", 1, "+5 +6")
    s.ballot("bram", 1, "-3 +5 +6")
    s.clock.go("2026-03-20 08:00")
    s.ballot(
        "hana",
        1,
        "+1 +3 -5",
        "she read Elena's numbers again; the whole ballot replaces the earlier one",
        words="changes her vote on 1.5 from for to against",
    )
    s.clock.go("2026-03-20 17:00")
    s.queue("yusuf", t.motions["cap"], "queues the new cap")
    s.clock.go("2026-03-22 19:00")
    s.execute(
        "yusuf",
        t.motions["cap"],
        "executes the new cap",
        "it holds from round 3 on: new rules do not touch what has begun",
    )
    s.clock.go("2026-03-22 21:00")
    s.post(
        "linwei",
        "ideas/2-riji-xiamen-duan",
        "2,000",
        1000,
        "the diary again, shorter and cheaper",
        builds_on=(1, 3),
    )


def week_three(t: Tale) -> None:
    """Round 1 is settled and its campaigns begin; round 2 is voted on; round 3 is posted."""
    s = t.s
    s.teller.chapter(
        "Week 3: money finds its way",
        "The vote ranks, the budget decides. Four ideas passed; three fit into the cap.",
    )
    s.clock.go("2026-03-23 00:30")
    s.settle("yusuf", 1, "anybody may, and all passing ideas must be shown in order")
    s.clock.go("2026-03-23 09:00")
    b = t.bounties
    b["talleres"] = s.bounty(
        "diego",
        1,
        "talleres",
        "500",
        3,
        "2026-04-12",
        "three blocks of workshops, paid one by one",
    )
    b["video"] = s.bounty(
        "diego",
        1,
        "video",
        "800",
        1,
        "2026-04-12",
        "to be understood without sound, in the sun",
    )
    b["pipeline"] = s.bounty(
        "oskar",
        2,
        "pipeline",
        "700",
        3,
        "2026-04-14",
        "three equal prizes for three instruments; who hands in work leaves a bond",
        bond="70",
    )
    b["komik"] = s.bounty(
        "ayu",
        3,
        "komik",
        "1,500",
        1,
        "2026-04-12",
        "for Citra alone, who drew the trial page",
        worker="citra",
    )
    b["pembagian"] = s.bounty(
        "ayu", 3, "pembagian", "600", 1, "2026-04-18", "six mornings at six fish markets"
    )
    s.clock.go("2026-03-24 05:00")
    s.post(
        "ayu",
        "ideas/3-radio-ira",
        "3,600",
        1000,
        "more than the old cap allowed an idea to ask",
        builds_on=(1, 2),
    )
    s.clock.go("2026-03-25 10:00")
    s.ballot("maren", 2, "+2 -3 +4")
    s.ballot("oskar", 2, "-1 +2 -3")
    s.ballot("diego", 2, "+1 +2")
    s.ballot("bram", 2, "+2 +3 -4")
    s.ballot("linwei", 2, "+4")
    s.ballot("ayu", 2, "+1 +4")
    s.ballot("tomas", 2, "+3")
    s.clock.go("2026-03-26 11:00")
    s.post("kofi", "ideas/3-accra-bulletins", "2,200", 1000, "forty seconds of a voice they know")
    s.clock.go("2026-03-27 18:00")
    signed = [
        s.sign("kofi", 2, "+2 +4"),
        s.sign("hana", 2, "+2 +4"),
        s.sign("priya", 2, "+1 +2"),
        s.sign("elena", 2, "-2 +3"),
        s.sign("salma", 2, "+1 +4"),
    ]
    s.clock.go("2026-03-28 08:00")
    s.relay("yusuf", signed, "one transaction instead of five")
    s.clock.go("2026-03-29 09:00")
    s.post("diego", "ideas/3-mapa-aulas", "900", 1000, "three teachers asked after the workshops")
    s.clock.go("2026-03-29 12:00")
    late = ideas.cast_ballot(t.dmo, 2, choices_of("+1 +3"))
    s.refused(
        "tomas",
        late,
        "IdeaBoardLateFor",
        "tries to lift idea 2.1 over the threshold at the last moment",
    )
    s.ballot(
        "tomas",
        2,
        "+3 -4",
        "late doubt is heard, late money is not",
        words="may still vote against 2.4",
    )
