"""Why a contract refuses: what the client says of a call is what the sent transaction met.

given a call that is refused -> test_the_client_says_what_the_transaction_meets
given a call that nobody is refused -> test_what_is_never_refused_passes
given any action of any contract -> test_every_action_has_a_case
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dmo.core import abi
from dmo.core.errors import Refused
from dmo.core.explain import explain, sentences
from tests.scripts.refused import CASES, NEVER_REFUSED, Case, Ground, play
from tests.support.cli_chain import Stage, funded_stage
from tests.support.deployments import ROOMS


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with funded_stage(tmp_path_factory.mktemp("refusals"), rooms=ROOMS) as stage:
        second = Stage(stage.chain, stage.url, stage.folder / "second")
        token = stage.dmo.budget_token.address
        wrapped = second.deploy(token=f'kind = "wrap"\naddress = "{token}"\nname = "W"\nsymbol = "W"\n', name="wrapped")
        play(stage)
        yield Ground(stage, wrapped)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_client_says_what_the_transaction_meets(ground: Ground, case: Case) -> None:
    call, sender = ground.call(case), ground.account(case.who, case.contract)
    words = ground.stage.dmo.words

    with pytest.raises(Refused) as refusal:
        ground.chain.simulate(call, sender)
    met = ground.send(call, sender)

    assert met is not None
    name, arguments = met
    assert (refusal.value.name, refusal.value.arguments) == (name, arguments)
    assert name == case.error
    assert name in sentences()
    said = explain(refusal.value.name, refusal.value.arguments, words)
    assert said == explain(name, arguments, words)
    assert said[0]
    assert "{" not in "".join(said)


@pytest.mark.parametrize("case", NEVER_REFUSED, ids=str)
def test_what_is_never_refused_passes(ground: Ground, case: Case) -> None:
    call, sender = ground.call(case), ground.account(case.who, case.contract)
    ground.chain.simulate(call, sender)
    assert ground.send(call, sender) is None


def test_every_action_has_a_case() -> None:
    covered = {(one.contract, one.function.split("(")[0]) for one in [*CASES, *NEVER_REFUSED]}
    actions = {
        (contract, one.name)
        for contract in abi.names()
        if contract != "ERC20"
        for one in abi.load(contract)
        if one.kind == "function" and not one.is_read
    }
    assert actions - covered == set()
