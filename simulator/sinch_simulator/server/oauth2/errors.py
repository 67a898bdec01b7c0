"""Errors of the token endpoint that the platform's older products have no name for."""

from sinch_simulator.core.errors import ApiError


class GrantRefused(ApiError):
    """Refuses a token for a grant that is not offered."""
