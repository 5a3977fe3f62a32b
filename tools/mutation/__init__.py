"""Mutants of the contracts: how they are made, compiled, tried and told (tools/mutate.py)."""
