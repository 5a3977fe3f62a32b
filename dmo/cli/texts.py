"""All texts of the command line. Examples here stand in the help, in docs/cli.md, and run in tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dmo.agenda import Item
    from dmo.cli.session import Session
    from dmo.client.ideas import Tally
    from dmo.home.ballots import Choice
    from dmo.home.rounds import Phase, RoundTimes

# ── the root ────────────────────────────────────────────────────────────────────────────────────

ROOT = """Holders propose ideas, vote budgets to the best, run campaigns, and pay work for bounties.

\b
What can I do now?   dmo status
What runs?           dmo round show, dmo campaign list, dmo bounty list
How do I …?          dmo <noun> <verb> --help shows an example of each

Amounts are whole tokens (1500, 12.5), times carry a unit (21d, +14d, 2027-03-31), shares a
percent sign (10%). Every act is tried first and explained before it is sent."""
ROOT_EPILOG = """\b
Settings: DMO_DEPLOYMENT, DMO_RPC, DMO_ACCOUNT, DMO_KEYSTORE_DIR, DMO_PASSWORD_FILE, DMO_YES,
DMO_STORE, DMO_GATEWAYS, NO_COLOR; docs/cli.md explains them.
Exit codes: 0 done, 1 refused, 2 bad input, 3 network, 10 something is due, 130 interrupted."""
GROUPS = (
    ("Every day", ("status", "due")),
    ("Ideas and votes", ("idea", "ballot", "round", "token", "govern")),
    (
        "Campaigns and work",
        ("campaign", "bounty", "work", "dispute", "credit", "lesson", "points"),
    ),
    ("Everything else", ("document", "account", "report", "replay", "time", "verify")),
)
SHORT_TITLE = "Short forms"

NOUNS = {
    "idea": "Ideas: write, post, change, withdraw, read.",
    "ballot": "Ballots: vote on a round's ideas.",
    "round": "Rounds: what is posted and voted on, and settling it.",
    "campaign": "Campaigns: funded ideas and their money.",
    "bounty": "Bounties: paid tasks of a campaign.",
    "work": "Work: hand in, judge, pay.",
    "dispute": "Disputes: judged work, judged again by a jury.",
    "credit": "Credits: payments that wait for their owner.",
    "lesson": "Lessons: what a campaign taught; its lead's last act.",
    "token": "Tokens: votes, lending them, wrapping.",
    "govern": "Governance: proposals for what is rare and grave.",
    "points": "Points: reputation earned by paid work.",
    "document": "Documents: publish, find by digest, verify.",
    "account": "Accounts: keystores on this machine.",
}

# noun and verb: (summary, examples, details)
COMMANDS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "status": (
        "What I can do now, and until when.",
        ("dmo status", "dmo status bob --all"),
        "At most ten lines, the earliest deadline first. ● waits for you, ○ is an opportunity. "
        "Exit code 10 when something waits.",
    ),
    "due": (
        "What anybody could do now to move things on.",
        ("dmo due",),
        "Settling, paying, releasing and closing need no permission; these lists are what such a "
        "call would do now.",
    ),
    "report": (
        "Write a page about a deployment, from chain data alone.",
        ("dmo report --out report.html",),
        "",
    ),
    "replay": (
        "What would we have funded? Replay another DAO's votes.",
        (
            "dmo replay --holders examples/history/holders.csv --votes examples/history/votes.csv --out replay.json",
        ),
        "",
    ),
    "idea new": (
        "Write a commented template of an idea.",
        ("dmo idea new idea.md",),
        "Fill it in with any editor, then post it.",
    ),
    "idea post": (
        "Post an idea in the current round.",
        ("dmo idea post idea.md --ask 1500 --duration 21d --fee 10%",),
        "The document is checked, kept in the local store, and bound by its digest. On test "
        "networks its text is published on the chain as well; on others say --publish, or hand "
        "the file around: its digest proves it.",
    ),
    "idea edit": (
        "Replace one's idea by a new version, until its vote opens.",
        ("dmo idea edit 1/1 idea.md --ask 1200",),
        "It takes a new number, because a number binds its content; at most four versions. What "
        "is not named stays as it was.",
    ),
    "idea withdraw": (
        "Withdraw one's idea, until its vote opens.",
        ("dmo idea withdraw 1/2",),
        "",
    ),
    "idea show": (
        "Show an idea: document, ask, votes.",
        ("dmo idea show 1/3",),
        "The text is looked for in the local store, on the chain, then at gateways, and hashed "
        "before it is shown.",
    ),
    "idea list": (
        "List the ideas of a round.",
        ("dmo idea list", "dmo idea list 1"),
        "Without a round, the latest with ideas.",
    ),
    "ballot cast": (
        "Vote: +N for idea N, -N against.",
        (
            "dmo ballot cast 1 +3 -4",
            "dmo vote +3 --keep",
            "dmo ballot cast 1 --for 3,5 --against 4",
        ),
        "A ballot is whole: it replaces your earlier one of the round. --keep carries over what "
        "you do not name. Without a round, the one being voted on.",
    ),
    "ballot sign": (
        "Sign a ballot for somebody else to send, so that voting is free.",
        ("dmo ballot sign 1 +3 -4 --out ballot.json",),
        "With --calldata it prints the EIP-712 data for a wallet to sign.",
    ),
    "ballot relay": (
        "Send ballots that others signed; bad ones are skipped.",
        ("dmo ballot relay ballot.json",),
        "",
    ),
    "ballot show": (
        "Show an account's latest ballot.",
        ("dmo ballot show", "dmo ballot show bob"),
        "",
    ),
    "round show": (
        "Show a round: times, budget, ideas in the order of support.",
        ("dmo round show", "dmo round show 1"),
        "Without a number, the round being voted on, else the one being posted.",
    ),
    "round settle": (
        "Settle a round after its vote: fund what passed, as far as the budget reaches.",
        ("dmo round settle",),
        "Anybody may. Without a number, the round that is due.",
    ),
    "campaign show": (
        "Show a campaign: money, bounties, lead's fee.",
        ("dmo campaign show 1",),
        "",
    ),
    "campaign list": ("List all campaigns.", ("dmo campaign list",), ""),
    "campaign deposit": (
        "Pay money into the pool that rounds are funded from.",
        ("dmo campaign deposit 500",),
        "Usually the treasury does, by a proposal; anybody may. Only governance takes it out again.",
    ),
    "campaign close": (
        "Close what can be closed of an ended campaign.",
        ("dmo campaign close 1",),
        "What is left goes back to the pool. Anybody may.",
    ),
    "campaign top-up": (
        "Give money to a campaign.",
        ("dmo campaign top-up 1 50",),
        "A gift: it pays for more bounties and earns nobody points. What is left returns to the "
        "pool. The approval the token needs is asked for in the same step.",
    ),
    "bounty new": (
        "Write a commented template of a brief.",
        ("dmo bounty new brief.md",),
        "",
    ),
    "bounty post": (
        "Post a bounty and set its money aside.",
        ("dmo bounty post 1 brief.md --reward 300 --slots 2 --until +7d",),
        "For the campaign's lead. The worker's bond is a tenth of the reward unless --bond says "
        "otherwise.",
    ),
    "bounty cancel": (
        "Cancel a bounty, one notice period from now.",
        ("dmo bounty cancel 2",),
        "For the lead. What was handed in by then is judged and paid as promised.",
    ),
    "bounty reclaim": (
        "Free the money of a closed bounty's empty slots.",
        ("dmo bounty reclaim 2",),
        "Anybody may.",
    ),
    "bounty show": (
        "Show a bounty: is it funded, what does the lead pay like, when is pay-day.",
        ("dmo bounty show 1",),
        "",
    ),
    "bounty list": ("List open bounties.", ("dmo bounty list", "dmo bounty list --all"), ""),
    "work new": (
        "Write a template of evidence (or, for a lead, of a reason).",
        ("dmo work new evidence.md", "dmo work new reason.md --kind reason"),
        "Evidence names its worker, so a copy by somebody else is worth nothing.",
    ),
    "work submit": (
        "Hand in work for a bounty.",
        (
            "dmo work submit 1 evidence.md",
            "dmo work submit 1 evidence.md --payee me:60% --payee carol:40%",
        ),
        "If the lead says nothing in time, silence accepts. The bond comes back with the pay.",
    ),
    "work rework": (
        "Answer a rejection with better evidence; once.",
        ("dmo work rework 2 evidence.md",),
        "",
    ),
    "work withdraw": (
        "Take one's work back; the bond goes to the pool.",
        ("dmo work withdraw 4",),
        "",
    ),
    "work accept": (
        "Accept work; for the lead.",
        ("dmo work accept 1",),
        "Shows the evidence first and binds to exactly that.",
    ),
    "work reject": (
        "Reject work with a reason; for the lead.",
        ('dmo work reject 2 --because "The link is broken."', "dmo work reject 2 reason.md"),
        "The worker can rework it once, or dispute it. An unanswered rejection stands.",
    ),
    "work pay": (
        "Pay accepted work after the challenge window.",
        ("dmo work pay 1", "dmo work pay"),
        "Anybody may. Without numbers, everything payable, and the jurors of settled disputes.",
    ),
    "work release": (
        "Free the money of void work.",
        ("dmo work release 3", "dmo work release"),
        "Anybody may. Without numbers, everything void.",
    ),
    "work list": (
        "List work that I handed in or judge.",
        ("dmo work list", "dmo work list --all"),
        "The latest first; everybody's with --all, or if nobody says who is asking.",
    ),
    "work show": (
        "Show a submission: state, evidence, reason, pay-day.",
        ("dmo work show 1",),
        "",
    ),
    "dispute new": (
        "Write a template of a statement: why a verdict on work is wrong.",
        ("dmo dispute new statement.md", "dmo dispute new more.md --kind evidence"),
        "A statement is a reason; what can be shown as files is evidence, which names who gives it.",
    ),
    "dispute open": (
        "Dispute the rejection of one's work, or challenge accepted work; with a bond.",
        ("dmo dispute open 6 statement.md",),
        "Only its worker disputes a rejection, while it can still be answered; anybody challenges an "
        "acceptance, spoken or silent, until the work is payable. One dispute per submission, and "
        "what is ruled is final. The preview shows what every ruling would bring, to the unit, and "
        "the approval the bond needs is asked for in the same step.",
    ),
    "dispute evidence": (
        "Add evidence to an open dispute.",
        ("dmo dispute evidence 6 evidence.md",),
        "Anybody may, until it is ruled or its time is over: a reason, or evidence that names you.",
    ),
    "dispute show": (
        "Show a dispute as its jurors need it: documents, stakes, time left, what to type next.",
        ("dmo dispute show 6", "dmo dispute show 6 --all"),
        "Every text is looked for by its digest and hashed before it is shown. Parties' come first, and "
        "of everybody the first before anybody's second; --all shows every text, however many.",
    ),
    "dispute list": (
        "List disputes that still move.",
        ("dmo dispute list", "dmo dispute list --all"),
        "",
    ),
    "dispute commit": (
        "Commit to a ruling, in secret; for jurors.",
        ("dmo dispute commit 6 pay", "dmo dispute commit 7 refuse --salt-file salt.json"),
        "pay: the work is paid, whatever its lead said; refuse: it is not. The salt that reveals the "
        "ruling is written beside the keystores before anything is sent; whoever loses it loses the "
        "voice. A later commitment replaces an earlier one. --salt-file writes a second copy, to "
        "reveal from another machine.",
    ),
    "dispute reveal": (
        "Reveal committed rulings, once commitments have ended.",
        (
            "dmo dispute reveal 6",
            "dmo dispute reveal --all",
            "dmo dispute reveal 7 --salt-file salt.json",
        ),
        "For every juror whose salt is here; anybody may send it. What is not revealed in time does "
        "not count and earns nothing.",
    ),
    "dispute rule": (
        "Hand the jury's ruling over, once reveals have ended.",
        ("dmo dispute rule 6", "dmo dispute rule"),
        "Anybody may; without numbers, every ruling that waits. A ruling that is not handed over "
        "before the dispute's time is over counts for nothing.",
    ),
    "dispute pay": (
        "Pay the jurors of settled disputes.",
        ("dmo dispute pay 6", "dmo dispute pay"),
        "Anybody may; without numbers, all that are owed, and what nobody fetched for a year goes to the "
        "pool. The work itself comes first: dmo work pay, or dmo work release.",
    ),
    "credit withdraw": (
        "Withdraw a payment that could not be delivered, to any address.",
        ("dmo credit withdraw", "dmo credit withdraw 0x00000000000000000000000000000000000000A1"),
        "A credit unclaimed for a year goes to the pool.",
    ),
    "credit show": ("Show what is owed to an account.", ("dmo credit show",), ""),
    "lesson new": ("Write a commented template of lessons.", ("dmo lesson new lesson.md",), ""),
    "lesson file": (
        "File a campaign's lessons after its end; the lead's fee follows.",
        ("dmo lesson file 1 lesson.md",),
        "For the lead.",
    ),
    "token show": (
        "Show what an account holds and how it votes.",
        ("dmo token show", "dmo token show bob"),
        "",
    ),
    "token delegate": (
        "Lend one's votes; to oneself takes them back.",
        ("dmo token delegate bob", "dmo token delegate me"),
        "Undelegated tokens vote for their owner. Lent votes count from the next snapshot on.",
    ),
    "token wrap": (
        "Wrap an existing token into votes, one for one.",
        ("dmo token wrap 100",),
        "Only where the DMO was made for an existing token.",
    ),
    "token unwrap": ("Unwrap votes, one for one.", ("dmo token unwrap 40",), ""),
    "govern list": ("List proposals, the latest first.", ("dmo govern list",), ""),
    "govern vote": (
        "Vote on a proposal.",
        ("dmo govern vote 1 for", 'dmo govern vote 1 against --reason "Too early."'),
        "Proposals are numbered from 1, as in the list; the governor's own long number works too.",
    ),
    "govern queue": ("Queue a proposal that succeeded.", ("dmo govern queue 1",), "Anybody may."),
    "govern execute": (
        "Execute a queued proposal once its delay has passed.",
        ("dmo govern execute 1",),
        "Anybody may.",
    ),
    "points show": ("Show an account's points.", ("dmo points show", "dmo points show bob"), ""),
    "points board": ("Show everybody with points.", ("dmo points board",), ""),
    "document publish": (
        "Publish a document's text on the chain.",
        ("dmo document publish idea.md",),
        "At most 16 KiB; for ever and for everybody.",
    ),
    "document get": (
        "Find a document by its digest or CID, hash it, show it.",
        (
            "dmo document get bafkreiaqsmokc5v7qnfbtvzsfixhygbh7q37sknlecg2u5x7rtgy5v4qny --out copy.md",
        ),
        "Looks in the local store, on the chain, then at the gateways in DMO_GATEWAYS.",
    ),
    "document verify": (
        "Check a document and compare it with a digest.",
        ("dmo document verify idea.md",),
        "",
    ),
    "account new": (
        "Make an account: an encrypted keystore on this machine.",
        ("dmo account new alice",),
        "The password is asked for, or taken from DMO_PASSWORD_FILE or DMO_PASSWORD.",
    ),
    "account import": (
        "Take an account from a private key or another keystore.",
        ("dmo account import carol", "dmo account import dave --keystore old/UTC--dave.json"),
        "The key is typed, or taken from DMO_PRIVATE_KEY; it is never an argument, because "
        "arguments are seen by others.",
    ),
    "account list": ("List the accounts on this machine.", ("dmo account list",), ""),
    "time": (
        "Show the chain's clock; on a chain of this machine, move it on.",
        ("dmo time", "dmo time +3d", "dmo time round"),
        "+TIME from now, a MOMENT, or round: the start of the next round. Only a local chain, such "
        "as that of `make play`, lets its clock be moved.",
    ),
    "verify": (
        "Write what explorers need to verify a deployment's source.",
        ("dmo verify", "dmo verify --out build/verify"),
        "Standard-JSON compiler input and constructor arguments of every contract, from the "
        "address book alone, for Etherscan, Blockscout and Sourcify. Nothing is sent.",
    ),
}


def counted(number: int, words: tuple[str, str]) -> str:
    """A number of things: the first word for one, the second for others."""
    return words[number != 1].format(number)


def summary_of(name: str) -> str:
    """One line about a noun or a command."""
    return NOUNS[name] if name in NOUNS else COMMANDS[name][0]


# ── options and arguments ───────────────────────────────────────────────────────────────────────

OPTION_DEPLOYMENT = (
    "Deployment or path of its address book; the only one in deployments/ if not said."
)
OPTION_NETWORK = "Network: NAME takes its node from DMO_RPC_<NAME>; local is this machine."
OPTION_RPC = "Address of a node; else DMO_RPC."
OPTION_ACCOUNT = "Account to act as: a keystore's name or file, or an address; else DMO_ACCOUNT."
OPTION_FORMAT = "text for people, json for machines."
OPTION_CALLDATA = "Send nothing; print to, value and data for a Safe or another signer."
OPTION_YES = "Do not ask before sending (also DMO_YES=1)."
OPTION_DEBUG = "Show where an unexpected fault happened."
OPTION_PUBLISH = "Publish the text on the chain; by default on test networks."
OPTION_LANG = "Language of the text: en, id, es, zh-Hans …"
OPTION_ASK = "Budget asked for, the lead's fee included."
OPTION_DURATION = "Length of the campaign, such as 21d."
OPTION_FEE = "The lead's fee, a share of the ask, such as 10%."
OPTION_LEAD = "Who will run it; the author if not said."
OPTION_BUILDS_ON = "Earlier idea it builds on, such as 3/7."
OPTION_FOR = "Numbers of ideas to vote for."
OPTION_AGAINST = "Numbers of ideas to vote against."
OPTION_KEEP = "Keep the choices of my earlier ballot that I do not name."
OPTION_EMPTY = "Take the ballot back: cast an empty one."
OPTION_OUT = "File to write."
OPTION_OUT_DOCUMENT = "Write the exact bytes to a file instead of showing them."
OPTION_OUT_REPORT = "Where to write the page."
OPTION_HOLDERS = "CSV file: address,tokens (whole tokens)."
OPTION_VOTES = "CSV file: proposal,opened_at,voter,choice."
OPTION_ROUND_DAYS = "Length of a round, in days."
OPTION_REPLAY_ASK = "What every idea asks for, in whole tokens."
OPTION_REPLAY_BUDGET = "What a round may spend, in whole tokens."
OPTION_THRESHOLD = "For less against that passes, in bps of the supply."
OPTION_AGAIN = "Post it although the very same is posted already."
POSTED_ALREADY = "this very text is {} already"
POSTED_ALREADY_EXPECTED = "another one, or --again to post it once more"
POSTED_IDEA = "idea {}/{} of yours"
POSTED_BOUNTY = "bounty {} of campaign {}, with the same reward and slots,"
OPTION_REWARD = "Reward of one slot."
OPTION_UNTIL = "Deadline for handing in: +7d, a date, or Unix seconds."
OPTION_SLOTS = "How many submissions can be paid."
OPTION_BOND = "Worker's bond; a tenth of the reward if not said."
OPTION_GIFT = "Pay from top-ups instead of voted money; earns no points."
OPTION_WORKER = "Only this account may hand in."
OPTION_ALL = "Closed ones too."
OPTION_ALL_WORK = "Everybody's."
OPTION_ALL_ITEMS = "Everything, however long."
OPTION_PAYEE = "Who is paid which share, instead of the worker; again for each."
OPTION_ALL_TEXTS = "Every text, however many."
OPTION_SETTLED = "Settled ones too."
OPTION_REVEAL_ALL = "In all disputes that can be revealed in now."
OPTION_SALT_OUT = "Write the salt into this file as well; keep it secret until you reveal."
OPTION_SALT_IN = "Take the salt from this file."
OPTION_STATEMENT_KIND = "reason or evidence."
OPTION_UNSEEN = "Judge although the evidence cannot be found, or accept what cannot be read."
OPTION_BECAUSE = "The reason in a sentence; a document is made of it."
OPTION_KIND = "evidence or reason."
OPTION_REASON = "A word to go with the vote."
OPTION_KEYSTORE = "Keystore file to take it from."

ARG_NEW_FILE = "File to write; nothing is overwritten."
ARG_IDEA_FILE = "The idea's document; `dmo idea new` writes a template."
ARG_BRIEF_FILE = "The brief; `dmo bounty new` writes a template."
ARG_EVIDENCE_FILE = "The evidence; `dmo work new` writes a template."
ARG_REASON_FILE = "The reason; or say it with --because."
ARG_LESSON_FILE = "The lessons; `dmo lesson new` writes a template."
ARG_FILE = "The document."
ARG_IDEA = "The idea, such as 3/7."
ARG_IDEA_SHOWN = "The idea, such as 3/7; a number alone is of the round voted on, else the latest."
ARG_ROUND = "The round."
ARG_ROUND_LIST = "The round; the latest with ideas if not said."
ARG_CHOICES = "The round, then +N for idea N and -N against it."
ARG_BALLOT_FILES = "Files of `dmo ballot sign`."
ARG_CLOCK = "How far, or until when; nothing to look."
ARG_WHO = "Account: me, a name, or an address."
ARG_CAMPAIGN = "Number of the campaign."
ARG_BOUNTY = "Number of the bounty."
ARG_WORK = "Number of the submission."
ARG_DISPUTED = "Number of the disputed submission."
ARG_DISPUTED_ALL = "Numbers of disputed submissions; all that are due if none."
ARG_DISPUTED_ONE = "Number of the disputed submission; or --all."
ARG_STATEMENT_FILE = "The statement; `dmo dispute new` writes a template."
ARG_GIVEN_FILE = "A reason, or evidence that names you."
ARG_RULING = "pay or refuse."
ARG_WORKS = "Numbers of submissions; all that are due if none."
ARG_AMOUNT = "Amount in whole tokens, such as 12.5."
ARG_TO = "Where to: me, a name, or an address."
ARG_DELEGATE = "Whom to lend the votes: me, a name, or an address."
ARG_PROPOSAL = "The proposal's place in `dmo govern list`, or its number."
ARG_SUPPORT = "for, against or abstain."
ARG_DIGEST = "sha2-256 in hexadecimal, or a CID."
ARG_DIGEST_EXPECTED = "What it should be: sha2-256 in hexadecimal, or a CID."
ARG_NAME = "Name of the account, such as alice."

# ── faults ──────────────────────────────────────────────────────────────────────────────────────

UNEXPECTED = "This should not have happened ({kind}{said})"
UNEXPECTED_HINT = "Run it again with --debug to see where, and please report it."
INTERRUPTED = "interrupted"
TRY_HELP = "`{} --help` shows how."
NO_COMMAND = "There is no command {!r}."
DID_YOU_MEAN = "Did you mean {!r}?"
NOT_YET = "`dmo {}` is not part of this version."

# ── acts ────────────────────────────────────────────────────────────────────────────────────────

PREVIEW = "As {} on {}:"
PLAY_CHAIN = "play (this machine)"
COST = "about {:,} gas, {}"
COST_LATER = "gas is known after the step before"
ASK = "Send this to {}? Type yes:"
CANNOT_ASK = "on {} an act is sent only after a yes, and nobody is here to answer"
NOT_SENT = "Nothing was sent."
NOT_SENT_HINT = "Answer with a whole yes to send it."
WAITING = "  waiting for {} …"
RECEIPT = "tx {}, block {}, {:,} gas, {}"
HALF_DONE = "{} of {} transactions were sent before."
NEXT = "Next: {}"
NOTE = "note: {}"
LEFT_OUT = "note: passed over: {}: {}"
SPENDERS = {"CampaignEscrow": "the escrow", "VotesWrapper": "the wrapper"}
IN = "in {}"
AGO = "{} ago"
TOO_LITTLE = "{} holds {} and needs {}."
TOO_LITTLE_HINT = "Get more of it first; nothing was sent."
NO_ACCOUNTS = "make one with `dmo account new alice`"

# ── documents ───────────────────────────────────────────────────────────────────────────────────

TEMPLATE_WRITTEN = "Wrote {}."
TEMPLATE_NEXT = {
    "idea": "fill it in, then dmo idea post {file} --ask 1500 --duration 21d",
    "brief": "fill it in, then dmo bounty post CAMPAIGN {file} --reward 300 --until +7d",
    "evidence": "fill it in, then dmo work submit BOUNTY {file}",
    "reason": "fill it in, then dmo work reject WORK {file}",
    "lesson": "fill it in, then dmo lesson file CAMPAIGN {file}",
    "statement": "fill it in, then dmo dispute open WORK {file}",
    "exhibit": "fill it in, then dmo dispute evidence WORK {file}",
}
TOO_LONG_TO_PUBLISH = "note: the document is too long for the chain and stays in the local store."
NOT_PUBLISHED = "The text stays here; give the file to others, they find it as {}."
NO_TEXT = "(no text: {})"
DOCUMENT_NOWHERE = (
    "The document {} is nowhere to be found: not here, not on the chain, not at a gateway."
)
UNREADABLE = "unreadable, because {}"
UNREADABLE_BYTES = "(its bytes, hash checked: dmo document get {} --out FILE)"
DOCUMENT_FROM = "({}, hash checked, from {})"
SOURCES = {"store": "the local store", "chain": "the chain"}
ALREADY_PUBLISHED = "It is on the chain already: {}."
PUBLISH_EFFECT = "Anybody can read it, and nobody can take it back."
PUBLISHED = "Published as {}."
WRITTEN = "Wrote {}."
VERIFIED = "A sound {}: {}"
OTHER_DIGEST = "{} is another document"
IT_IS = "it is {}"
IT_SHOULD_BE = "it should be {}"
UNKNOWN_FIELDS = "Fields that this version does not know: {}."
REASON_DOCUMENT = "---\nkind: reason\ntitle: Why submission {} is rejected\nlang: en\n---\n\n{}\n"

# ── ideas and ballots ───────────────────────────────────────────────────────────────────────────

THE_AUTHOR = "the author"
IDEA_EFFECT = "Asks for {}; {} leads it for {} and earns {}."
IDEA_FEE = "at most {} ({})"
IDEA_NO_FEE = "no fee"
IDEA_FREEZES = "It can be changed or withdrawn until its vote opens."
IDEA_EDIT_EFFECT = "The old version is withdrawn and a new one takes the next number."
IDEA_POSTED = "Posted idea {round}/{number}."
IDEA_NEXT = "its vote opens {when}; then dmo vote {round} +{number}"
IDEA_WITHDRAW_EFFECT = "It cannot be brought back, and its posting slot stays used."
IDEA_WITHDRAWN = "Withdrew idea {round}/{number}."
IDEA_HEADING = "Idea {round}/{number}"
LEAD_FEE = "fee {} ({})"
WITHDRAWN = "withdrawn"
PASSING = "passing"
NOT_PASSING = "not passing"
FUNDED_AS = "funded: campaign {}"
DID_NOT_FIT = "passed, did not fit"
FELL_SHORT = "did not pass"
PASSED_LAPSED = "passed, never settled"
VOTES = "{} for, {} against"
NO_IDEAS = "No ideas have been posted yet."
NO_IDEAS_IN = "Round {} has no ideas."
NO_IDEAS_NEXT = "dmo idea new"
IDEAS_HEADING = "Ideas of round {}"
IDEA_COLUMNS = ("idea", "title", ">ask", "lead", ">for", ">against", "state")
NO_VOTE_NOW = "no round is being voted on now"
NO_VOTE_NOW_EXPECTED = "`dmo round show` tells when the next vote opens"
NOTHING_CHOSEN = "nothing was chosen"
NOTHING_CHOSEN_EXPECTED = "+N for idea N, -N against; --empty to take the ballot back"
EMPTY_WITH_CHOICES = "the ballot is empty and is not"
EMPTY_WITH_CHOICES_EXPECTED = "choices or --empty"
BALLOT_HEADING = "Your whole ballot of round {}"
BALLOT_COLUMNS = ("idea", "title", "vote", "before")
UNKNOWN_IDEA = "(there is no such idea)"
BALLOT_REPLACES = "It replaces your earlier ballot of this round, whole."
BALLOT_WHOLE = "You can replace it until the vote ends."
BALLOT_LATE = (
    "The round is in its last tenth: a “for” your earlier ballot lacked is refused, and so is giving"
    " up an “against” it had."
)
BALLOT_SAME = "Nothing changes: your ballot says exactly that. Sent again it only outdates what you signed since."
BALLOT_CAST = "Voted in round {}."
BALLOT_NEXT = "the vote ends {}; then dmo settle {round}"
BALLOT_SIGNED = "Signed; wrote {}."
BALLOT_SIGNED_NEXT = "anybody sends it: dmo ballot relay {}"
RELAY_EFFECT = "A bad or stale ballot is skipped and does not sink the others."
BALLOT_LEFT_OUT = "left out: {}"
BALLOTS_RELAYED = "Cast {} ballots, skipped {}."
NO_BALLOT = "{} has cast no ballot yet."
BALLOT_OF = "Ballot of {} in round {}, cast {}"


def choice_text(choice: Choice | None) -> str:
    """A choice in words."""
    return "–" if choice is None else ("for" if choice.is_for else "against")


def state_of(tally: Tally, campaign: int, is_settled: bool, is_past: bool) -> str:
    """What became of an idea, or how it stands while that is open."""
    if tally.is_withdrawn:
        return WITHDRAWN
    if campaign:
        return FUNDED_AS.format(campaign)
    if is_settled or is_past:
        too_late = DID_NOT_FIT if is_settled else PASSED_LAPSED
        return too_late if tally.is_passing else FELL_SHORT
    return PASSING if tally.is_passing else ""


# ── rounds ──────────────────────────────────────────────────────────────────────────────────────

PHASES = {
    "future": "begins {}",
    "posting": "being posted; the vote opens {}",
    "voting": "being voted on until {}",
    "settling": "to be settled; lapses {}",
    "past": "over since {}",
}


def phase(now: Phase, when: Callable[[int], str], times: RoundTimes) -> str:
    """A round's phase in words."""
    moments = {
        "future": times.posting_opens,
        "posting": times.voting_opens,
        "voting": times.voting_closes,
        "settling": times.lapses_at,
        "past": times.lapses_at,
    }
    return PHASES[now.value].format(when(moments[now.value]))


