"""The Voice API v2: sessions of single calls, commands in sequences, events (docs/platform/voice-v2.md)."""

NAME = "voice-v2"
"""Of the product, as the control API shows it."""
