"""What a deployment's contracts tell of each other: a book found from its board, or compared with it.

From the board on views tell where the others are, and those that nobody names (governor, jury, lens) tell back whose
they are; the rest was created by the same account, one nonce after the other. That is not what `check` does, which
knows the config: it tells that these contracts are one deployment, and whose code they have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dmo.core import words
from dmo.core.abi import entry
from dmo.core.abi.codec import checksum, keccak
from dmo.core.chain import ZERO, Block, Chain, Read, raised
from dmo.core.errors import BadInput, NodeError, Refused
from dmo.deploy.artifacts import Artifact
from dmo.deploy.contracts import created_address, table
from dmo.deploy.shipped import artifacts, is_code_of
from dmo.home.deployment import VOTES_TOKENS
from dmo.home.outputs import BookContract, DeploymentBook

_NAMED = {
    "AccessManager": ("IdeaBoard", "authority"),
    "CampaignEscrow": ("IdeaBoard", "escrow"),
    "votes": ("IdeaBoard", "votesToken"),
    "BudgetToken": ("CampaignEscrow", "budgetToken"),
    "DisputeDesk": ("CampaignEscrow", "desk"),
    "Reputation": ("CampaignEscrow", "reputation"),
    "Treasury": ("CampaignEscrow", "treasury"),
}
"""Who names a contract, by which view; those who name come before those they name."""
_BACK = {
    "CampaignEscrow": ("authority", "AccessManager"),
    "DisputeDesk": ("escrow", "CampaignEscrow"),
    "Reputation": ("authority", "AccessManager"),
    "Treasury": ("votesToken", "votes"),
}
"""What they name in turn, by which view: a false board can name a true escrow, which knows nothing of it."""
_OWN = ("HolderGovernor", "Jury", "Lens")
"""Whom nobody names, and who say themselves whose they are."""
_ROOMS: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("NeedsBoard", "ContentRegistry", "Badges"), (("authority", "AccessManager"),)),
    "Outcomes": (("board", "IdeaBoard"), ("treasury", "Treasury")),
    "Forecasts": (("authority", "AccessManager"), ("outcomes", "Outcomes")),
    "PointsRule": (("source", "Reputation"),),
    "RulingsRule": (("source", "Jury"),),
    "FundedIdeaRule": (("source", "IdeaBoard"),),
    "OutcomeRule": (("source", "Outcomes"),),
}
"""Whom nobody names: found by their code, and whom they name by which view; who is named before who names."""
_NOBODYS = ("DocumentLog", "Drops", "Advisor")
"""Who name nobody either: found by their code alone."""
_MOST_NONCES, _NEAR, _WINDOW = 5_000, 24, 2_000
_PROPOSER = keccak(b"PROPOSER_ROLE")


@dataclass(frozen=True)
class Part:
    """A contract of a deployment: who told where it is, and whether its code is this release's (None: not ours)."""

    name: str
    address: str
    by: str | None = None
    is_known: bool | None = None


def parts(chain: Chain, addresses: Mapping[str, str]) -> list[Part]:
    """Compare addresses with what the contracts tell. Raises CheckFailed, with a sentence for every difference."""
    board = addresses.get("IdeaBoard", ZERO)
    told = _told(chain, board)
    votes = next((name for name in VOTES_TOKENS if name in addresses), VOTES_TOKENS[-1])
    tellers = {votes if name == "votes" else name: (by, told[name]) for name, (by, _) in _NAMED.items()}
    differences = [
        words.word("book", "differs").format(by=by, name=name, told=at, known=addresses[name])
        for name, (by, at) in tellers.items()
        if addresses.get(name, at) != at
    ]
    for by, (view, name) in _BACK.items():
        if (at := _answer(chain, by, told[by], view)) != told[name]:
            differences.append(words.word("book", "differs").format(by=by, name=name, told=at, known=told[name]))
    own = {name: addresses[name] for name in (*_OWN, *_ROOMS) if name in addresses}
    known_at = {name: checksum(at) for name, at in addresses.items()}
    differences += [
        words.word("book", "foreign").format(name=name, at=at)
        for name, at in own.items()
        if not _is_of(chain, name, at, {**known_at, **told, "IdeaBoard": board})
    ]
    tellers |= {name: (name, at) for name, at in own.items()}
    escrow, fund = told["CampaignEscrow"], entry("CampaignEscrow", "fund").selector
    if not chain.call("AccessManager", told["AccessManager"], "canCall", board, escrow, fund)[0]:
        differences.append(words.word("book", "idle").format(escrow=escrow))
    if differences:
        raise words.failed("other_book", differences)
    known, codes = _known(), _codes(chain, list(addresses.values()))
    return [
        Part(name, at, tellers.get(name, (None, at))[0], is_code_of(known[name], codes[at]) if name in known else None)
        for name, at in sorted(addresses.items())
    ]