NOT_BEGUN = "the first round has not begun; posting opens {}"
NOT_BEGUN_EXPECTED = "dmo round show 1"
ROUND_HEADING = "Round {}: {}"
SETTLED = "settled"
UP_TO = "up to {}"
FROM_TO = "{} to {}"
SHARE_OF_VOTES = "{} of the votable supply"
ROUND_COLUMNS = ("idea", "title", ">ask", ">net votes", "place")
ROUND_NEXT = {
    "posting": "dmo idea list {}",
    "voting": "dmo vote {} +N -N",
    "settling": "dmo settle {}",
}
NOTHING_TO_SETTLE = "no round can be settled now"
NOTHING_TO_SETTLE_EXPECTED = "`dmo round show` tells when"
SETTLE_EFFECT = "Shows all passing ideas in order ({}); the budget funds from the top."
ROUND_SETTLED = "Settled round {}: {} funded with {}."
IDEAS_COUNTED = ("1 idea", "{} ideas")
IDEA_FUNDED = "  idea {}/{} is campaign {}"
SETTLED_NEXT = "its lead posts bounties: dmo bounty new brief.md, dmo bounty post {} brief.md …"

# ── campaigns ───────────────────────────────────────────────────────────────────────────────────

CAMPAIGN_HEADING = "Campaign {}: {}"
RUNNING = "runs until {}"
ENDED = "ended {}"
CLOSED = "closed"
FEE_LINE = "{} earned of {} ({})"
LESSONS_FILED = "filed as submission {}"
LESSONS_WANTED = "wanted until {}"
WINDOWS = "review {}, answer {}, challenge {}"
CAMPAIGN_COLUMNS = ("no.", "title", "lead", ">voted", ">free", "state")
CAMPAIGN_NEXT = "the lead posts bounties: dmo bounty post {} brief.md --reward … --until …"
NO_CAMPAIGNS = "No campaigns yet; they begin when a round is settled."
CLOSE_EFFECT = "What is left of its money goes to the pool."
CAMPAIGN_CLOSED = "Closed campaign {} as far as it is due; {} went to the pool."
POOL = "In the pool for the next rounds: {}."
DEPOSIT_EFFECT = "The next rounds fund ideas from it; only governance can take it back."
DEPOSITED = "Paid {} into the pool."
TOP_UP_EFFECT = "A gift: it cannot be taken back; what the campaign leaves goes to the pool."
TOPPED_UP = "Gave {} to campaign {}."

