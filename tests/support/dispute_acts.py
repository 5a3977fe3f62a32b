"""What everybody does with disputes in random histories: parties, arbitrators, jurors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.escrow_acts import EscrowActs
from tests.support.escrow_stage import PEOPLE, digest_of
from tests.support.models import escrow_facts as model
from tests.support.models.arbitrators import PLAINLY, REVERTING, SAYING_NOTHING


class DisputeActs(EscrowActs):
    """Random acts, disputes among them."""

    def acts(self) -> dict[Callable[[], None], tuple[int, bool]]:
        states, known = self.states(), self.model.disputes.values()
        return super().acts() | {
            self.dispute: (24, bool(states & {model.REJECTED, model.ACCEPTED, model.CONTESTED_NOW})),
            self.arbitrate: (20, model.DISPUTED in states),
            self.jurors: (4, any(dispute.pot for dispute in known)),
        }

    def dispute(self) -> None:
        """What the work there is calls for, mostly."""
        states = self.states() if self.chance(0.9) else set(range(model.DONE))
        steps = {self.challenge: model.ACCEPTED, self.contest: model.REJECTED, self.uphold: model.CONTESTED_NOW}
        fitting = [step for step, status in steps.items() if status in states]
        self.one(*fitting, *fitting, self.evidence)

    def arbitrate(self) -> None:
        """Whoever decides a dispute gets on with it, or does something else."""
        dispute = self.model.disputes.get(self.disputed())
        if dispute and dispute.arbitrator is self.jury:
            self.one(self.hear, self.hear, self.vote)
        else:
            self.one(self.rule, self.rule, self.tell_shares, self.tell_ruling, self.misbehave, self.vote)

    def jurors(self) -> None:
        self.one(self.pay_jurors, self.pay_jurors, self.expire_jurors)

    def vote(self) -> None:
        self.one(self.commit, self.reveal, self.execute)

    # -- disputes ---------------------------------------------------------------------------------

    def challenge(self) -> None:
        self.bring("challenge", self.model.challenge, model.ACCEPTED, self.person())

    def contest(self) -> None:
        self.bring("contest", self.model.contest, model.REJECTED, None)

    def uphold(self) -> None:
        self.bring("uphold", self.model.uphold, model.CONTESTED_NOW, self.person())

    def bring(self, name: str, in_model: Callable[..., Any], status: int, by: str | None) -> None:
        """A step of work towards an arbitrator; nobody named is the worker."""
        work = self.work_in(status)
        for _ in range(2):  # mostly one that can be disputed
            if work <= len(self.model.works) and not self.model.campaign_of(work).terms.arbitrator:
                work = self.work_in(status)
        who = by or self.worker_of(work)
        value = bond = 0
        if work <= len(self.model.works):
            terms = self.model.campaign_of(work).terms
            bond = terms.bond_of(self.model.bounties[self.model.works[work - 1].bounty - 1].reward)
            value = terms.arbitrator.cost if terms.arbitrator and by else 0
        if by and self.chance(0.05):
            value += 1
        amount = self.stake(bond)
        known = (lambda now: in_model(now, who, work, value, amount)) if by else None
        self.staking(
            known or (lambda now: in_model(now, who, work, amount)),
            self.stage.desk,
            name,
            work,
            amount,
            digest_of(self.number()),
            by=who,
            value=value,
        )

    def disputed(self) -> int:
        """A disputed submission, mostly one whose dispute is open."""
        opened = [i for i in self.model.disputes if self.model.works[i - 1].state == "disputed"]
        known = opened if opened and self.chance(0.8) else list(self.model.disputes)
        if known and self.chance(0.95):
            return self.random.choice(known)
        return self.one_of(len(self.model.works))

    def evidence(self) -> None:
        work = self.disputed()
        self.act(
            lambda now: self.model.add_evidence(now, work),
            self.stage.desk,
            "submitEvidence",
            work,
            digest_of(self.number()),
            by=self.person(),
        )

    def rule(self) -> None:
        """A hostile arbitrator rules, sometimes twice, late, or what it was never asked."""
        name = self.random.choice(list(self.stage.arbitrators))
        work, dispute = self.disputed(), self.random.randrange(4)
        facts = self.model.disputes.get(work)
        for its_name, arbitrator in self.memory.hostile.items():
            if facts and facts.arbitrator is arbitrator and facts.number is not None:
                name, dispute = its_name, facts.number
        at = self.stage.arbitrators[name]
        ruling = self.random.choice([0, 1, 1, 1, 2, 2, 2, 3, 2**256 - 1])
        if self.chance(0.05):
            by = self.person()
            self.act(
                lambda now: self.model.rule(now, by, dispute, ruling), self.stage.desk, "rule", dispute, ruling, by=by
            )
            return
        self.act(
            lambda now: self.model.rule(now, at.address, dispute, ruling),
            at,
            "ruleAt",
            self.stage.desk.address,
            dispute,
            ruling,
            by=self.person(),
        )

    def hostile(self) -> tuple[str, int]:
        """A hostile arbitrator and a dispute, mostly one it has."""
        cases = [
            (name, dispute.number)
            for name, arbitrator in self.memory.hostile.items()
            for dispute in self.model.disputes.values()
            if dispute.arbitrator is arbitrator and not dispute.settled_at and dispute.number is not None
        ]
        if cases and self.chance(0.9):
            return self.random.choice(cases)
        return self.random.choice(list(self.stage.arbitrators)), self.random.randrange(4)

    def tell(self, name: str, change: Callable[[], Any], function: str, *arguments: Any) -> None:
        at = self.stage.arbitrators[name]
        self.act(lambda now: change(), at, function, *arguments, by=self.person())

    def tell_shares(self) -> None:
        name, dispute = self.hostile()
        facts = self.memory.hostile[name]
        weights = [(self.person(), self.random.choice([0, 1, 7, 10**18])) for _ in range(self.random.randint(1, 4))]
        if self.chance(0.05):
            weights.append((self.stage.escrow.address, 3))
        self.tell(
            name,
            lambda: facts.set_shares(dispute, weights),
            "setShares",
            dispute,
            [juror for juror, _ in weights],
            [weight for _, weight in weights],
        )

    def tell_ruling(self) -> None:
        name, dispute = self.hostile()
        ruling = self.random.choice([0, 1, 1, 2, 2, 3])
        rulings = self.memory.hostile[name].rulings
        self.tell(name, lambda: rulings.update({dispute: ruling}), "setRuling", dispute, ruling)

    def misbehave(self) -> None:
        name, dispute = self.hostile()
        facts = self.memory.hostile[name]
        choose = self.random.choice
        juror, start, end = self.person(), *(choose([0, 1, 5, 2**256 - 1]) for _ in range(2))
        tellings = [PLAINLY, PLAINLY, REVERTING, SAYING_NOTHING]
        if self.chance(0.2):
            told = (dispute, juror, start, end)
            change = {(dispute, juror): (start, end)}
            self.tell(name, lambda: facts.shares.update(change), "setShare", *told)
            return
        attribute, function, value = choose(
            [
                ("cost", "setCost", choose([0, 0, 5])),
                ("refuses", "setRefusing", not facts.refuses and self.chance(0.5)),
                *2 * [("next_number", "setNextID", choose([0, dispute, dispute, 40]))],
                ("telling", "setTelling", choose(tellings)),
            ]
        )
        self.tell(name, lambda: setattr(facts, attribute, value), function, value)

    def pay_jurors(self) -> None:
        pots = [work for work, dispute in self.model.disputes.items() if dispute.pot]
        work = self.random.choice(pots) if pots and self.chance(0.9) else self.disputed()
        jurors = [self.person() for _ in range(self.random.randrange(5))]
        if self.chance(0.05):
            jurors.append(self.stage.escrow.address)
        self.pay_jurors_of(work, jurors)

    def pay_jurors_of(self, work: int, jurors: list[str]) -> None:
        self.act(
            lambda now: self.model.pay_jurors(now, work, jurors),
            self.stage.desk,
            "payJurors",
            work,
            jurors,
            by=self.people["stranger"],
        )

    def expire_jurors(self) -> None:
        self.expire_jurors_of(self.disputed())

    def expire_jurors_of(self, work: int) -> None:
        self.act(
            lambda now: self.model.expire_jurors(now, work),
            self.stage.desk,
            "expireJurors",
            work,
            by=self.people["stranger"],
        )

    # -- the jury ---------------------------------------------------------------------------------

    def case(self) -> int:
        """A dispute before the jury, mostly the last."""
        count = len(self.jury.cases)
        return count if count and self.chance(0.6) else self.one_of(count)

    def commit(self) -> None:
        self.commit_to(self.case(), self.person())

    def commit_to(self, dispute: int, juror: str) -> None:
        """A ruling with a fresh salt; sometimes nothing, or another's commitment."""
        ruling, salt = self.random.choice([1, 1, 2]), digest_of(self.number())
        commitment = self.jury.commitment(dispute, juror, ruling, salt)
        if self.chance(0.05):
            copied = [c for case in self.jury.cases for c in case.commitments.values()]
            commitment = self.random.choice([bytes(32), *copied])
        if self.act(
            lambda now: self.jury.commit(now, juror, dispute, commitment),
            self.stage.jury,
            "commit",
            dispute,
            commitment,
            by=juror,
        ):
            self.memory.secrets[dispute, juror] = (ruling, salt)

    def reveal(self) -> None:
        known = list(self.memory.secrets) or [(1, self.people["other"])]
        self.reveal_of(*self.random.choice(known))

    def reveal_of(self, dispute: int, juror: str) -> None:
        ruling, salt = self.memory.secrets.get((dispute, juror), (1, digest_of(0)))
        if self.chance(0.07):
            ruling, salt = self.random.choice([(3 - ruling, salt), (ruling, digest_of(1)), (3, salt)])
        self.act(
            lambda now: self.jury.reveal(now, dispute, juror, ruling, salt),
            self.stage.jury,
            "reveal",
            dispute,
            juror,
            ruling,
            salt,
            by=self.person(),
        )

    def execute(self) -> None:
        self.execute_now(self.case())

    def execute_now(self, dispute: int) -> None:
        self.act(
            lambda now: self.jury.execute(now, dispute),
            self.stage.jury,
            "executeRuling",
            dispute,
            by=self.people["stranger"],
        )

    def hear(self) -> None:
        """Bring a dispute before the jury to its end, while others do nothing."""
        heard = [i for i in range(1, len(self.jury.cases) + 1) if self.chain.now + 5 < self.jury.windows(i)[0]]
        if not heard:
            self.vote()
            return
        dispute = self.random.choice(heard)
        jurors = self.random.sample(PEOPLE, self.random.randint(1, 4))
        for role in jurors:
            self.commit_to(dispute, self.people[role])
        commit_until, reveal_until = self.jury.windows(dispute)
        self.wait_until(commit_until)
        for role in jurors:
            if self.chance(0.9):
                self.reveal_of(dispute, self.people[role])
        self.wait_until(reveal_until - self.random.randrange(3))
        self.execute_now(dispute)
