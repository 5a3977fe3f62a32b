"""Advisor: models as code that does nothing, and what they say of any text: the same bits as Python.

register
  when there are not 8,192 bytes of weights -> test_reverts_when_the_weights_have_another_length
  when the language's tag is empty or too long -> test_reverts_when_the_language_has_no_tag
  when no card is named -> test_reverts_when_there_is_no_card
  when there is too little gas to store them -> test_reverts_when_the_weights_cannot_be_stored
  when it is right
    it keeps all of it, under the next number -> test_anybody_registers_a_model
    it leaves every earlier model as it was -> test_registration_flood_leaves_earlier_models_alone
    its weights are code that does nothing -> test_weights_are_inert_code
modelOf, weightsOf, logit
  given no such model -> test_reverts_when_there_is_no_such_model
logit
  when the text is too long -> test_reverts_when_the_text_is_too_long
  when it is any other
    it says what Python says (A1) -> test_random_bytes_agree
    it says what it would say without assembly, for less -> test_assembly_agrees_with_plain_solidity
nothing reads an advisor (A4) -> test_no_contract_reads_an_advisor
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dmo.advisor.hashed import Model, features
from tests.support.advisors import HIGHEST, LOWEST, texts, weights
from tests.support.reverts import reverts

attack = pytest.mark.attack

ROOT = Path(__file__).resolve().parents[3]
CARD = "0x" + "ca" * 32
NONE = "0x" + "00" * 32
BIASES = (0, -300, 2**31 - 1, -(2**31))
SEED, COUNT, BATCH = 14, 10_000, 250


@pytest.fixture(scope="module")
def packed():
    return weights(random.Random(SEED))


@pytest.fixture(scope="module")
def advisor(Advisor, accounts):
    return Advisor.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def probe(AdvisorProbe, accounts):
    return AdvisorProbe.deploy({"from": accounts[0]})


@pytest.fixture(scope="module")
def owner(accounts):
    return accounts[1]


@pytest.mark.parametrize("length", [0, 8_191, 8_193, 16_384])
def test_reverts_when_the_weights_have_another_length(advisor, owner, length):
    with reverts(advisor, "AdvisorWeightsLength", length, 8_192):
        advisor.register(b"\x01" * length, 0, "en", CARD, {"from": owner})


@pytest.mark.parametrize("length", [0, 36, 400])
def test_reverts_when_the_language_has_no_tag(advisor, owner, packed, length):
    with reverts(advisor, "AdvisorLanguageLength", length, 35):
        advisor.register(packed, 0, "e" * length, CARD, {"from": owner})


def test_reverts_when_there_is_no_card(advisor, owner, packed):
    with reverts(advisor, "AdvisorNoCard"):
        advisor.register(packed, 0, "en", NONE, {"from": owner})


def test_reverts_when_the_weights_cannot_be_stored(advisor, owner, packed):
    # Enough for all but the weights: the rest, a 64th, is still left to say so.
    with reverts(advisor, "AdvisorNotStored"):
        advisor.register(packed, 0, "en", CARD, {"from": owner, "gas_limit": 1_700_000})


def test_anybody_registers_a_model(advisor, chain, accounts, packed):
    for number, (who, bias, lang) in enumerate(
        zip(accounts[:4], BIASES, ("e", "en", "zh-Hans", "x" * 35), strict=True), 1
    ):
        tx = advisor.register(packed, bias, lang, CARD, {"from": who})
        at, *rest = advisor.modelOf(number)
        assert tx.return_value == advisor.modelCount() == number
        assert rest == [bias, chain[tx.block_number].timestamp, who, CARD]
        (event,) = tx.events["ModelRegistered"]
        told = {"weights": at, "bias": bias, "lang": lang, "card": CARD}
        assert dict(event) == {"model": number, "owner": who, **told}
        assert bytes(advisor.weightsOf(number)) == packed


@attack("registration-flood")
def test_registration_flood_leaves_earlier_models_alone(advisor, owner, stranger, packed):
    advisor.register(packed, 7, "en", CARD, {"from": owner})
    before = advisor.modelOf(1), advisor.weightsOf(1), advisor.logit(1, b"a word")
    for _ in range(5):
        advisor.register(bytes(8_192), 0, "en", CARD, {"from": stranger})
    assert (advisor.modelOf(1), advisor.weightsOf(1), advisor.logit(1, b"a word")) == before
    assert advisor.modelOf(6)[0] != before[0][0]


def test_weights_are_inert_code(advisor, owner, web3):
    # Code that would destroy itself, or call: behind the zero nobody gets to it.
    hostile = (b"\x33\xff" + b"\x5b\x60\x00\x56" * 2_048)[:8_192]
    advisor.register(hostile, 0, "en", CARD, {"from": owner})
    at = advisor.modelOf(1)[0]
    assert bytes(web3.eth.get_code(at)) == b"\x00" + hostile
    tx = owner.transfer(at, 0, data=b"\x01\x02\x03\x04")
    assert tx.status == 1
    assert len(tx.logs) == 0
    assert bytes(web3.eth.get_code(at)) == b"\x00" + hostile
    assert bytes(advisor.weightsOf(1)) == hostile


@pytest.mark.parametrize("number", [0, 2, 2**256 - 1])
def test_reverts_when_there_is_no_such_model(advisor, owner, packed, number):
    advisor.register(packed, 0, "en", CARD, {"from": owner})
    for ask in (lambda: advisor.modelOf(number), lambda: advisor.weightsOf(number), lambda: advisor.logit(number, b"")):
        with reverts(advisor, "AdvisorUnknownModel", number, 1):
            ask()


def test_reverts_when_the_text_is_too_long(advisor, owner, packed):
    advisor.register(packed, 0, "en", CARD, {"from": owner})
    assert advisor.logit(1, b"a" * 4_096)[1] == 1
    with reverts(advisor, "AdvisorTextTooLong", 4_097, 4_096):
        advisor.logit(1, b"a" * 4_097)


@attack("random-bytes")
def test_random_bytes_agree(advisor, owner, probe):
    rng = random.Random(SEED)
    models = [weights(rng), weights(rng, LOWEST, LOWEST), weights(rng, HIGHEST, HIGHEST), weights(rng, -99, 99)]
    for packed, bias in zip(models, BIASES, strict=True):
        advisor.register(packed, bias, "en", CARD, {"from": owner})
    tried = texts(rng, COUNT)
    found = [features(text) for text in tried]
    for start in range(0, COUNT, BATCH):
        part = slice(start, start + BATCH)
        # The first texts, the hostile ones, by every model; then by one in turn.
        for number in range(1, 5) if start == 0 else [1 + start // BATCH % 4]:
            model = Model.of(models[number - 1], BIASES[number - 1])
            said, counts = probe.logits(advisor, number, tried[part])
            assert list(said) == [model.logit(one) for one in found[part]]
            assert list(counts) == [len(one) for one in found[part]]


def test_assembly_agrees_with_plain_solidity(probe, packed):
    rng = random.Random(SEED + 1)
    saved = []
    for text in texts(rng, 90)[14:]:
        is_same, assembled, plain = probe.compare(text[:1_000], packed)
        assert is_same, text
        saved.append(assembled / plain)
    assert max(saved) < 0.95, "assembly that saves less than 5 % is not worth it"


def test_no_contract_reads_an_advisor():
    sources = [*ROOT.glob("contracts/**/*.sol"), *ROOT.glob("interfaces/*.sol")]
    reading = {file.relative_to(ROOT).as_posix() for file in sources if "IAdvisor" in file.read_text("utf-8")}
    assert reading == {"contracts/advisor/Advisor.sol", "contracts/mocks/AdvisorProbe.sol", "interfaces/IAdvisor.sol"}
