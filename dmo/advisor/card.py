"""The card of a trained model: what it was made of, how well it did, and what it is not good for."""

from __future__ import annotations

from hashlib import sha256

from dmo.advisor.training import SEED, Trained
from dmo.core import words


def card_of(trained: Trained, lang: str) -> str:
    """The card's text, to be read and mended by whoever registers it; ``lang``: of the ideas."""
    first, last, its = trained.items[0], trained.items[-1], trained.figures
    passed = sum(one.passed for one in trained.items)
    said = words.load()["word"]["card"]
    auc = "" if its.auc is None else f"  auc: {its.auc / 10**6:.4f}\n"
    made_with = "".join(f"  - {one}\n" for one in trained.made_with)
    return (
        "---\nkind: card\n"
        f"title: {said['title'].format(count=len(trained.items), round=last.round)}\n"
        f"lang: {words.spoken()}\n"
        f"model: {sha256(trained.model.packed()).hexdigest()}\n"
        f"bias: {trained.model.bias}\n"
        f"language: {lang}\n"
        f"data:\n  ideas: {len(trained.items)}\n  passed: {passed}\n"
        f"  first: {first.round}/{first.number}\n  last: {last.round}/{last.number}\n  digest: {trained.digest.hex()}\n"
        f"figures:\n  ideas: {its.count}\n{auc}  loss: {its.loss / 1_000:.3f}\n  constant: {its.constant / 1_000:.3f}\n"
        f"made_with:\n{made_with}"
        f"seed: {SEED}\n"
        f"limits: {said['limits']}\n"
        f"---\n\n{said['body'].strip()}\n"
    )