# ── bounties ────────────────────────────────────────────────────────────────────────────────────

BOUNTY_COLUMNS = ("no.", "title", ">campaign", ">reward", ">free", "state")
BOUNTY_EFFECT = "Sets {} aside; a worker leaves a bond of {}; work is taken until {}."
BOUNTY_POSTED = "Posted bounty {}."
BOUNTY_NEXT = "tell workers: dmo bounty show {}"
CANCEL_EFFECT = "The deadline moves to one notice period from now; handed-in work is paid."
BOUNTY_CANCELLED = "Bounty {} takes work until {}."
RECLAIM_EFFECT = "The money of its empty slots becomes free."
BOUNTY_RECLAIMED = "{} became free."
OPEN = "open until {}"
NO_BOUNTIES = "No bounties yet."
NO_OPEN_BOUNTIES = "No bounty is open; `dmo bounty list --all` shows {}."
BOUNTY_HEADING = "Bounty {} of campaign {}"
GIFT = " (from top-ups, earns no points)"
FUNDED = "yes, {} is set aside for the free slots"
FUNDED_TAKEN = "yes, {} was set aside for every slot when it was posted; no slot is free"
OF = "{} of {}"
BOND = "{}, comes back with the pay"
NO_BOND = "none"
CLOSED_SINCE = "closed since {}"
TAKEN = "no slot is free"
NO_SLOT_UNTIL = "no slot is free; one that becomes free takes work until {}"
PAID_LATEST = "handed in now, paid at the latest on {} if nobody acts\nhanded in last, on {}"
RECORD = "{accepted} accepted, {rejected} rejected, {silent} by silence, {paid} paid, in {counted}"
CAMPAIGNS_COUNTED = ("1 campaign", "{} campaigns")
OVERTURNED = "; a jury overturned {}"
WORK_NEXT = "dmo work new evidence.md, then dmo work submit {} evidence.md"


