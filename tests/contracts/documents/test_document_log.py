"""DocumentLog.

publish
  when the document is empty
    it reverts -> test_reverts_when_the_document_is_empty
  when it is longer than 16 KiB
    it reverts -> test_reverts_when_the_document_is_too_long
  when it has 1 to 16,384 bytes
    it emits digest, publisher and text -> test_publishes_text_under_its_digest
    anybody may publish it again -> test_anybody_publishes_the_same_again
"""

from __future__ import annotations

import hashlib

import pytest

from tests.support.reverts import reverts

MAX_BYTES = 16_384


@pytest.fixture(scope="module")
def documents(DocumentLog, accounts):
    return DocumentLog.deploy({"from": accounts[0]})


def test_reverts_when_the_document_is_empty(documents, accounts):
    with reverts(documents, "DocumentLogEmpty"):
        documents.publish(b"", {"from": accounts[1]})


def test_reverts_when_the_document_is_too_long(documents, accounts):
    with reverts(documents, "DocumentLogTooLong", MAX_BYTES + 1, MAX_BYTES):
        documents.publish(b"x" * (MAX_BYTES + 1), {"from": accounts[1]})


@pytest.mark.parametrize(
    "text",
    [b"\x00", "Título: ¿por qué?\n".encode(), "标题".encode(), b"y" * MAX_BYTES],
    ids=["one byte", "Spanish", "Chinese", "longest"],
)
def test_publishes_text_under_its_digest(documents, accounts, text):
    tx = documents.publish(text, {"from": accounts[1]})
    digest = "0x" + hashlib.sha256(text).hexdigest()
    assert str(tx.return_value) == digest
    (event,) = tx.events["DocumentPublished"]
    assert str(event["digest"]) == digest
    assert event["publisher"] == accounts[1]
    assert bytes.fromhex(str(event["text"])[2:]) == text


def test_anybody_publishes_the_same_again(documents, accounts):
    first = documents.publish(b"same", {"from": accounts[1]})
    second = documents.publish(b"same", {"from": accounts[2]})
    assert first.return_value == second.return_value
    assert second.events["DocumentPublished"]["publisher"] == accounts[2]
