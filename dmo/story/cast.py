"""The people of the story. Tidepool is fictional, and so are they."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eth_account.signers.local import LocalAccount

__all__ = ["CAST", "MNEMONIC", "Person", "key_of"]

MNEMONIC = "test test test test test test test test test test test junk"
"""The local chain's well-known words: accounts of nobody, on no chain that matters."""


@dataclass(frozen=True)
class Person:
    """Somebody in the story.

    Attributes:
        key: How the chapters call them.
        name: What they are called.
        role: What they do here.
        place: Where they live.
        index: Their account of the local chain's words.
        tide: Vote tokens they hold, in whole tokens.
    """

    key: str
    name: str
    role: str
    place: str
    index: int
    tide: int = 0


_PEOPLE = (
    Person("maren", "Maren Holt", "founder", "Bergen", 0, 90_000),
    Person("oskar", "Oskar Lund", "holder and lead", "Gothenburg", 1, 110_000),
    Person("ayu", "Ayu Lestari", "holder and lead", "Makassar", 2, 70_000),
    Person("diego", "Diego Fuentes", "holder and lead", "Valparaíso", 3, 75_000),
    Person("linwei", "Lin Wei 林薇", "holder and lead", "Xiamen", 4, 80_000),
    Person("kofi", "Kofi Mensah", "holder", "Accra", 5, 60_000),
    Person("hana", "Hana Sato", "holder", "Yokohama", 6, 65_000),
    Person("tomas", "Tomás Ribeiro", "holder", "Porto", 7, 95_000),
    Person("priya", "Priya Nair", "holder", "Kochi", 8, 55_000),
    Person("elena", "Elena Rossi", "holder", "Genoa", 9, 50_000),
    Person("bram", "Bram de Vries", "holder and lead", "Den Helder", 10, 40_000),
    Person("salma", "Salma Idrissi", "holder", "Tangier", 11, 10_000),
    Person("isabel", "Isabel Mora", "worker", "Valparaíso", 12),
    Person("mateo", "Mateo Quispe", "worker", "Lima", 13),
    Person("chen", "Chen Hao 陈浩", "worker", "Qingdao", 14),
    Person("sumin", "Su Min 苏敏", "worker", "Xiamen", 15),
    Person("zoe", "Zoe Adeyemi", "worker", "Lagos", 16),
    Person("rahim", "Rahim Siddiqui", "worker", "Chattogram", 17),
    Person("citra", "Citra Wulandari", "worker", "Surabaya", 18),
    Person("bayu", "Bayu Prakoso", "worker", "Makassar", 24),
    Person("viktor", "Viktor Maas", "copies what he finds", "nowhere in particular", 20),
    Person("nora", "Nora Bakken", "guardian", "Tromsø", 21),
    Person("yusuf", "Yusuf Demir", "a stranger who sends what is due", "Izmir", 22),
    Person("amina", "Amina Siddiqui", "Rahim's sister", "Sylhet", 23),
    Person("issuer", "USDX Issuer", "issues the stablecoin", "a bank", 19),
)

CAST = {person.key: person for person in _PEOPLE}
"""Everybody, by the key that the chapters use."""


def key_of(person: Person):  # type: ignore[no-untyped-def]
    """A person's key on the local chain, as eth-account holds it."""
    from eth_account import Account

    account: Any = Account
    account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{person.index}"
    key: LocalAccount = account.from_mnemonic(MNEMONIC, account_path=path)
    return key
