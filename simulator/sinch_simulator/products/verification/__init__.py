"""Verification: proves that somebody has a phone number, by a text, a flash call, a phone call or mobile data."""

NAME = "verification"
"""The product, as the control API calls it."""
