"""One history of a whole DMO: what was done, who got what by it, and who is in it together."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from tests.support.models import disputes
from tests.support.models.coalitions import Hearing, Job
from tests.support.models.disputes import FEE, FREE, PAYEES, POOL, REWARD, WORKER, WORKER_BOND, Flow
from tests.support.models.jury import Reveal
from tests.support.remote import Order
from tests.support.system.reading import DONE, Known, Reading, read
from tests.support.system.stage import Stage, digest_of, shares_of


class History:
    """Acts, and the books kept about them.

    Attributes:
        coalition: Accounts in one hand; the others are honest.
        is_diligent: The honest jurors come.
        reading: The escrow after the last act.
        jobs: Every submission, from 1 on.
        fees: What former leads got of each campaign's fee, by campaign and account.
        gifts: What was given away or moved, by account.
    """

    def __init__(self, stage: Stage, source: random.Random) -> None:
        self.stage, self.chain, self.random = stage, stage.chain, source
        self.chain.catch_up()
        self.log: list[str] = []
        self.known = Known()
        self.reading: Reading = read(stage, self.known)
        self.first = dict(self.reading.wealth)
        self.people = [who.lower() for who in stage.people]
        self.coalition = set(source.sample(self.people, source.randint(1, 5)))
        self.is_diligent = source.random() < 0.85
        self.jobs: list[Job] = []
        self.fees: dict[int, Counter[str]] = {}
        self.gifts: Counter[str] = Counter()
        self.weights: dict[tuple[int, str], int] = {}
        self.voted = 0
        self.log.append(f"coalition({sorted(self.name(who) for who in self.coalition)})")

    # -- acting -----------------------------------------------------------------------------------

    def name(self, who: str) -> str:
        return f"p{self.people.index(who)}" if who in self.people else who

    def is_in(self, who: str) -> bool:
        return who in self.coalition

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def refusal(self, by: str, contract: str, function: str, *arguments: Any) -> tuple[str, Any] | None:
        """Why the next block would not take it; None if it would."""
        its = self.stage.contracts[contract]
        return self.chain.refusal(Order(by, its.address, its.data(function, *arguments)), self.chain.now + 1)

    def act(
        self,
        by: str,
        contract: str,
        function: str,
        *arguments: Any,
        about: int = 0,
        then: Callable[[], None] | None = None,
        tells: bool = True,
    ) -> bool:
        """Do it, if it is allowed; False if it is not.

        Args:
            by: Who.
            contract: Its name.
            function: Its function.
            arguments: For it.
            about: The submission whose ledger gets what people gained or lost; 0 for none.
            then: What is known once it is done, before the escrow is read again.
            tells: Whether what people gained or lost is a gift or a move where it is about no submission.
        """
        its = self.stage.contracts[contract]
        order, at = Order(by, its.address, its.data(function, *arguments)), self.chain.now + 1
        told = f"{self.name(by)}: {contract}{tuple(map(self._told, arguments))}"
        if refused := self.chain.refusal(order, at):
            self.log.append(f"{refused[0]}({function} {told})")
            return False
        self.log.append(f"{function}({told})")
        self.chain.send(order, at)
        if then:
            then()
        before, self.reading = self.reading, read(self.stage, self.known)
        if about or tells:
            for who, amount in self.gained(before).items():
                if about:
                    self.jobs[about - 1].add(who, amount)
                else:
                    self.gifts[who] += amount
        return True

    def _told(self, argument: Any) -> Any:
        if isinstance(argument, bytes):
            return argument.hex()[:6]
        return self.name(argument) if isinstance(argument, str) else argument

    def gained(self, before: Reading) -> Counter[str]:
        """What everybody has more than then."""
        now = self.reading.wealth
        return Counter({who.lower(): now[who] - had for who, had in before.wealth.items() if now[who] != had})

    def wait_until(self, moment: int) -> None:
        if moment > self.chain.now:
            self.log.append(f"wait({moment - self.chain.now})")
            self.chain.wait_until(moment)
            self.reading = read(self.stage, self.known)

    # -- work -------------------------------------------------------------------------------------

    def submit(self, by: str, bounty: int, payees: list[tuple[str, int]], *, is_good: bool, wish: int) -> bool:
        """Hand in work, with exactly its bond."""
        number, bond = len(self.jobs) + 1, self.known.offers[bounty - 1].bond
        self.jobs.append(Job(by, payees or [(by, 10_000)], is_good, wish, reward=self.known.offers[bounty - 1].reward))
        shown = digest_of("work", number)
        is_done = self.act(by, "CampaignEscrow", "submitWork", bounty, shown, payees, bond, about=number)
        if not is_done:
            self.jobs.pop()
        return is_done

    def file_lessons(self, by: str, campaign: int, *, is_good: bool) -> bool:
        """Hand in lessons; what former leads earned is paid by that."""
        promise, facts = self.known.promises[campaign - 1], self.reading.campaigns[campaign - 1]
        gross = promise.fee * facts.voted_paid // (promise.ask - promise.fee)
        before = facts.stints[-1][2] if facts.stints else 0
        earned = min(max(0, gross - before - facts.lead_taken), facts.fee_left(promise, len(facts.stints)))
        number, bond = len(self.jobs) + 1, promise.bond_of(earned)
        job = Job(by, [(by, 10_000)], is_good, disputes.PAYS, reward=earned)
        self.jobs.append(job)
        shown, former = digest_of("work", number), self.reading
        if not self.act(by, "CampaignEscrow", "fileLessons", campaign, shown, bond, tells=False):
            self.jobs.pop()
            return False
        gained = self.gained(former)
        gained[by] += bond
        job.add(by, -bond)
        self._fee_paid(campaign, facts.stints, gained)
        assert self.known.offers[self.known.bounty_of[number - 1] - 1].reward == earned
        return True

    def close(self, by: str, campaign: int) -> bool:
        """Close a campaign; what former leads earned is paid by that."""
        before = self.reading
        stints = before.campaigns[campaign - 1].stints
        if not self.act(by, "CampaignEscrow", "closeCampaign", campaign, tells=False):
            return False
        is_now = self.reading.campaigns[campaign - 1].is_fee_settled
        is_first = is_now and not before.campaigns[campaign - 1].is_fee_settled
        self._fee_paid(campaign, stints if is_first else (), self.gained(before))
        return True

    def _fee_paid(self, campaign: int, stints: Iterable[tuple[str, int, int]], gained: Counter[str]) -> None:
        due: Counter[str] = Counter()
        for lead, fee, _ in stints:
            due[lead] += fee
        assert +due == +gained, "former leads get what is booked for them, nobody else anything"
        self.fees.setdefault(campaign, Counter()).update(due)
        self.voted += due.total()

    def flows(self, number: int, *, is_paid: bool, fee_left: int) -> list[Flow]:
        """Where a submission's money goes, by the table of ends."""
        job, offer = self.jobs[number - 1], self.known.offer_of(number)
        if not job.kind:
            ends = [(REWARD, PAYEES, offer.reward), (WORKER_BOND, WORKER, offer.bond)]
            return ends if is_paid else [(REWARD, FREE, offer.reward), (WORKER_BOND, POOL, offer.bond)]
        job.ruling = job.hearing.ruling(job.parties) if job.hearing else disputes.NO_RULING
        assert disputes.is_paid(job.kind, job.ruling) == is_paid, f"submission {number} against its ruling"
        has_jurors = bool(job.hearing and job.hearing.reveals)
        return disputes.flows(job.kind, job.ruling, offer.reward, offer.bond, job.bond, fee_left, has_jurors)

    def end(self, by: str, function: str, ids: list[int]) -> bool:
        """Pay or release work, and compare every unit with the table of ends."""
        before = self.reading
        ended = ids[0] if function == "withdrawWork" else ids
        if not self.act(by, "CampaignEscrow", function, ended, tells=False):
            return False
        expected: Counter[str] = Counter()
        taken: dict[tuple[int, int], int] = {}
        for number in dict.fromkeys(ids):
            was, now = before.works[number - 1], self.reading.works[number - 1]
            if was.status == DONE or now.status != DONE:
                continue
            campaign = self.known.offer_of(number).campaign
            left = before.campaigns[campaign - 1].fee_left(self.known.promises[campaign - 1], was.stint)
            left -= taken.get((campaign, was.stint), 0)
            row = self.flows(number, is_paid=function == "payWork", fee_left=left)
            lost = disputes.total(row, source=FEE)
            taken[campaign, was.stint] = taken.get((campaign, was.stint), 0) + lost
            assert now.dispute is None or now.dispute.pot == disputes.total(row, to=disputes.JURORS)
            expected.update(self._book(number, row))
        gained = self.gained(before)
        assert {who: n for who, n in expected.items() if n} == dict(gained), "the table of ends says otherwise"
        for (campaign, _), lost in taken.items():
            facts = self.reading.campaigns[campaign - 1]
            told = sum(n for (one, _), n in taken.items() if one == campaign)
            assert facts.fee_taken - before.campaigns[campaign - 1].fee_taken == told, f"fee taken: {lost}"
        return True

    def _book(self, number: int, row: list[Flow]) -> Counter[str]:
        """Enter who gets what into a submission's ledger."""
        job = self.jobs[number - 1]
        people = {WORKER: job.worker, disputes.OPENER: job.opener, disputes.UPHOLDER: job.upholder}
        reward = disputes.total(row, source=REWARD, to=PAYEES)
        job.paid = shares_of(reward, job.payees) if reward else {}
        got = Counter(job.paid)
        for _, to, amount in row:
            if to in people:
                got[people[to]] += amount
        for who, amount in got.items():
            job.add(who, amount)
        if not self.known.offer_of(number).is_gift:
            self.voted += reward
        return got

    # -- disputes ---------------------------------------------------------------------------------

    def stake(self, number: int, by: str, function: str) -> bool:
        """Challenge, contest or uphold, with exactly the stake."""
        job = self.jobs[number - 1]
        job.bond = self.known.promise_of(number).bond_of(self.known.offer_of(number).reward)

        def known() -> None:
            self.known.disputed.add(number)

        said = digest_of(function, number)
        if not self.act(by, "DisputeDesk", function, number, job.bond, said, about=number, then=known):
            return False
        dispute = self.reading.works[number - 1].dispute
        assert dispute
        if function == "uphold":
            job.kind, job.upholder = disputes.UPHELD, by
        else:
            job.kind, job.opener = disputes.CONTESTED if function == "contest" else disputes.CHALLENGED, by
        job.lead = dispute.lead
        if function != "contest":
            job.hearing = self.hear(dispute.number)
        return True

    def hear(self, number: int) -> Hearing:
        """A dispute that was opened now, and everybody's weight in it."""
        _, opened, boundary, is_points, *_ = self.stage.ask("Jury", "caseOf", number)
        assert not is_points, "points are too few to judge by"
        (whole,) = self.stage.ask("Jury", "votableSupply", boundary)
        weights = {}
        for who in self.people:
            (weights[who],) = self.stage.ask("Jury", "pastWeight", who, boundary)
            assert self.weights.setdefault((boundary, who), weights[who]) == weights[who]
        return Hearing(number, opened, boundary, whole, self.stage.config.jury.quorum, weights)

    def commit(self, job: Job, juror: str, ruling: int) -> bool:
        """Bind a juror; parties and people without weight are refused."""
        hearing = job.hearing
        assert hearing
        salt = digest_of("salt", hearing.number, juror, ruling)
        (word,) = self.stage.ask("Jury", "commitmentFor", hearing.number, juror, ruling, salt)
        may = juror not in job.parties and hearing.weights[juror] > 0
        may = may and self.chain.now + 1 < hearing.opened_at + self.stage.config.jury.commit
        is_done = self.act(juror, "Jury", "commit", hearing.number, word.to_bytes(32))
        assert is_done == may
        if is_done:
            hearing.commits[juror] = (ruling, salt)
        return is_done

    def reveal(self, job: Job, juror: str) -> bool:
        """Show what a juror was bound to; it weighs what it weighed when the dispute was opened."""
        hearing = job.hearing
        assert hearing
        ruling, salt = hearing.commits[juror]
        by = self.random.choice(self.people)
        if not self.act(by, "Jury", "reveal", hearing.number, juror, ruling, salt):
            return False
        told, weight = self.stage.ask("Jury", "revealOf", hearing.number, juror)
        assert (told, weight) == (ruling, hearing.weights[juror])
        del hearing.commits[juror]
        hearing.reveals.append(Reveal(juror, weight, ruling))
        return True

    def pay_jurors(self, number: int) -> bool:
        """Pay a pot out."""
        return self.act(self.people[0], "DisputeDesk", "payJurors", number, list(self.people), about=number)
