"""People and a small DAO."""

from __future__ import annotations

import pytest

from tests.support.governance import HOLDINGS, deploy_dao, proposal


@pytest.fixture(scope="module")
def deployer(accounts):
    return accounts[0]


@pytest.fixture(scope="module")
def dao(deployer, accounts, escrow):
    return deploy_dao(deployer, dict(zip(HOLDINGS, accounts[1:5], strict=True)), escrow)


@pytest.fixture(scope="module")
def token(dao):
    return dao.token


@pytest.fixture(scope="module")
def governor(dao):
    return dao.governor


@pytest.fixture(scope="module")
def timelock(dao):
    return dao.timelock


@pytest.fixture(scope="module")
def plan(governor):
    """Raise the quorum to 20 %."""
    return proposal((governor, governor.updateQuorumNumerator.encode_input(2_000)))


@pytest.fixture
def pid(dao, plan, ann):
    """The plan, in its first second of voting."""
    proposal_id = dao.propose(plan, ann)
    dao.open_vote(proposal_id)
    return proposal_id