def record(counts: Mapping[str, int]) -> str:
    """How a lead has judged so far."""
    more = OVERTURNED.format(counts["overturned"]) if counts["overturned"] else ""
    return RECORD.format(**counts, counted=counted(counts["campaigns"], CAMPAIGNS_COUNTED)) + more


# ── work ────────────────────────────────────────────────────────────────────────────────────────

STATUS = {
    "none": "unknown",
    "review": "in review",
    "accepted": "accepted",
    "rejected": "rejected",
    "disputed": "disputed",
    "payable": "payable",
    "void": "void",
    "done": "done",
}
WORK_LIST_COLUMNS = ("work", ">bounty", "worker", "status", "until", "paid if nobody acts")
NO_WORK = "No work has been handed in."
NO_WORK_OF_MINE = "None of it is yours; `dmo work list --all` shows {}."
WORK_COLUMNS = ("work", "worker", "status", "until", "paid if nobody acts")
OTHER_WORKER = "the evidence names {} as its worker, not you"
OTHER_WORKER_EXPECTED = "{} if you did the work; who did it acts with --account"
SUBMIT_EFFECT = "{} is paid at the latest on {} if nobody acts."
BOND_EFFECT = "Your bond of {} comes back with the pay; it is lost if a rejection stands."
WORK_SUBMITTED = "Handed in as submission {}."
SUBMIT_NEXT = "watch it: dmo work show {}"
REWORK_EFFECT = "The lead has a new review; a second rejection can only be disputed."
WORK_REWORKED = "Reworked submission {}."
WITHDRAW_EFFECT = "The bond goes to the pool."
WORK_WITHDRAWN = "Withdrew submission {}."
UNSEEN = "the evidence cannot be found, so nobody can have seen it"
UNREAD = "the evidence is unreadable, because {}"
UNREAD_EXPECTED = "a rejection; or --unseen"
UNSEEN_EXPECTED = "its text, from the worker, in the local store; or --unseen"
COPIED = "warning: the evidence names {}, but {} handed it in."
ACCEPT_EFFECT = "{} from {} on, unless somebody challenges."
ACCEPT_PAY = "{} gets {}"
WORK_ACCEPTED = "Accepted submission {}."
ACCEPT_NEXT = "payable {}; then anybody: dmo work pay {}"
NO_REASON = "a rejection needs one reason"
NO_REASON_EXPECTED = 'a file, or --because "…"'
REJECT_EFFECT = "{} can rework it once or dispute it, until {}; unanswered, its bond is lost."
WORK_REJECTED = "Rejected submission {}."
REJECT_NEXT = "its worker answers {}; if not, anybody frees its money: dmo work release {}"
NOTHING_DUE = {"pay": "nothing is payable now", "release": "nothing can be released now"}
NOTHING_DUE_EXPECTED = "`dmo work show N` tells when; `dmo due` lists what is due"
PAID = "Paid {} {} for {}."
CREDITED = "{} could not be paid; {} for {} waits as a credit: dmo credit withdraw"
PAID_FOR = {
    "work": "submission {}",
    "bond": "the dispute of submission {}, from its bond",
    "fee": "the dispute of submission {}, from the lead's fee",
    "reward": "the challenge of submission {}, from its reward",
    "judging": "judging submission {}",
}
BOND_RETURNED = "Returned {1} to {0}: the bond left with {2}."
BOND_CREDITED = (
    "{} could not be paid; the bond of {} left with {} waits as a credit: dmo credit withdraw"
)
VOID_WAITS = "`dmo work release {}`: it is void, and there is nothing else to do for it"
RELEASE_EFFECT = "The reward becomes free; bonds go where the verdict, or a ruling, sends them."
WORK_RELEASED = "Released {}."
WORK_HEADING = "Submission {} for bounty {}"
PAID_IF_NOBODY_ACTS = "at the latest on {} if nobody acts"
WORK_STATUS_NEXT = {
    "review": "the lead judges: dmo accept {0}, or dmo reject {0} --because “…”",
    "disputed": "what jurors see: dmo dispute show {0}",
    "payable": "anybody pays: dmo pay {0}",
    "void": "anybody releases: dmo work release {0}",
}
REJECTED_REWORK = "dmo work rework {0} evidence.md"
REJECTED_DISPUTE = "dmo dispute open {0} statement.md"
REJECTED_NEXT = "the worker answers: {}"
REJECTED_OR = ", or "
ACCEPTED_NEXT = "whoever finds it wrong challenges: dmo dispute open {0} statement.md"


