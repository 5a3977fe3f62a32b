"""A live-like chain with faults by seed, and keepers on it: `make rig`.

``chain`` is a node and its pool, which move when they are told to; ``proxy`` is what a keeper asks instead, as hostile
as providers are; ``world`` is a DMO with work that becomes due; ``keepers`` are the processes; ``faults`` strike by
seed; ``run`` lets them meet, ``count`` says what came of it.
"""
