"""The Voice API v2: sessions of single calls, commands in sequences, events (docs/platform/voice-v2.md)."""

from sinch_simulator.products.voice import NAME_OF_V2

NAME = NAME_OF_V2
"""Of the product, as the control API shows it."""