def work_next(status: str, is_reworked: bool, has_arbitrator: bool) -> str:
    """What can be done with work now; {0} is its number."""
    if status == "accepted" and has_arbitrator:
        return ACCEPTED_NEXT
    if status != "rejected":
        return WORK_STATUS_NEXT.get(status, "")
    ways = [] if is_reworked else [REJECTED_REWORK]
    ways += [REJECTED_DISPUTE] if has_arbitrator else []
    return REJECTED_NEXT.format(REJECTED_OR.join(ways)) if ways else ""


# ── disputes ────────────────────────────────────────────────────────────────────────────────────

RULINGS = ("no ruling", "pay", "refuse")
DISPUTE_KIND = {False: "a disputed rejection", True: "a challenged acceptance"}
DISPUTE_SHORT = {False: "rejection", True: "acceptance"}
DISPUTE_HEADING = "Submission {}: {}"
NOT_A_STATEMENT = "{!r} is not what is needed here"
NOT_A_STATEMENT_EXPECTED = "a reason, or evidence"
NO_RULING_SAID = "{!r} is no ruling"
NO_RULING_EXPECTED = "pay or refuse"
NO_JURY = "submission {} is judged by {}, which is no jury of this kind"
NO_JURY_EXPECTED = "its own ways of ruling; here only evidence can be added"
OUTCOME_WHO = "who gets"
OUTCOME_IF = {1: ">if it rules pay", 2: ">if it rules refuse", 0: ">without a ruling"}
OUTCOME_IS = {1: ">it ruled pay", 2: ">it ruled refuse", 0: ">without a ruling"}
OUTCOME_WORK = "the work is"
OUTCOME_PAID = {True: "paid", False: "not paid"}
OUTCOME_ROLES = {"worker": "worker", "payee": "payee", "challenger": "challenger"}
OUTCOME_JURORS = "jurors who reveal (if none, the pool)"
OUTCOME_CAMPAIGN = "the campaign (the pool, once it ended)"
OUTCOME_POOL = "the pool"
OUTCOME_FEE = "the lead's fee"
OUTCOME_ACCOUNT = "{} {}"
OUTCOME_OWN_BONDS = "  of it what they left as bonds"
NOTHING = "–"
OPEN_EFFECT = (
    "You leave {} now; a ruling counts until {}. One dispute per submission, and it is final."
)
OPEN_COST = "{} and {} for the arbitrator"
OPEN_BRINGS = "You get {} if it rules pay, {} if it rules refuse, {} without a ruling."
OPEN_ALIKE = "What the lead's fee pays is as of now: other lost disputes can take of it first."
DISPUTE_OPENED = "Opened dispute {case} about submission {submission}."
OPEN_NEXT = "what jurors see: dmo dispute show {}"
EVIDENCE_EFFECT = "Everybody can read it, jurors above all; it cannot be taken back."
EVIDENCE_GIVEN = "Added evidence to the dispute about submission {}."
COMMIT_CALL = "Commit to a ruling on submission {}"
REVEAL_CALL = "Reveal what {} ruled on submission {}: {}"
RULE_CALL = "Hand over the ruling on submission {}: {}"
COMMIT_EFFECTS = (
    "Nobody can see it until you reveal it; until {} you can replace it.",
    "Reveal it from then on until {}, or it does not count: dmo dispute reveal {}",
    "Its salt is kept in {}; whoever loses that loses the voice.",
)
COMMIT_REPLACES = "It replaces your earlier commitment."
COMMITTED = "Committed to a ruling on submission {}."
COMMIT_NEXT = "from {}: dmo dispute reveal {}"
COMMITTED_ALREADY = "You are committed to “{}” on submission {} already; nothing was sent."
SALT_WRITTEN = "Wrote its salt to {}."
REVEAL_WHAT = "which rulings are meant"
REVEAL_WHAT_EXPECTED = "the number of a disputed submission, or --all"
REVEAL_EFFECT = "{} ruled “{}” on submission {}, with a weight of {}."
REVEALED = "Revealed {} on submission {}."
REVEALED_SEVERAL = "Revealed {} on submissions {}."
REVEAL_NEXT = "from {} anybody hands the ruling over: dmo dispute rule {}"
NO_SALT = "the salt of your commitment on submission {} is not on this machine"
NO_SALT_EXPECTED = "the machine you committed on, or its --salt-file"
NO_COMMITMENT = "no commitment on submission {} was made on this machine"
NO_COMMITMENT_EXPECTED = "dmo dispute commit {} pay, while commitments are taken"
ALL_REVEALED = "all rulings whose salts are on this machine are revealed already"
NOTHING_TO_REVEAL = "nothing that was committed to on this machine can be revealed now"
NOTHING_TO_REVEAL_EXPECTED = "`dmo dispute list` tells what can be, and when"
OTHER_SALT = "the salt is for dispute {} of {}, not for submission {}"
OTHER_SALT_EXPECTED = "the file that was written for it"
RULE_EFFECTS = {
    1: "Submission {} is paid.",
    2: "Submission {} is not paid.",
    0: "There is no ruling on submission {}: the lead's verdict stands.",
}
CASE_OF = "{} (about submission {})"
RULED = "Handed over: {} on submission {}."
RULE_NEXT = {True: "dmo work pay {}", False: "dmo work release {}"}
NOTHING_TO_RULE = "no ruling can be handed over now"
NO_JUROR_TO_PAY = "no juror can be paid now"
DISPUTES_EXPECTED = "`dmo dispute list` tells when"
JURORS_AFTER = "the work goes first: {}"
JURORS_NEXT = "its jurors: dmo dispute pay {}"
NO_DISPUTES = "No disputes."
NO_OPEN_DISPUTES = "No dispute moves; `dmo dispute list --all` shows {}."
DISPUTE_COLUMNS = ("work", "disputed", "by", "state", "until", "next")
PHASE_WORDS = {
    "commit": "jurors commit",
    "reveal": "jurors reveal",
    "rule": "ruling to hand over",
    "arbitrator": "arbitrator rules",
    "over": "over: {}",
    "settled": "settled: {}",
}
PHASE_LINES = {
    "commit": "jurors commit to rulings, in secret, until {}\nthen they reveal them, until {}\na ruling has to be handed over before {}",
    "reveal": "jurors reveal their rulings until {1}\na ruling has to be handed over before {2}",
    "rule": "the ruling waits to be handed over, before {2}",
    "arbitrator": "{3} can rule until {2}",
    "over": "it is over, {4}; the work waits to be {5}",
    "settled": "it is settled, {4}",
}
RULED_SO = "the ruling was: {}"
RULED_NOT = "without a ruling"
WAITS_TO_BE = {True: "paid", False: "released"}
WITHOUT_RULING = {
    True: "the acceptance stands and the work is paid",
    False: "the rejection stands, and both bonds return, the dispute's less a tenth",
}
AS_DISPUTE = "{}, as its dispute {}"
JURORS_FROM = {
    True: "points, as they were at {}",
    False: "votes, as they were at {} (points are few as yet)",
}
QUORUM = "{} needed; revealed so far: {} for pay, {} for refuse"
BONDS = "{}; the worker's bond is {}"
OPENED_BY = "{}, with a bond of {}"
LESSONS_OF = "the lessons of campaign {}, on which its lead's fee hangs"
NOTHING_FROM_LEAD = "nothing was said: silence accepted"
ROLES = {
    "idea": "The idea that the campaign was funded for",
    "brief": "The brief: what was asked for",
    "evidence": "The evidence: what was handed in by {}",
    "lessons": "The lessons, filed by {}",
    "reason": "The reason why {} rejected it",
    "statement": "The statement of {}",
    "given": "Evidence given by {}",
}
COPIED_EVIDENCE = "warning: copied evidence? It names {}, but {} gave it."
MORE_EVIDENCE = "{} more texts: dmo dispute show {} --all"
YOU_PARTY = "you are a party: you can add evidence, and cannot judge"
YOU_NO_WEIGHT = "you had no weight when the dispute was opened, and cannot judge"
YOU_WEIGHT = "your weight is {}"
YOU_COMMITTED = "{}; you are committed to “{}”, and its salt is here"
YOU_COMMITTED_ELSEWHERE = "{}; you are committed, but the salt is not on this machine"
YOU_REVEALED = "{}; your ruling is revealed"
YOU_OWED = "you are owed {} for judging"
DISPUTE_NEXT = {
    "commit": "dmo dispute commit {0} pay, or dmo dispute commit {0} refuse",
    "committed": "from {1}: dmo dispute reveal {0}",
    "reveal": "dmo dispute reveal {0}, until {1}",
    "rule": "anybody: dmo dispute rule {0}, before {1}",
    "waits": "from {1} anybody hands the ruling over: dmo dispute rule {0}",
    "evidence": "whoever can show something: dmo dispute evidence {0} evidence.md, until {1}",
    "pay": "anybody: dmo work pay {0}",
    "release": "anybody: dmo work release {0}",
    "jurors": "anybody: dmo dispute pay {0}",
}
DISPUTED_LINE = "{}, by {}"
DISPUTED_UNTIL = "it can be ruled until {}; without a ruling {}"
DISPUTED_WORK = "submission {}: {} until {}"
FEE_TAKEN = ", {} taken by lost disputes"
DISPUTE_TERMS = "bond of {} of the reward, at least {}; {} rules within {}"
NO_ARBITRATOR = "none: no arbitrator is named, a verdict stands"


