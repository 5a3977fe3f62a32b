"""Disputes on the stage: both sides speak, jurors commit and reveal, the money moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dmo.client import disputes, escrow, reputation, settlements
from dmo.client.disputes import Dispute, Ruling
from dmo.core.abi.codec import keccak
from dmo.core.units import WAD
from dmo.report.facts import ending
from dmo.report.words import moved_words
from dmo.story.cast import CAST
from dmo.story.clock import StoryError
from dmo.story.stage import Stage

__all__ = ["Courtroom"]

_VOTES = {Ruling.PAY: "to pay", Ruling.REFUSE: "not to pay"}


class Courtroom:
    """Every act of a dispute, by the submission it is about.

    Args:
        stage: Where it is played.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._rulings: dict[tuple[int, str], Ruling] = {}

    def _dispute(self, submission: int) -> Dispute:
        return disputes.dispute(self._stage.dmo, submission)

    def _salt(self, case: int, juror: str) -> bytes:
        # Jurors' salts are random; these are derived, so that two runs cost the same gas.
        return keccak(f"{case} {juror}".encode())

    def open(self, who: str, submission: int, statement: str, why: str) -> None:
        """Dispute a rejection or challenge an acceptance, saying why in a document."""
        s = self._stage
        doc = s.publish(who, statement)
        asked = disputes.price(s.dmo, submission)
        s.allow(who, asked.bond)
        s.send(who, disputes.open_dispute(s.dmo, asked, doc.digest, s.dmo.words))
        act = "challenges the acceptance" if asked.is_challenge else "disputes the rejection"
        bond = s.written(asked.bond)
        s.tell(who, f"{act} of work {submission}, with a bond of {bond}: “{doc.title}”", why)
        self._bench(submission)

    def _bench(self, submission: int) -> None:
        """Tell who can be juror: who held points, or the votes token, one second before."""
        s = self._stage
        jury = self._dispute(submission).jury
        if jury is None:
            raise StoryError("another arbitrator than the jury was asked")
        total = f"{reputation.total(s.dmo) // WAD:,}"
        least = f"{s.dmo.record('Jury', 'juryFrame')['min_points'] // WAD:,}"
        votes = s.dmo.votes_token.symbol
        words, why = (
            ("Jurors come from reputation", f"{total} points exist, {least} were needed")
            if jury.is_from_reputation
            else (f"Jurors come from {votes}", f"{total} points exist, {least} are needed")
        )
        s.tell(None, f"{words}; weight counts as it was a second before", why)

    def give(self, who: str, submission: int, path: str, why: str) -> None:
        """Give evidence: a document of either side, or of anybody."""
        doc = self._stage.publish(who, path)
        call = disputes.submit_evidence(self._stage.dmo, submission, doc.digest)
        words = f"gives evidence in the dispute about work {submission}: “{doc.title}”"
        self._stage.act(who, call, words, why)

    def refuse_juror(self, who: str, submission: int, words: str) -> None:
        """Let a party try to be juror."""
        case = self._dispute(submission).case
        call = disputes.commit_ruling(self._stage.dmo, case, bytes(31) + b"\1")
        self._stage.refused(who, call, "JuryParty", words)

    def commit(self, submission: int, rulings: Mapping[str, Ruling], why: str) -> None:
        """Let jurors commit, each to a ruling that nobody can read yet."""
        s, case = self._stage, self._dispute(submission).case
        for who, ruling in rulings.items():
            account = s.address(who)
            salt = self._salt(case, account)
            committed = disputes.commitment(s.dmo, case, account, ruling, salt)
            s.send(who, disputes.commit_ruling(s.dmo, case, committed))
            self._rulings[case, who] = ruling
        people = _and([CAST[who].name for who in rulings])
        s.tell(None, f"{people} commit to a ruling about work {submission}", why)

    def reveal(self, submission: int, jurors: Sequence[str], why: str) -> None:
        """Let jurors reveal what they committed to."""
        s, one = self._stage, self._dispute(submission)
        for who in jurors:
            account, ruling = s.address(who), self._rulings[one.case, who]
            salt = self._salt(one.case, account)
            s.send(who, disputes.reveal_ruling(s.dmo, one.case, account, ruling, salt))
        unit = "points" if one.jury and one.jury.is_from_reputation else s.dmo.votes_token.symbol
        said = []
        for ruling, words in _VOTES.items():
            side = [who for who in jurors if self._rulings[one.case, who] is ruling]
            weight = sum(
                disputes.juror_weight(s.dmo, one.case, s.address(who)) // WAD for who in side
            )
            if side:
                people = _and([CAST[who].name for who in side])
                said.append(f"{people} {words} ({weight:,} {unit})")
        s.tell(None, f"Jurors about work {submission} reveal: {'; '.join(said)}", why)

    def outcome(self, submission: int, ruling: Ruling) -> None:
        """Tell what a settled dispute moved.

        Raises:
            StoryError: It was ruled otherwise, or jurors wait for their pay.
        """
        s, one = self._stage, self._dispute(submission)
        if one.ruling is not ruling or one.pot:
            raise StoryError(f"the dispute about work {submission} went another way")
        names = s.names()
        worker = escrow.submission(s.dmo, submission).worker
        moved = settlements.settlement(s.dmo, submission)
        said = moved_words(moved, worker, lambda account: names[account], s.written)
        s.tell(None, f"Work {submission}: {ending(one.is_challenge, one.ruling)}", "; ".join(said))


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
