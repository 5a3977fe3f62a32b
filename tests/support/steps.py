"""What a transaction ran, from a node that keeps no steps: it runs it again, before a tracer.

For coverage it is the same as Brownie finds, in a tenth of the time. Brownie asks for every step
with stack and memory, which for one payment is some hundred megabytes of JSON; what counts is which
instructions ran in which contract, so that a tracer inside the node sends those numbers alone. For
who wants to know where a revert came from there is every step, with memory where it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from brownie.network import state
from brownie.network.web3 import web3
from brownie.project.main import Project
from brownie.test import coverage

# One text per call: the address of the code, then its program counters.
TRACER = """{
  calls: [], open: [], target: "",
  step: function (log) {
    var depth = log.getDepth();
    if (depth > this.open.length) {
      var address = this.target || toHex(log.contract.getAddress());
      var call = [address];
      this.open.push(call);
      this.calls.push(call);
    } else {
      while (depth < this.open.length) this.open.pop();
    }
    this.open[depth - 1].push(log.getPC());
    this.target = "";
    var op = log.op.toNumber();
    if (op === 0xf4 || op === 0xf2) this.target = log.stack.peek(1).toString(16);
  },
  fault: function () {},
  result: function () { return this.calls; }
}"""

EVERY_STEP = """{
  steps: [],
  step: function (log) {
    var op = log.op.toString(), stack = [], memory = "";
    for (var place = log.stack.length() - 1; place >= 0; place--) stack.push(log.stack.peek(place).toString(16));
    if (/CALL|CREATE|LOG|RETURN|REVERT/.test(op)) memory = toHex(log.memory.slice(0, log.memory.length()));
    this.steps.push({
      pc: log.getPC(), op: op, gas: log.getGas(), gasCost: log.getCost(), depth: log.getDepth(),
      stack: stack, memory: memory
    });
  },
  fault: function () {},
  result: function () { return this.steps; }
}"""
TRACE = "debug_traceTransaction"

Seen = dict[str, list[set[int]]]


def record(tx: Any) -> None:
    """Tell Brownie's coverage what a transaction ran; of a deployment nothing counts."""
    covered: dict[str, Seen] = {}
    if not tx.contract_address:
        answer = web3.provider.make_request(TRACE, [tx.txid, {"tracer": TRACER}])
        for address, *steps in answer["result"]:
            contract = state._find_contract("0x" + address.removeprefix("0x").zfill(40))
            if contract is not None and isinstance(contract._project, Project):
                follow(contract._build["pcMap"], steps, covered.setdefault(contract._name, {}))
    coverage._add_transaction(tx.coverage_hash, {name: seen for name, seen in covered.items() if seen})


def told(ask: Callable[[str, Sequence[Any]], Any]) -> Callable[[str, Sequence[Any]], Any]:
    """Ask a node for what Brownie asks for, every step of a transaction among it."""

    def asks(method: str, parameters: Sequence[Any]) -> Any:
        answer = ask(method, parameters)
        if method == TRACE and "result" in answer and "tracer" not in parameters[1]:
            steps = ask(TRACE, [parameters[0], {"tracer": EVERY_STEP}])["result"]
            for step in steps:
                words = step["memory"].removeprefix("0x")
                step["memory"] = [words[start : start + 64] for start in range(0, len(words), 64)]
                step["stack"] = [word.zfill(64) for word in step["stack"]]
            answer["result"]["structLogs"] = steps
        return answer

    return asks


def follow(pcs: dict[int, dict[str, Any]], steps: list[int], seen: Seen) -> None:
    """Add what one call ran: per source statements, branches not jumped, branches jumped."""
    open_branches: set[int] = set()
    for here, following in zip(steps, _next(steps), strict=True):
        pc = pcs.get(here)
        if pc is None or "fn" not in pc or "path" not in pc:
            continue
        marks = seen.get(pc["path"])
        if marks is None:
            marks = seen[pc["path"]] = [set(), set(), set()]
        if "statement" in pc:
            marks[0].add(pc["statement"])
        if "branch" in pc:
            branch = pc["branch"]
            if pc["op"] != "JUMPI":
                open_branches.add(branch)
            elif branch in open_branches:
                open_branches.remove(branch)
                marks[1 if following == here + 1 else 2].add(branch)


def _next(steps: list[int]) -> Iterable[int]:
    return [*steps[1:], -1]