def revealed(count: int, submissions: list[int]) -> str:
    """How many rulings were revealed, and on what."""
    listed = ", ".join(map(str, submissions))
    rulings = "1 ruling" if count == 1 else f"{count} rulings"
    return (REVEALED if len(submissions) == 1 else REVEALED_SEVERAL).format(rulings, listed)


# ── credits, lessons, tokens, points ────────────────────────────────────────────────────────────

PAYEE_REFUSED = "The budget token refuses to pay {}."
PAYEE_REFUSED_HINT = "Name another address: dmo credit withdraw <account>."
CREDIT_EFFECT = "Sends {} to {}."
CREDIT_WITHDRAWN = "Sent {} to {}."
NO_CREDIT = "Nothing is owed to {}."
CREDIT = "{} is owed {}; unclaimed, it goes to the pool {}."
LESSONS_EFFECT = "Your fee, {} by now, is payable from {} on."
LESSONS_DONE = "Filed the lessons of campaign {}."
LESSONS_NEXT = "they are submission {}; payable {}: dmo work pay"
VOTES_OF = "{} ({} of all)"
IDEAS_LEFT = "{} ideas in round {}"
NO_GAS = "0 {}: send some to this account first"
DELEGATE_SELF = "Take my votes back"
DELEGATE_SELF_EFFECT = "Your tokens vote for you again, from the next snapshot on."
DELEGATE_EFFECT = "{} votes with your tokens from the next snapshot on; the tokens stay yours."
DELEGATED_SELF = "Your tokens vote for you."
DELEGATED = "{} votes with your tokens."
NOT_WRAPPED = "{} is no wrapped token"
NOT_WRAPPED_EXPECTED = "a deployment made for an existing token"
WRAP = "Wrap {} into votes"
WRAP_EFFECT = "You can unwrap them at any time, one for one."
WRAPPED = "Wrapped {}."
UNWRAP = "Unwrap {}"
UNWRAP_EFFECT = "They no longer vote, from the next snapshot on."
UNWRAPPED = "Unwrapped {}."
HALF_LIFE = "{}; points fade by half in it"
NO_POINTS = "Nobody has points yet; they come with paid work."
POINTS_COLUMNS = (">rank", "account", ">points", ">ever earned")

