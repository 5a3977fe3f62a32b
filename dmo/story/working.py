"""The story's work, 30 March to 3 June: submitted, judged, paid, learned from."""

from __future__ import annotations

from dmo.client import campaigns, escrow
from dmo.client.reputation import points
from dmo.story.cast import CAST
from dmo.story.clock import StoryError
from dmo.story.stage import raw_call
from dmo.story.tale import Tale

__all__ = ["first_payments", "going_round", "lessons", "silence", "work_begins"]


def work_begins(t: Tale) -> None:
    """Workers submit, leads judge, one of them is silent."""
    s, w, b = t.s, t.work, t.bounties
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
    b["riji"] = s.bounty(
        "linwei", 5, "riji", "400", 3, "2026-04-25", "four pages, four tides", bond="40"
    )
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
    w["s1"] = s.submit("isabel", b["talleres"], "s1-talleres-norte", "three workshops, 42 samples")
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
    w["s4"] = s.submit("chen", b["pipeline"], "s4-nmea", "tried for nine days on a training ketch")
    s.clock.go("2026-04-01 09:00")
    w["copy"], bond = s.hand_in("viktor", b["pipeline"], s.document("evidence/s4-nmea"))
    s.tell(
        "viktor",
        f"submits the same evidence as work {w['copy']}{bond}",
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


def first_payments(t: Tale) -> None:
    """The first payments, the third round's money, a gift, and a worker who is turned down."""
    s, w, b = t.s, t.work, t.bounties
    s.teller.chapter(
        "Paid without chasing anyone",
        "Three days after an acceptance anybody may send the payment. Yusuf, a stranger, does: "
        "that is all a payment needs.",
    )
    s.clock.go("2026-04-05 10:00")
    w["puck"] = s.submit(
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
    b["radio"] = s.bounty("ayu", 6, "radio", "1,800", 1, "2026-04-25", "on a boat people listen")
    b["caja"] = s.bounty(
        "diego", 7, "caja-aula", "700", 1, "2026-04-28", "ninety minutes and no colour printer"
    )
    s.clock.go("2026-04-06 15:00")
    s.reject(
        "oskar",
        w["puck"],
        "s5-bluetooth",
        "puck-no-instrument",
        "on his own boat an instrument has wires",
    )
    s.clock.go("2026-04-07 08:30")
    s.accept("diego", w["video"], "s3-video-rework", "now it can be read at arm's length")
    s.clock.go("2026-04-07 14:00")
    s.do_what_is_due(
        "yusuf", "and the copy, unanswered, is released: its bond is lost, its reward free again"
    )
    s.clock.go("2026-04-08 06:00")
    _gift(t)
    s.clock.go("2026-04-08 10:00")
    w["komik"] = s.submit("citra", b["komik"], "s7-komik", "five families read it first")
    s.clock.go("2026-04-09 03:00")
    s.accept("ayu", w["komik"], "s7-komik", "Ira asks and nobody preaches")
    s.clock.go("2026-04-09 09:00")
    block = raw_call(t.usd, "setBlocked(address,bool)", [s.address("rahim"), True], "Block")
    s.act(
        "issuer",
        block,
        "puts Rahim Siddiqui's account on its blocklist",
        "a mix-up of names; the token now refuses every payment to him",
    )


def _gift(t: Tale) -> None:
    """A top-up: welcome, and without points."""
    s, b = t.s, t.bounties
    gift = s.money("500")
    s.allow("kofi", gift)
    s.act(
        "kofi",
        campaigns.top_up(t.dmo, 6, gift, t.dmo.words),
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


def silence(t: Tale) -> None:
    """A lead vanishes: work is accepted by silence, and governance names another lead."""
    s, w, b = t.s, t.work, t.bounties
    s.teller.chapter(
        "Silence is a yes, and a lead can be replaced",
        "Bram has vanished. Chen needs nobody's goodwill: after five silent days his work counts "
        "as accepted, three days later it can be paid. But somebody has to lead what is left.",
    )
    s.clock.go("2026-04-14 18:00")
    text = (
        "# Make Priya Nair lead of campaign 4, the tide-table widget\n\n"
        "Bram de Vries was last heard of on 30 March. It was Priya's idea, and she would do it. "
        "Whatever is live stays as it is."
    )
    calls = [campaigns.replace_lead(t.dmo, 4, s.address("priya"))]
    t.motions["lead"] = s.propose("priya", calls, text, "nobody answers the clubs")
    s.clock.go("2026-04-14 20:00")
    w["pembagian"] = s.submit("rahim", b["pembagian"], "s8-pembagian", "six mornings, 700 copies")
    w["radio"] = s.submit("citra", b["radio"], "s13-radio", "sixty people laughed on the pier")
    s.clock.go("2026-04-15 05:00")
    s.accept(
        "ayu",
        w["pembagian"],
        "s8-pembagian",
        "the most frequent question becomes the next idea",
    )
    s.accept("ayu", w["radio"], "s13-radio", "even grandmother listened on")
    s.clock.go("2026-04-15 12:00")
    w["widget"] = s.submit(
        "chen",
        b["widget"],
        "s12-widget",
        "Bram does not answer; the work is there for anybody to check",
    )
    s.clock.go("2026-04-16 09:00")
    w["cetak"] = s.submit("bayu", b["cetak"], "s14-cetak", "one copy spent nine hours in water")
    s.clock.go("2026-04-16 15:00")
    s.accept("ayu", w["cetak"], "s14-cetak", "still readable")
    s.clock.go("2026-04-16 20:00")
    s.votes(t.motions["lead"], ["priya", "maren", "diego", "hana", "kofi", "tomas"], ["elena"])
    s.clock.go("2026-04-19 18:00")
    before = points(t.dmo, s.address("bayu"))
    s.do_what_is_due("yusuf", "Rahim's share of this, too, waits as a credit")
    if points(t.dmo, s.address("bayu")) != before:
        raise StoryError("a gift must not earn points")
    s.tell(
        "bayu",
        "was paid 500 USDX from the gift and earned no points",
        "or juries could be bought for the price of gas",
    )
    w["qingdao"] = s.submit("chen", b["riji"], "s9-riji-qingdao", "four tides, one of them in fog")
    w["xiamen"] = s.submit("sumin", b["riji"], "s10-riji-xiamen", "it was muddy, then it cleared")
    w["haibao"] = s.submit("sumin", b["haibao"], "s11-haibao", "readable from two metres")
    s.clock.go("2026-04-20 07:00")
    w["rizhao"] = s.submit("viktor", b["riji"], "s16-riji-rizhao", "this time it names himself")
    s.clock.go("2026-04-20 08:00")
    receipt = s.send("rahim", campaigns.withdraw_credit(t.dmo, s.address("amina")))
    paid = s.number(receipt, "CampaignEscrow", "CreditWithdrawn", "amount")
    s.tell(
        "rahim",
        f"withdraws his credit of {s.written(paid)} to his sister's account",
        "the bank still refuses him, the escrow does not",
    )
    s.clock.go("2026-04-20 19:00")
    s.queue("yusuf", t.motions["lead"], "queues the new lead")
    s.clock.go("2026-04-21 10:00")
    for key, evidence, why in (
        ("qingdao", "s9-riji-qingdao", "four pages, five columns"),
        ("xiamen", "s10-riji-xiamen", "four pages, five columns"),
        ("haibao", "s11-haibao", "the shopkeeper wants a second one"),
        ("rizhao", "s16-riji-rizhao", "four pages, five columns"),
    ):
        s.accept("linwei", w[key], evidence, why)
    _replace_lead(t)


def _replace_lead(t: Tale) -> None:
    """Nothing that is live changes with the lead."""
    s, dmo, widget = t.s, t.dmo, t.work["widget"]
    s.clock.go("2026-04-22 20:00")
    before = escrow.submission(dmo, widget)
    if before.status is not escrow.Status.ACCEPTED:
        raise StoryError("Chen's widget should be accepted by silence")
    s.execute(
        "yusuf",
        t.motions["lead"],
        "executes it: Priya Nair leads campaign 4",
        "Chen's widget, accepted by two silent days before, stays accepted",
    )
    if escrow.submission(dmo, widget) != before or escrow.campaign(dmo, 4).lead != s.address(
        "priya"
    ):
        raise StoryError("a new lead must not touch what is live")
    t.bounties["klub"] = s.bounty(
        "priya", 4, "klub", "500", 1, "2026-04-26", "the help that the idea promised to clubs"
    )


def lessons(t: Tale) -> None:
    """Campaigns end: lessons, fees, what is left."""
    s = t.s
    s.teller.chapter(
        "What was learned",
        "A lead earns the fee in proportion to the work that was paid, and gets it only for "
        "written lessons.",
    )
    s.clock.go("2026-04-30 18:00")
    s.lessons("diego", 1, "c1-talleres", "131 instead of 160, and why")
    s.lessons("oskar", 2, "c2-pipeline", "38 boats instead of 60; somebody has to climb a mast")
    s.lessons("ayu", 3, "c3-komik", "512 families instead of 450")
    s.lessons("priya", 4, "c4-widget", "61 clubs instead of 75, and three weeks without a lead")
    s.lessons("linwei", 5, "c5-riji", "44 instead of 40, and one diary that was none")
    s.clock.go("2026-05-04 12:00")
    s.lessons("ayu", 6, "c6-radio", "27 villages instead of 30; the last three need postcards")
    s.lessons("diego", 7, "c7-aulas", "22 classes instead of 20, and nine teachers who go on")
    s.clock.go("2026-05-08 09:00")
    s.do_what_is_due("yusuf", "the lessons have stood for three days, so the fees are due")


def going_round(t: Tale) -> None:
    """Money back to the treasury, and a credit that waits."""
    s, dmo = t.s, t.dmo
    s.teller.chapter(
        "Money goes round",
        "What was not spent, or lost in disputes, is in the pool again. The holders take part of "
        "it back.",
    )
    s.clock.go("2026-05-26 10:00")
    calls = [campaigns.withdraw_pool(dmo, s.money("2,000"), dmo.words)]
    text = (
        "# Take 2,000 USDX of the pool back into the treasury\n\n"
        "The season is over and the pool holds more than the next round needs."
    )
    motion = s.propose("maren", calls, text, "it was lent to marketing, not given away")
    s.clock.go("2026-05-28 10:00")
    s.votes(motion, ["maren", "oskar", "tomas", "hana"], ["ayu"])
    s.clock.go("2026-06-01 12:00")
    s.queue("yusuf", motion, "queues it")
    s.clock.go("2026-06-03 13:00")
    s.execute(
        "yusuf",
        motion,
        "executes it: 2,000 USDX are back",
        "as with everything here, whoever sends it only saves the others the trouble",
    )
    owed = escrow.credit(dmo, s.address("rahim")).amount
    if not owed:
        raise StoryError("Rahim should have a credit in the end")
    s.tell(
        None,
        f"{CAST['rahim'].name}'s last {s.written(owed)} wait as a credit until he says where to "
        "send them",
    )
