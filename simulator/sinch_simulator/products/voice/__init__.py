"""The Voice API: calls, conferences, recordings, and all that SVAML can say. ``product`` is its page."""

NAME = "voice"
"""Its name among the products."""
DEFAULT_REGION = "euc1"
"""Where calls live when no host says otherwise."""
NAME_OF_V2 = "voice-v2"
"""Of the product that is Voice v2."""
