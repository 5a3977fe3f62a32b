"""What is compiled again.

an interface
  when it changed -> test_those_that_implement_a_changed_interface_are_compiled_again
"""

from __future__ import annotations

from brownie.project.build import Build
from brownie.project.sources import Sources

from tools.run_brownie import forget_implementers

LAMP = "// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\n"


def test_those_that_implement_a_changed_interface_are_compiled_again() -> None:
    sources = {f"contracts/{name}.sol": f"{LAMP}contract {name} {{}}" for name in ("Lamp", "Garden")}
    build = Build(Sources(sources, {}))
    for name, asks in (("Lamp", ["ILamp"]), ("Garden", ["IGarden"])):
        build._contracts[name] = {"dependencies": asks, "sourcePath": f"contracts/{name}.sol"}
    build._remove_contract = build._contracts.pop
    forget_implementers(build, {"ILamp": "1", "IGarden": "2"}, {"ILamp": "1", "IGarden": "3", "INew": "4"})
    assert list(build._contracts) == ["Lamp"]