def find(chain: Chain, board: str) -> DeploymentBook:
    """The address book of a board. Raises BadInput: there is none; CheckFailed: it does not say whose it is."""
    told = _told(chain, board)
    votes = told.pop("votes")
    kinds = {"VotesWrapper": "underlying", "HolderToken": "excludedAccounts"}
    name = next((name for name, view in kinds.items() if _answer(chain, name, votes, view)), VOTES_TOKENS[-1])
    found = {"IdeaBoard": board, name: votes, **told}
    head = chain.block()
    origin = chain.call("IdeaBoard", board, "frame")[0]
    made = _creation(chain, "IdeaBoard", board, "AuthorityUpdated", _last_before(chain, head, origin))
    if made is None:
        raise words.bad("unborn_board", field="--deployment", address=board)
    deployer, nonce, block = made
    manager = found["AccessManager"]
    nonces = range(nonce, max(nonce - _MOST_NONCES, -1), -1)
    first = next((one for one in nonces if created_address(deployer, one) == manager), nonce)
    born = _creation(chain, "AccessManager", manager, "RoleGranted", block)
    near = {*range(first, first + _NEAR), *range(nonce + 1, nonce + _NEAR)}
    siblings = [at for at in (created_address(deployer, one) for one in sorted(near)) if at not in found.values()]
    known, codes = _known(), _codes(chain, siblings)
    for missing in _OWN:
        for at, code in codes.items():
            if code and missing not in found and _is_of(chain, missing, at, found):
                found[missing] = at
    for one in (*_NOBODYS, *_ROOMS):
        for at, code in codes.items() if one in known else ():
            if one not in found and is_code_of(known[one], code) and _is_of(chain, one, at, found):
                found[one] = at
    contracts = {name: BookContract(address=checksum(at)) for name, at in found.items()}
    contracts["AccessManager"].block, contracts["IdeaBoard"].block = born[2] if born else block, block
    return DeploymentBook(chain_id=chain.chain_id, commit="unknown", contracts=contracts)


def _told(chain: Chain, board: str) -> dict[str, str]:
    """Where the board's views, and the escrow's, say that the others are."""
    at = {"IdeaBoard": board}
    for by in dict.fromkeys(by for by, _ in _NAMED.values()):
        asked = {name: view for name, (teller, view) in _NAMED.items() if teller == by}
        try:
            answers = chain.read([Read(by, at[by], view) for view in asked.values()])
        except Refused as error:
            raise words.bad("no_board", field="--deployment", address=board) from error
        at |= {name: checksum(str(answer)) for name, answer in zip(asked, answers, strict=True)}
    del at["IdeaBoard"]
    return at


def _is_of(chain: Chain, name: str, address: str, told: Mapping[str, str]) -> bool:
    """Whether a contract that nobody names says itself that it is of this deployment, or those who know it do."""
    if name in (*_NOBODYS, *_ROOMS):
        return all(_answer(chain, name, address, view) == told.get(to) for view, to in _ROOMS.get(name, ()))
    if name == "Lens":
        wanted = {"board": told["IdeaBoard"], "escrow": told["CampaignEscrow"], "desk": told["DisputeDesk"]}
        return all(_answer(chain, name, address, view) == at for view, at in wanted.items())
    if name == "Jury":
        is_admitted = _answer(chain, name, address, "isAdmitted", told["DisputeDesk"]) is True
        return is_admitted and _answer(chain, name, address, "authority") == told["AccessManager"]
    is_timelock = _answer(chain, name, address, "timelock") == told["Treasury"]
    return is_timelock and _answer(chain, "Treasury", told["Treasury"], "hasRole", _PROPOSER, address) is True


def _answer(chain: Chain, contract: str, address: str, view: str, *arguments: object) -> object:
    """What a view answers, or nothing where there is no such view."""
    try:
        return chain.call(contract, address, view, *arguments)
    except Refused:
        return None


def _codes(chain: Chain, addresses: Sequence[str]) -> dict[str, bytes]:
    """Code by address, in one batch."""
    answers = chain.transport.batch([("eth_getCode", [at, chain.tag]) for at in addresses])
    return dict(zip(addresses, (bytes.fromhex(code[2:]) for code in raised(answers, NodeError)), strict=True))


def _known() -> dict[str, Artifact]:
    """The contracts of this release, as far as they are at hand."""
    try:
        return artifacts(name for name, said in table().items() if said.get("only") != "mock")
    except BadInput:  # not compiled, or installed without them
        return {}


def _last_before(chain: Chain, head: Block, moment: int) -> int:
    """The last block that is not after a moment (Unix seconds), found by halves."""
    low, high = 0, head.number
    if head.timestamp <= moment:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if chain.block(middle).timestamp <= moment else (low, middle - 1)
    return low


def _windows(last: int) -> Iterator[tuple[int, int]]:
    """Ranges of blocks from the last one down, each twice as long as the one before."""
    length, high = _WINDOW, last
    while high >= 0:
        yield max(high - length + 1, 0), high
        high, length = high - length, 2 * length


def _creation(chain: Chain, contract: str, address: str, event: str, last: int) -> tuple[str, int, int] | None:
    """By whom, with which nonce and in which block a contract was created, told by its first event."""
    for low, high in _windows(last):
        for one in chain.events(contract, address, event, from_block=low, to_block=high)[:1]:
            block = chain.transport.request("eth_getBlockByNumber", [hex(one.block), True])
            for sent in block["transactions"]:
                if sent["hash"] == one.tx and not sent.get("to"):
                    by, nonce = checksum(sent["from"]), int(sent["nonce"], 16)
                    if created_address(by, nonce) == checksum(address):
                        return by, nonce, one.block
    return None
