"""What people do, capability by capability: intentions become calls, and state is read.

Every function takes a ``Dmo`` handle first. Functions that act return a ``Call``; the others read.
"""
