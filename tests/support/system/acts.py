"""What people do in random histories of a whole DMO: the honest by the truth, a coalition as it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.support.models import disputes
from tests.support.models.coalitions import Job
from tests.support.system.governing import GoverningHistory
from tests.support.system.reading import (
    ACCEPTED,
    CONTESTED,
    DISPUTED,
    DONE,
    PAYABLE,
    REJECTED,
    REVIEW,
    VOID,
    live_works,
)
from tests.support.system.stage import DAY, NOBODY, UNIT, digest_of

LEAD_SECONDS = 60
"""Jurors who come are this early: each act takes a second."""


class SystemHistory(GoverningHistory):
    """Random acts of everybody.

    Attributes:
        blocked: Whom the token does not pay.
        reworked: Submissions whose evidence is the second.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.blocked: set[str] = set()
        self.reworked: set[int] = set()

    def step(self) -> None:
        """Do one random act; what has something to act on is likelier."""
        acts = self.acts()
        weights = [weight * (1 if is_sensible else 0.03) for weight, is_sensible in acts.values()]
        self.random.choices(list(acts), weights)[0]()

    def acts(self) -> dict[Callable[[], None], tuple[float, bool]]:
        """Kinds of acts, with their weight and whether they have something to act on."""
        has = {work.status for work in self.reading.works}
        live = sum(work.status != DONE for work in self.reading.works)
        ended = [c for c in self.reading.campaigns if c.ends_at <= self.chain.now]
        return {
            self.work: (14 if live < 5 else 5, bool(self.open_bounties())),
            self.judge: (9, REVIEW in has),
            self.answer: (9, REJECTED in has),
            self.watch: (7, ACCEPTED in has),
            self.uphold: (8, CONTESTED in has),
            self.court: (5, DISPUTED in has or any(job.hearing and job.paid is None for job in self.jobs)),
            self.pay: (6, PAYABLE in has or VOID in has),
            self.fetch: (2, any(work.dispute and work.dispute.pot for work in self.reading.works)),
            self.lessons: (5, any(not c.lessons and not c.live for c in ended)),
            self.closing: (1, bool(ended)),
            self.bounty: (3, len(ended) < len(self.reading.campaigns)),
            self.money: (2.5, True),
            self.credit: (3, any(self.reading.credits.values())),
            self.wait: (8, True),
            self.post_idea: (1, True),
            self.vote: (3, self.posted[self.round_now() - 1] > 0),
            self.settle_round: (4, self.posted[self.round_now() - 2] > 0),
            self.move_votes: (1, True),
            self.propose: (1, True),
            self.vote_on: (4, any(one.is_open(self.chain.now + 1) for one in self.proposals)),
            self.carry_out: (3, any(one.is_due(self.chain.now + 1) for one in self.proposals)),
            self.halt: (0.3, True),
        }

    # -- choosing ---------------------------------------------------------------------------------

    def one_in(self, *statuses: int) -> int:
        """Submission in one of these states; 0 if there is none."""
        fitting = list(live_works(self.reading, *statuses))
        if self.jobs and self.chance(0.04):
            return self.random.randint(1, len(self.jobs))
        return self.random.choice(fitting) if fitting else 0

    def lead_of(self, number: int) -> str:
        return self.reading.campaigns[self.known.offer_of(number).campaign - 1].lead

    def open_bounties(self) -> list[int]:
        found = []
        for i, (bounty, offer) in enumerate(zip(self.reading.bounties, self.known.offers, strict=True), 1):
            until = min(bounty.submit_by, self.reading.campaigns[offer.campaign - 1].ends_at)
            if bounty.free_slots and self.chain.now + 1 < until:
                found.append(i)
        return found

    def insider(self) -> str:
        return self.random.choice(sorted(self.coalition))

    # -- work -------------------------------------------------------------------------------------

    def work(self) -> None:
        bounties = self.open_bounties()
        if not bounties:
            return
        by = self.random.choice(self.people)
        is_good = self.chance(0.35 if self.is_in(by) else 0.7)
        payees = []
        if self.chance(0.3):
            friend = self.insider() if self.is_in(by) else self.random.choice(self.people)
            bps = self.random.choice([1, 999, 1_000, 3_333, 5_000])
            payees = [(by, 10_000 - bps), (friend, bps)]
        wish = disputes.PAYS if self.chance(0.7) else disputes.DOES_NOT_PAY
        self.submit(by, self.random.choice(bounties), payees, is_good=is_good, wish=wish)

    def judge(self) -> None:
        """An honest lead says the truth, or nothing; another what helps its friends."""
        if not (number := self.one_in(REVIEW)):
            return
        job, by, shown = self.jobs[number - 1], self.lead_of(number), self.shown(number)
        accepts = job.is_good
        if self.is_in(by):
            accepts = self.is_in(job.worker) if self.chance(0.8) else self.chance(0.5)
        elif self.chance(0.3):
            return
        if self.chance(0.03):
            by = self.random.choice(self.people)
            accepts = not self.is_in(by) and job.is_good
        if accepts:
            self.act(by, "CampaignEscrow", "acceptWork", number, shown)
        else:
            self.act(by, "CampaignEscrow", "rejectWork", number, shown, digest_of("reason", number))

    def shown(self, number: int) -> bytes:
        return digest_of("work", number, *(["again"] if number in self.reworked else []))

    def answer(self) -> None:
        """An honest worker contests if it did well; if not, it sets things right, or lets go."""
        if not (number := self.one_in(REJECTED)):
            return
        job = self.jobs[number - 1]
        choice = self.random.random()
        if self.is_in(job.worker):
            choices = ("contest", "reworkWork", "withdrawWork")
            function = choices[0] if choice < 0.6 else choices[1] if choice < 0.85 else choices[2]
        elif job.is_good:
            function = "contest" if choice < 0.85 else "reworkWork"
        else:
            function = "reworkWork" if choice < 0.5 else "withdrawWork"
        if function == "contest":
            self.stake(number, job.worker, "contest")
        elif function == "withdrawWork":
            self.end(job.worker, function, [number])
        elif self.act(job.worker, "CampaignEscrow", function, number, digest_of("work", number, "again")):
            self.reworked.add(number)
            job.is_good = job.is_good or not self.is_in(job.worker)

    def watch(self) -> None:
        """Somebody looks at what was accepted: the honest challenge junk, others what they like."""
        if not (number := self.one_in(ACCEPTED)):
            return
        by, job = self.random.choice(self.people), self.jobs[number - 1]
        if not job.is_good if not self.is_in(by) else self.chance(0.5):
            self.stake(number, by, "challenge")

    def uphold(self) -> None:
        """Somebody looks at a contested rejection: the honest stand by it if it is right."""
        if not (number := self.one_in(CONTESTED)):
            return
        by, job = self.random.choice(self.people), self.jobs[number - 1]
        by = self.lead_of(number) if self.chance(0.4) else by
        if not job.is_good if not self.is_in(by) else self.chance(0.6):
            self.stake(number, by, "uphold")

    def pay(self) -> None:
        """Anyone ends what is due, one by one or all at once."""
        function = self.random.choice(["payWork", "payWork", "releaseWork"])
        due = list(live_works(self.reading, PAYABLE if function == "payWork" else VOID))
        if not due or self.chance(0.1):
            due = list(range(1, len(self.jobs) + 1))
        self.random.shuffle(due)
        ids = due[: self.random.choice([1, 1, 20])]
        if ids:
            self.end(self.random.choice(self.people), function, ids)

    def fetch(self) -> None:
        pots = [i for i, work in enumerate(self.reading.works, 1) if work.dispute and work.dispute.pot]
        if pots:
            self.pay_jurors(self.random.choice(pots))

    # -- the court --------------------------------------------------------------------------------

    def hearings(self) -> Iterator[Job]:
        """Disputes before the jury whose reveals have not ended."""
        rules = self.stage.config.jury
        for job in self.jobs:
            if job.hearing and self.chain.now + 1 < job.hearing.opened_at + rules.commit + rules.reveal:
                yield job

    def court(self) -> None:
        """A juror commits or reveals, or a ruling is carried over."""
        known = [job for job in self.jobs if job.hearing]
        if not known:
            return
        live = [job for job in known if job.paid is None] or known
        job, juror = self.random.choice(live), self.random.choice(self.people)
        assert job.hearing
        rules = self.stage.config.jury
        if self.chance(0.05) or job.hearing.opened_at + rules.commit + rules.reveal <= self.chain.now + 1:
            self.act(juror, "Jury", "executeRuling", job.hearing.number)
        elif self.chance(0.5) and job.hearing.commits:
            self.reveal(job, self.random.choice(list(job.hearing.commits)))
        elif juror not in {reveal.juror for reveal in job.hearing.reveals}:
            self.commit(job, juror, self.ruling_of(job, juror))

    def ruling_of(self, job: Job, juror: str) -> int:
        """What a juror says: the honest the truth."""
        return job.wish if self.is_in(juror) else job.truth

    def sit(self, until: int) -> None:
        """Before time passes, the jurors who come commit and reveal."""
        rules = self.stage.config.jury
        for job in sorted(self.hearings(), key=lambda job: job.hearing.opened_at if job.hearing else 0):
            hearing = job.hearing
            assert hearing
            commit_until = hearing.opened_at + rules.commit
            if self.chain.now + 1 < commit_until <= until + LEAD_SECONDS:
                done = {reveal.juror for reveal in hearing.reveals} | set(hearing.commits) | job.parties
                for juror in self.people:
                    comes = self.chance(0.8) if self.is_in(juror) else self.is_diligent
                    if comes and juror not in done and hearing.weights[juror]:
                        self.commit_in_time(job, juror, commit_until)
            if commit_until + rules.reveal <= until + LEAD_SECONDS:
                self.wait_until(commit_until)
                for juror in list(hearing.commits):
                    if self.chain.now + 1 < commit_until + rules.reveal:
                        self.reveal(job, juror)

    def commit_in_time(self, job: Job, juror: str, until: int) -> None:
        if self.chain.now + 1 < until:
            self.commit(job, juror, self.ruling_of(job, juror))

    # -- time -------------------------------------------------------------------------------------

    def edges(self) -> Iterator[int]:
        """Moments when something begins or ends."""
        rules = self.stage.config.jury
        for number, work in enumerate(self.reading.works, 1):
            if work.status == DONE:
                continue
            review, answer, challenge, _, _ = self.known.promise_of(number).windows
            yield from (work.since + review, work.since + answer, work.since + challenge)
            yield work.since + review + challenge
            if work.dispute:
                opened = work.since
                yield from (opened + rules.commit, opened + rules.commit + rules.reveal, work.dispute.until)
        yield from (bounty.submit_by for bounty in self.reading.bounties)
        for campaign, promise in zip(self.reading.campaigns, self.known.promises, strict=True):
            yield from (campaign.ends_at, campaign.ends_at + promise.life)
        yield from self.round_edges()
        yield from self.proposal_edges()

    def wait(self) -> None:
        """To the second before something changes, or to the second it does; the first edges mostly."""
        edges = sorted({edge for edge in self.edges() if edge > self.chain.now + 2})
        edge = edges[0] if self.chance(0.95) else self.random.choice(edges)
        target = min(edge, self.chain.now + 20 * DAY) - self.random.choice([0, 1, 2])
        if self.chance(0.3):
            target = min(target, self.chain.now + self.random.randrange(1, 2 * DAY))
        self.sit(target)
        self.wait_until(target)

    # -- campaigns --------------------------------------------------------------------------------

    def bounty(self) -> None:
        """A lead posts, cancels, reclaims, or ends its campaign early."""
        campaign = self.random.randint(1, len(self.reading.campaigns))
        facts, promise = self.reading.campaigns[campaign - 1], self.known.promises[campaign - 1]
        choice = self.random.random()
        if choice < 0.65:
            is_gift = facts.gift > 0 and self.chance(0.5)
            free = facts.gift if is_gift else promise.ask - promise.fee - facts.voted_used
            slots = self.random.randint(1, 3)
            reward = max(1, self.random.choice([free // slots, free // slots // 2, min(free, 5 * UNIT) // slots, 7]))
            until = self.random.choice([facts.ends_at, min(facts.ends_at, self.chain.now + 5 * DAY)])
            worker = self.random.choice(self.people) if self.chance(0.15) else NOBODY
            params = (campaign, reward, 0, until, slots, is_gift, worker, digest_of("brief"))
            self.act(facts.lead, "CampaignEscrow", "postBounty", params)
        elif choice < 0.75:
            self.act(facts.lead, "CampaignEscrow", "cancelBounty", self.random.randint(1, len(self.known.offers)))
        elif choice < 0.9:
            by = self.random.choice(self.people)
            self.act(by, "CampaignEscrow", "reclaimBounty", self.random.randint(1, len(self.known.offers)))
        else:
            at = self.chain.now + promise.windows[4] + self.random.randint(1, 10 * DAY)
            self.act(facts.lead, "CampaignEscrow", "endEarly", campaign, at)

    def lessons(self) -> None:
        ended = [i for i, c in enumerate(self.reading.campaigns, 1) if c.ends_at <= self.chain.now and not c.lessons]
        if ended:
            campaign = self.random.choice(ended)
            lead = self.reading.campaigns[campaign - 1].lead
            self.file_lessons(lead, campaign, is_good=self.chance(0.4 if self.is_in(lead) else 0.9))

    def closing(self) -> None:
        self.close(self.random.choice(self.people), self.random.randint(1, len(self.reading.campaigns)))

    # -- money ------------------------------------------------------------------------------------

    def money(self) -> None:
        """A gift to a campaign; or the token stops or goes on paying somebody."""
        who = self.random.choice(self.people)
        if self.chance(0.35):
            campaign = self.random.randint(1, len(self.reading.campaigns))
            self.act(who, "CampaignEscrow", "topUp", campaign, self.random.randint(1, 300 * UNIT))
            return
        is_blocked = who not in self.blocked
        if self.act(self.stage.deployer, "Stablecoin", "setBlocked", who, is_blocked):
            self.blocked ^= {who}

    def credit(self) -> None:
        """Anyone delivers, or the owner withdraws to itself or a friend."""
        owners = [who.lower() for who, amount in self.reading.credits.items() if amount]
        who = self.random.choice(owners or self.people)
        if self.chance(0.4):
            self.act(self.random.choice(self.people), "CampaignEscrow", "deliverCredit", who)
        else:
            to = self.insider() if self.is_in(who) else who
            self.act(who, "CampaignEscrow", "withdrawCredit", to)

    def halt(self) -> None:
        self.act(self.stage.guardian.lower(), "CampaignEscrow", "halt")
