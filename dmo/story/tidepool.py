"""The story: one season of Tidepool, an open map of coastal water quality."""

from __future__ import annotations

from pathlib import Path

from dmo.client import campaigns, ideas, tokens
from dmo.client.governance import execute, queue
from dmo.client.reputation import points
from dmo.deployment import Dmo
from dmo.story.cast import CAST
from dmo.story.stage import Stage, StoryError, Teller, choices_of, raw_call
from dmo.units import format_amount

__all__ = ["BEGIN", "play"]

BEGIN = "2026-03-05 10:00"
"""When the story begins: four days before the first round."""

BUDGET = "18,500"


def play(dmo: Dmo, folder: Path, teller: Teller) -> Stage:
    """Play the whole story on a deployment that was made at BEGIN.

    Args:
        dmo: The deployment of config/demo.toml.
        folder: The story's documents.
        teller: Who tells it.

    Returns:
        The stage, with what it noted.
    """
    stage = Stage(dmo, folder, teller)
    _Story(stage).play()
    return stage


class _Story:
    """The chapters in order; what one begins, another finishes."""

    def __init__(self, stage: Stage) -> None:
        self.s = stage
        self.dmo = stage.dmo
        self.usd = stage.dmo.budget_address
        self.escrow = stage.dmo.address("CampaignEscrow")
        self.work: dict[str, int] = {}
        self.bounties: dict[str, int] = {}

    def play(self) -> None:
        self.hand_over()
        self.week_one()
        self.week_two()
        self.week_three()
        self.work_begins()
        self.money_moves()
        self.last_bounties()
        self.lessons()
        self.going_round()

    # ── 5 to 8 March ────────────────────────────────────────────────────────────────────────────

    def hand_over(self) -> None:
        """The founder hands the treasury to the holders and asks them for a budget."""
        s, dmo = self.s, self.dmo
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
            raw_call(self.usd, "mint(address,uint256)", [treasury, s.money(BUDGET)], "Mint"),
            f"pays a foundation's grant of {BUDGET} USDX into Tidepool's treasury",
            "the holders will decide what it is spent on",
        )
        s.send(
            "issuer",
            raw_call(
                self.usd, "mint(address,uint256)", [s.address("kofi"), s.money("500")], "Mint"
            ),
        )
        s.clock.go("2026-03-06 09:00")
        self.budget_calls = [
            tokens.approve(self.usd, self.escrow, s.money(BUDGET), "USDX", 6),
            campaigns.deposit(dmo, s.money(BUDGET), dmo.words),
        ]
        self.budget_text = (
            f"# Give the marketing pool a budget of {BUDGET} USDX\n\n"
            "Enough for two or three rounds. What is not spent stays in the pool, and we can take "
            "it back by a vote like this one."
        )
        self.budget_id = s.propose(
            "maren", self.budget_calls, self.budget_text, "only a vote can open the treasury"
        )
        s.clock.go("2026-03-08 10:00")
        s.votes(self.budget_id, ["maren", "oskar", "diego", "ayu", "kofi", "linwei"], ["tomas"])

    # ── 9 to 15 March ───────────────────────────────────────────────────────────────────────────

    def week_one(self) -> None:
        """Round 1 is posted."""
        s, dmo = self.s, self.dmo
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
        s.act(
            "yusuf",
            queue(dmo, self.budget_calls, self.budget_text),
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
        s.act(
            "yusuf",
            execute(dmo, self.budget_calls, self.budget_text),
            f"executes the budget: {BUDGET} USDX move from the treasury to the pool",
            "two days have passed and nobody's permission is needed",
        )
        self.cap_calls = [
            ideas.set_rules(dmo, ideas.Rules(s.money("12,000"), 1500, 10)),
        ]
        self.cap_text = (
            "# Raise a round's cap from 9,000 to 12,000 USDX\n\n"
            "Five good ideas ask for 13,800 in one week. A higher cap also lets a single idea "
            "ask for up to 4,000."
        )
        s.clock.go("2026-03-14 15:00")
        self.cap_id = s.propose(
            "linwei", self.cap_calls, self.cap_text, "more good ideas than budget"
        )

    # ── 16 to 22 March ──────────────────────────────────────────────────────────────────────────

    def week_two(self) -> None:
        """Round 1 is voted on, round 2 is posted."""
        s, dmo = self.s, self.dmo
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
            self.cap_id,
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
        s.post(
            "ayu", "ideas/2-stiker", "1,200", 0, "volunteers are asked which office they are from"
        )
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
        s.act("yusuf", queue(dmo, self.cap_calls, self.cap_text), "queues the new cap")
        s.clock.go("2026-03-22 19:00")
        s.act(
            "yusuf",
            execute(dmo, self.cap_calls, self.cap_text),
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

    # ── 23 to 29 March ──────────────────────────────────────────────────────────────────────────

    def week_three(self) -> None:
        """Round 1 is settled and its campaigns begin; round 2 is voted on; round 3 is posted."""
        s = self.s
        s.teller.chapter(
            "Week 3: money finds its way",
            "The vote ranks, the budget decides. Four ideas passed; three fit into the cap.",
        )
        s.clock.go("2026-03-23 00:30")
        s.settle("yusuf", 1, "anybody may, and all passing ideas must be shown in order")
        s.clock.go("2026-03-23 09:00")
        b = self.bounties
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
            "three equal prizes for three instruments",
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
        s.post(
            "kofi", "ideas/3-accra-bulletins", "2,200", 1000, "forty seconds of a voice they know"
        )
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
        s.post(
            "diego", "ideas/3-mapa-aulas", "900", 1000, "three teachers asked after the workshops"
        )
        s.clock.go("2026-03-29 12:00")
        late = ideas.cast_ballot(self.dmo, 2, choices_of("+1 +3"))
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

    # ── 30 March to 6 April ─────────────────────────────────────────────────────────────────────

    def work_begins(self) -> None:
        """Workers submit, leads judge, one of them is silent."""
        s, w, b = self.s, self.work, self.bounties
        s.teller.chapter(
            "Work, judged",
            "A submission has its reward set aside from the first moment. The lead accepts, "
            "rejects with a reason, or says nothing, which is a yes.",
        )
        s.clock.go("2026-03-30 00:30")
        s.settle("yusuf", 2, "2.1 stayed below the threshold by the votes that came too late")
        s.clock.go("2026-03-30 08:00")
        b["widget"] = s.bounty(
            "bram",
            4,
            "widget",
            "2,000",
            1,
            "2026-04-20",
            "and that is the last anybody hears of him",
        )
        b["riji"] = s.bounty("linwei", 5, "riji", "400", 3, "2026-04-25", "four pages, four tides")
        b["haibao"] = s.bounty(
            "linwei",
            5,
            "haibao",
            "300",
            1,
            "2026-04-25",
            "she knows every tackle shop in the harbour",
            worker="sumin",
        )
        s.clock.go("2026-03-30 18:00")
        w["s1"] = s.submit(
            "isabel", b["talleres"], "s1-talleres-norte", "three workshops, 42 samples"
        )
        s.clock.go("2026-03-31 09:00")
        w["s2"] = s.submit(
            "mateo",
            b["talleres"],
            "s2-talleres-sur",
            "Isabel led half of one, so she gets 30 %",
            payees={"mateo": 70, "isabel": 30},
        )
        s.clock.go("2026-03-31 14:00")
        s.ballot("maren", 3, "+1 +2")
        s.ballot("oskar", 3, "+1 -2")
        s.ballot("diego", 3, "+1 +3")
        s.ballot("linwei", 3, "+1 +3")
        s.ballot("ayu", 3, "+1")
        s.ballot("tomas", 3, "+2")
        s.ballot("bram", 3, "+2")
        s.clock.go("2026-04-01 08:00")
        w["s4"] = s.submit(
            "chen", b["pipeline"], "s4-nmea", "tried for nine days on a training ketch"
        )
        s.clock.go("2026-04-01 09:00")
        copied = s.document("evidence/s4-nmea")
        receipt = s.send("viktor", campaigns.submit_work(self.dmo, b["pipeline"], copied.digest))
        w["copy"] = s.number(receipt, "CampaignEscrow", "WorkSubmitted", "submission")
        s.tell(
            "viktor",
            f"submits the same evidence as work {w['copy']}",
            "hoping that nobody reads whom it names",
        )
        s.clock.go("2026-04-01 12:00")
        s.accept("diego", w["s1"], "s1-talleres-norte", "the samples are on the map")
        s.clock.go("2026-04-02 10:00")
        s.accept("diego", w["s2"], "s2-talleres-sur", "same here")
        w["video"] = s.submit("mateo", b["video"], "s3-video", "four minutes twenty")
        s.clock.go("2026-04-02 20:00")
        signed = [
            s.sign("kofi", 3, "+2"),
            s.sign("hana", 3, "+1 +3"),
            s.sign("priya", 3, "+2"),
            s.sign("elena", 3, "+2"),
            s.sign("salma", 3, "+3"),
        ]
        old = s.sign("elena", 2, "-2 +3")
        s.clock.go("2026-04-03 07:00")
        if s.relay("yusuf", [*signed, old], "a ballot of a round that is over sinks nothing") != 5:
            raise StoryError("the batch should have cast five ballots")
        s.clock.go("2026-04-03 11:00")
        s.accept("oskar", w["s4"], "s4-nmea", "the replay test passes")
        s.reject(
            "oskar",
            w["copy"],
            "s4-nmea",
            "copied-evidence",
            "evidence names its worker, and this one is not Viktor",
        )
        s.clock.go("2026-04-04 13:00")
        s.reject("diego", w["video"], "s3-video", "video-subtitulos", "white letters on white foam")

    # ── 5 to 12 April ───────────────────────────────────────────────────────────────────────────

    def money_moves(self) -> None:
        """The first payments, a blocked payee, a gift, the third round's money."""
        s, w, b = self.s, self.work, self.bounties
        s.teller.chapter(
            "Paid without chasing anyone",
            "Three days after an acceptance anybody may send the payment. Yusuf, a stranger, does: "
            "that is all a payment needs.",
        )
        s.clock.go("2026-04-05 10:00")
        w["s6"] = s.submit(
            "zoe",
            b["pipeline"],
            "s5-bluetooth",
            "Rahim wrote the part that survives a day offline: 40 % for him",
            payees={"zoe": 60, "rahim": 40},
        )
        s.clock.go("2026-04-05 12:30")
        s.do_what_is_due("yusuf", "three days have passed since the acceptances")
        s.clock.go("2026-04-06 00:30")
        s.settle(
            "yusuf",
            3,
            "three passed, the pool holds enough for two: what does not fit is "
            "skipped, what comes after may still fit",
        )
        s.clock.go("2026-04-06 09:00")
        s.rework(
            "mateo",
            w["video"],
            "s3-video-rework",
            "a dark band behind the letters, tried at noon with four people",
        )
        b["radio"] = s.bounty(
            "ayu", 6, "radio", "1,800", 1, "2026-04-25", "on a boat people listen"
        )
        b["caja"] = s.bounty(
            "diego", 7, "caja-aula", "700", 1, "2026-04-28", "ninety minutes and no colour printer"
        )
        s.clock.go("2026-04-06 15:00")
        s.accept("oskar", w["s6"], "s5-bluetooth", "366 readings kept, 366 sent")
        s.clock.go("2026-04-07 08:30")
        s.accept("diego", w["video"], "s3-video-rework", "now it can be read at arm's length")
        s.clock.go("2026-04-07 14:00")
        s.do_what_is_due("yusuf", "and the copy, unanswered, is released: its reward is free again")
        s.clock.go("2026-04-08 06:00")
        self.gift()
        s.clock.go("2026-04-08 10:00")
        w["komik"] = s.submit("citra", b["komik"], "s7-komik", "five families read it first")
        s.clock.go("2026-04-09 03:00")
        s.accept("ayu", w["komik"], "s7-komik", "Ira asks and nobody preaches")
        s.clock.go("2026-04-09 09:00")
        block = raw_call(self.usd, "setBlocked(address,bool)", [s.address("rahim"), True], "Block")
        s.act(
            "issuer",
            block,
            "puts Rahim Siddiqui's account on its blocklist",
            "a mix-up of names; the token now refuses every payment to him",
        )
        s.clock.go("2026-04-10 12:00")
        s.do_what_is_due(
            "yusuf", "Zoe is paid although her co-payee is blocked: his share becomes a credit"
        )
        w["widget"] = s.submit(
            "chen",
            b["widget"],
            "s12-widget",
            "Bram does not answer; the work is there for anybody to check",
        )
        s.clock.go("2026-04-12 10:00")
        s.do_what_is_due("yusuf", "and nobody took the third block of workshops: its money is free")

    def gift(self) -> None:
        """A top-up: welcome, and without points."""
        s, b = self.s, self.bounties
        gift = s.money("500")
        s.send("kofi", tokens.approve(self.usd, self.escrow, gift, "USDX", 6))
        s.act(
            "kofi",
            campaigns.top_up(self.dmo, 6, gift, self.dmo.words),
            "gives 500 USDX of his café's money to campaign 6",
            "his customers liked the comic; a gift earns nobody points",
        )
        b["cetak"] = s.bounty(
            "ayu",
            6,
            "cetak-ulang",
            "500",
            1,
            "2026-04-25",
            "300 more copies, paid from the gift",
            is_gift=True,
        )

    # ── 14 to 28 April ──────────────────────────────────────────────────────────────────────────

    def last_bounties(self) -> None:
        """The rest of the work, and a credit that finds its way."""
        s, w, b = self.s, self.work, self.bounties
        s.teller.chapter(
            "Silence is a yes",
            "Bram has vanished. Chen needs nobody's goodwill: after five silent days his "
            "work counts as accepted, three days later it can be paid.",
        )
        s.clock.go("2026-04-14 04:00")
        w["pembagian"] = s.submit(
            "rahim", b["pembagian"], "s8-pembagian", "six mornings, 700 copies"
        )
        w["radio"] = s.submit("citra", b["radio"], "s13-radio", "sixty people laughed on the pier")
        s.clock.go("2026-04-15 05:00")
        s.accept(
            "ayu",
            w["pembagian"],
            "s8-pembagian",
            "the most frequent question becomes the next idea",
        )
        s.accept("ayu", w["radio"], "s13-radio", "even grandmother listened on")
        s.clock.go("2026-04-16 09:00")
        w["cetak"] = s.submit("bayu", b["cetak"], "s14-cetak", "one copy spent nine hours in water")
        s.clock.go("2026-04-16 15:00")
        s.accept("ayu", w["cetak"], "s14-cetak", "still readable")
        s.clock.go("2026-04-19 18:00")
        before = points(self.dmo, s.address("bayu"))
        s.do_what_is_due("yusuf", "Chen's widget among them, accepted by silence")
        if points(self.dmo, s.address("bayu")) != before:
            raise StoryError("a gift must not earn points")
        s.tell(
            "bayu",
            "was paid 500 USDX from the gift and earned no points",
            "or juries could be bought for the price of gas",
        )
        w["qingdao"] = s.submit(
            "chen", b["riji"], "s9-riji-qingdao", "four tides, one of them in fog"
        )
        w["xiamen"] = s.submit(
            "sumin", b["riji"], "s10-riji-xiamen", "it was muddy, then it cleared"
        )
        w["haibao"] = s.submit("sumin", b["haibao"], "s11-haibao", "readable from two metres")
        s.clock.go("2026-04-20 08:00")
        receipt = s.send("rahim", campaigns.withdraw_credit(self.dmo, s.address("amina")))
        paid = s.number(receipt, "CampaignEscrow", "CreditWithdrawn", "amount")
        s.tell(
            "rahim",
            f"withdraws his credit of {format_amount(paid, 6)} USDX to his sister's account",
            "the bank still refuses him, the escrow does not",
        )
        s.clock.go("2026-04-21 10:00")
        for key, evidence in (
            ("qingdao", "s9-riji-qingdao"),
            ("xiamen", "s10-riji-xiamen"),
            ("haibao", "s11-haibao"),
        ):
            s.accept(
                "linwei",
                w[key],
                evidence,
                "four pages, five columns"
                if key != "haibao"
                else "the shopkeeper wants a second one",
            )
        s.clock.go("2026-04-22 16:00")
        w["caja"] = s.submit(
            "isabel",
            b["caja"],
            "s15-caja",
            "tried with two classes; Rahim drew the key: 20 %",
            payees={"isabel": 80, "rahim": 20},
        )
        s.clock.go("2026-04-23 09:00")
        s.accept("diego", w["caja"], "s15-caja", "it prints in black and white")

    # ── 22 April to 28 May ──────────────────────────────────────────────────────────────────────

    def lessons(self) -> None:
        """Campaigns end: lessons, fees, what is left."""
        s = self.s
        s.teller.chapter(
            "What was learned",
            "A lead earns the fee in proportion to the work that was paid, and gets it only for "
            "written lessons.",
        )
        s.clock.go("2026-04-23 18:00")
        s.lessons("diego", 1, "c1-talleres", "131 instead of 160, and why")
        s.lessons("oskar", 2, "c2-pipeline", "38 boats instead of 60; somebody has to climb a mast")
        s.lessons("ayu", 3, "c3-komik", "512 families instead of 450")
        s.clock.go("2026-04-26 20:00")
        s.do_what_is_due("yusuf", "lessons have stood for three days, so the fees are due")
        s.clock.go("2026-04-27 12:00")
        s.lessons("linwei", 5, "c5-riji", "44 instead of 40, thanks to a first version that failed")
        s.clock.go("2026-05-04 12:00")
        s.lessons("ayu", 6, "c6-radio", "27 villages instead of 30; the last three need postcards")
        s.lessons("diego", 7, "c7-aulas", "22 classes instead of 20, and nine teachers who go on")
        s.clock.go("2026-05-08 09:00")
        s.do_what_is_due("yusuf", "what was not spent returns to the pool")

    def going_round(self) -> None:
        """The silent lead's fee, and money back to the treasury."""
        s, dmo = self.s, self.dmo
        s.teller.chapter(
            "Money goes round",
            "A lead without lessons loses the fee. The holders take part of what is left back.",
        )
        s.clock.go("2026-05-26 10:00")
        s.do_what_is_due("yusuf", "Bram never wrote his lessons: his fee is the pool's again")
        amount = s.money("2,000")
        calls = [campaigns.withdraw_pool(dmo, amount, dmo.words)]
        text = (
            "# Take 2,000 USDX of the pool back into the treasury\n\n"
            "The season is over and the pool holds more than the next round needs."
        )
        proposal = s.propose("maren", calls, text, "it was lent to marketing, not given away")
        s.clock.go("2026-05-28 10:00")
        s.votes(proposal, ["maren", "oskar", "tomas", "hana"], ["ayu"])
        s.clock.go("2026-06-01 12:00")
        s.act("yusuf", queue(dmo, calls, text), "queues it")
        s.clock.go("2026-06-03 13:00")
        s.act(
            "yusuf",
            execute(dmo, calls, text),
            "executes it: 2,000 USDX are back",
            "as with everything here, whoever sends it only saves the others the trouble",
        )
        owed = dmo.read("CampaignEscrow", "creditOf", s.address("rahim"))[0]
        if not owed:
            raise StoryError("Rahim should have a credit in the end")
        s.tell(
            None,
            f"{CAST['rahim'].name}'s last {format_amount(owed, 6)} USDX wait as a credit "
            "until he says where to send them",
        )
