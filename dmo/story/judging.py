"""The story's disputes, 9 to 30 April: a rejection overturned, a challenge won, one undecided."""

from __future__ import annotations

from dmo.client.disputes import Ruling
from dmo.story.tale import Tale

__all__ = ["doubts", "puck"]

PAY, REFUSE = Ruling.PAY, Ruling.REFUSE


def puck(t: Tale) -> None:
    """A worker disputes a rejection, and holders overturn it."""
    s, court, work = t.s, t.court, t.work["puck"]
    s.teller.chapter(
        "A rejection, before the jury",
        "Zoe and Rahim did what the brief asks, and were turned down for what it does not say. A "
        "worker may dispute that. Jurors commit to a ruling unseen, reveal it later, and live from "
        "the bonds and fees that disputes move.",
    )
    s.clock.go("2026-04-09 12:00")
    court.open(
        "zoe", work, "reasons/puck-is-instrument", "a reason that is not in the brief is none"
    )
    s.clock.go("2026-04-09 18:00")
    court.give("rahim", work, "evidence/s5-karnaphuli", "the longest of the three days offline")
    s.clock.go("2026-04-10 08:00")
    court.give("oskar", work, "reasons/puck-what-i-meant", "the other side")
    s.clock.go("2026-04-10 20:00")
    court.refuse_juror("oskar", work, "would judge his own verdict, with 110,000 votes")
    s.clock.go("2026-04-11 18:00")
    court.commit(
        work,
        {"maren": PAY, "hana": PAY, "tomas": REFUSE, "diego": PAY, "kofi": PAY},
        "nobody can copy, or be paid by, what nobody can see",
    )
    s.clock.go("2026-04-12 10:00")
    s.do_what_is_due(
        "yusuf",
        "meanwhile: Mateo's video, Citra's comic; nobody took the third block of workshops, so "
        "its money is free",
    )
    s.clock.go("2026-04-12 13:00")
    court.reveal(
        work, ["maren", "hana", "tomas", "diego", "kofi"], "a tenth of all votes is the quorum"
    )
    s.clock.go("2026-04-14 13:00")
    s.do_what_is_due(
        "yusuf", "now Zoe is paid, and Rahim's share, as the token refuses him, becomes a credit"
    )
    court.outcome(work, PAY)


def doubts(t: Tale) -> None:
    """Two acceptances are challenged: one falls, about the other nobody decides."""
    s, w, b, court = t.s, t.work, t.bounties, t.court
    s.teller.chapter(
        "Doubt has a price",
        "A lead can be careless, or a friend. Until three days after an acceptance anybody may "
        "challenge it with a bond: who is right earns, who is wrong pays.",
    )
    s.clock.go("2026-04-23 09:00")
    court.open(
        "chen", w["rizhao"], "reasons/riji-chaolai", "his eight numbers, and his fog, elsewhere"
    )
    s.clock.go("2026-04-23 13:00")
    s.do_what_is_due("yusuf", "Chen's widget among them, accepted by silence")
    s.clock.go("2026-04-23 16:00")
    w["caja"] = s.submit(
        "isabel",
        b["caja"],
        "s15-caja",
        "tried with two classes; Rahim drew the key: 20 %",
        payees={"isabel": 80, "rahim": 20},
    )
    s.clock.go("2026-04-23 20:00")
    court.give("viktor", w["rizhao"], "reasons/riji-same-water", "that is all he says")
    s.clock.go("2026-04-24 06:00")
    court.give("sumin", w["rizhao"], "evidence/s16-duibi", "she knows neither of them")
    s.clock.go("2026-04-24 09:00")
    s.accept("diego", w["caja"], "s15-caja", "it prints in black and white")
    s.clock.go("2026-04-25 09:00")
    court.commit(
        w["rizhao"],
        {"citra": REFUSE, "mateo": REFUSE, "isabel": REFUSE, "rahim": REFUSE},
        "people who were paid for work judge work",
    )
    s.clock.go("2026-04-25 12:00")
    court.open("elena", w["caja"], "reasons/caja-gris", "her daughter's printer says otherwise")
    s.clock.go("2026-04-25 18:00")
    w["klub"] = s.submit("zoe", b["klub"], "s17-klub", "three days on the telephone")
    s.clock.go("2026-04-25 20:00")
    court.give("isabel", w["caja"], "evidence/s15-clave", "the very sheet that two classes used")
    s.clock.go("2026-04-26 08:00")
    s.accept("priya", w["klub"], "s17-klub", "she called three of the clubs herself")
    s.clock.go("2026-04-26 10:00")
    court.reveal(w["rizhao"], ["citra", "mateo", "isabel", "rahim"], "nobody believes in such fog")
    s.clock.go("2026-04-26 20:00")
    s.do_what_is_due("yusuf", "the three other pieces that Lin Wei accepted")
    s.clock.go("2026-04-27 09:00")
    court.commit(w["caja"], {"zoe": PAY, "citra": REFUSE}, "only two of all who could")
    s.clock.go("2026-04-28 10:00")
    s.do_what_is_due("yusuf", "the copied diary is not paid, and its bond is lost")
    court.outcome(w["rizhao"], REFUSE)
    s.clock.go("2026-04-28 13:00")
    court.reveal(
        w["caja"], ["zoe"], "Citra is at sea and forgets hers; a voice not revealed is none"
    )
    s.clock.go("2026-04-30 13:00")
    s.do_what_is_due(
        "yusuf", "a tenth of all points was needed; without a ruling the lead's yes stands"
    )
    court.outcome(w["caja"], Ruling.NONE)