# ── governance ──────────────────────────────────────────────────────────────────────────────────

NO_PROPOSALS = "No proposals yet."
VOTE_OPENS = "the vote opens {}"
VOTE_ENDS = "the vote ends {}"
EXECUTABLE = "can be executed {}"
PROPOSAL_VOTES = "{} for, {} against, {} abstain"
PROPOSAL_VOTE = "Vote {} on proposal {}"
VOTE_IS_FINAL = "A vote on a proposal cannot be changed."
PROPOSAL_VOTED = "Voted on proposal {}."
PROPOSAL_QUEUED = "Queued proposal {}."
PROPOSAL_EXECUTED = "Executed proposal {}."
QUEUE_NEXT = "it can be executed {}: dmo govern execute {}"
PROPOSAL_NEXT = {
    "active": "dmo govern vote {} for",
    "succeeded": "dmo govern queue {}",
    "queued": "dmo govern execute {}",
}

# ── accounts ────────────────────────────────────────────────────────────────────────────────────

NEW_PASSWORD = "New password of {}: "  # noqa: S105
AGAIN = "Once more: "
PASSWORDS_DIFFER = "the two passwords differ"
PASSWORDS_DIFFER_EXPECTED = "the same password twice"
NO_PASSWORD = "the password is empty"  # noqa: S105
NO_PASSWORD_EXPECTED = "a password"  # noqa: S105
ACCOUNT_MADE = "{}: {}"
ACCOUNT_BACKUP = "Keep a copy of the file and remember the password: nobody can restore either."
ACCOUNT_NEXT = "send it some coins for gas, then export DMO_ACCOUNT={}"
NO_KEY = "no private key was given"
NO_KEY_EXPECTED = "DMO_PRIVATE_KEY, --keystore FILE, or a terminal to type it"
TYPE_KEY = "Private key (not shown): "
BAD_KEY = "this is no private key"
BAD_KEY_EXPECTED = "64 hexadecimal digits"
NO_ACCOUNTS_IN = "No accounts in {}."
ACCOUNT_COLUMNS = ("name", "address")

