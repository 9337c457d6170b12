"""Asking a model for essays: how many is logged before the first call, each that comes before anyone can read it.

`sample` is the whole of it; only `ask` knows Inspect, and nothing else imports that.
"""
