"""The set itself: plain data, one class per kind of object. What scripts see of it is declared in live_simulator.api.

Lists of nodes are tuples, replaced whole by `put`, so that undo can bring them back.
"""