# ── status ──────────────────────────────────────────────────────────────────────────────────────

STATUS_HEADING = "{} · {} on {} · {}"
ANYBODY = "anybody"
STATUS_NOBODY = "Say who you are for more: --account NAME or export DMO_ACCOUNT=NAME"
MORE = "… and {} more: dmo status --all"
NOTHING_NOW = "Nothing to do now."
NOTHING_IS_DUE = "Nothing is due."
UNTIL = "until {}"
UNTILS = {"review": "paid at the latest {}", "accepted": "payable from {}"}
NO_DEADLINE = "any time"
ITEMS: dict[str, str] = {
    "settle": "Round {0} can be settled",
    "pay": "{0} submissions can be paid",
    "release": "{0} submissions ended unpaid; their money can be freed",
    "reclaim": "{0} closed bounties hold money",
    "close": "{0} campaigns can be closed",
    "vote": "Vote in round {0}: {1} ideas",
    "voted": "You voted in round {0}; you can change it",
    "post": "You can post {0} ideas in round {1}",
    "credit": "You are owed {0:money}",
    "reveal": "Reveal your ruling on submission {0}, or it does not count",
    "commit": "Judge the dispute about submission {0}: you are a juror",
    "rule": "{0} rulings wait to be handed over",
    "jurors": "Jurors of {0} disputes can be paid",
    "share": "You are owed {1:money} for judging submission {0}",
    "contested": "Your verdict on submission {0} is disputed",
    "opened": "The dispute you opened about submission {0} is open",
    "challenged": "Your accepted submission {0} is challenged",
    "review": "{0} of your submissions are in review",
    "accepted": "{0} of your submissions are accepted",
    "judge": "Judge submission {0}, or silence accepts it",
    "rejected": "Your submission {0} was rejected: rework or dispute it",
    "reworked": "Your submission {0} was rejected again: dispute it",
    "bounty": "Campaign {1} has {0:money} free for bounties",
    "lessons": "File the lessons of campaign {0}: your fee is {1:money}",
    "work": "{0} bounties are open to you",
    "proposal": "Vote on proposal {0}",
    "queue": "Proposal {0} can be queued",
    "execute": "Proposal {0} can be executed",
}
ONE: dict[str, str] = {
    "pay": "1 submission can be paid",
    "release": "1 submission ended unpaid; its money can be freed",
    "reclaim": "1 closed bounty holds money",
    "close": "1 campaign can be closed",
    "rule": "1 ruling waits to be handed over",
    "jurors": "Jurors of 1 dispute can be paid",
    "vote": "Vote in round {0}: 1 idea",
    "review": "Your submission {1} is in review",
    "accepted": "Your submission {1} is accepted",
    "post": "You can post 1 idea in round {1}",
    "work": "1 bounty is open to you",
}
DUE = {
    "settle": "Round {0} can be settled, {1} ideas pass    dmo round settle {0}",
    "rule": "Rulings to hand over, on submissions: {0}    dmo dispute rule",
    "pay": "Payable: {0}    dmo work pay",
    "release": "To release: {0}    dmo work release",
    "jurors": "Jurors to pay, of submissions: {0}    dmo dispute pay",
    "expire": "Jurors' pay that nobody fetched, of submissions: {0}    dmo dispute pay",
    "reclaim": "To reclaim: {0}    dmo bounty reclaim {1}",
    "close": "To close: {0}    dmo campaign close {1}",
}


def item(session: Session, one: Item) -> str:
    """An item of the status, in words."""
    count: Any = one.facts[1] if one.kind == "vote" else one.facts[0]
    text = ONE[one.kind] if count == 1 and one.kind in ONE else ITEMS[one.kind]
    for place, number in enumerate(one.facts):
        text = text.replace(f"{{{place}:money}}", session.money(number) if ":money" in text else "")
        text = text.replace(f"{{{place}}}", str(number))
    return text


def until(session: Session, one: Item) -> str:
    """Its deadline."""
    if not one.until:
        return NO_DEADLINE
    return UNTILS.get(one.kind, UNTIL).format(session.when(one.until))


# ── the clock of a local chain, and verifying ───────────────────────────────────────────────────

CLOCK = "It is {} on the chain."
CLOCK_MOVED = "{} later: it is {} on the chain."
CLOCK_NO_ROUND = "Round 1 begins in {}."
CLOCK_FIRST_ROUND = "Round 1 is being posted, for another {}."
CLOCK_ROUND = "Round {} is being posted and round {} voted on, for another {}."
OPTION_VERIFY_OUT = "Folder to write; build/verify/<deployment> if not said."
VERIFY_WRITTEN = "Wrote {} contracts to {}."
VERIFY_NEXT = "{}, which says what to paste or send where"
