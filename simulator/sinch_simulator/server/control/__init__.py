"""The control API below ``/_simulator``: one table of endpoints, one file for each group of resources."""

from sinch_simulator.server.control import (
    applications,
    callbacks,
    calls,
    clock,
    conferences,
    health,
    journal,
    not_yet,
    phones,
)
from sinch_simulator.server.control.requests import ControlEndpoint

ENDPOINTS: tuple[ControlEndpoint, ...] = (
    *health.ENDPOINTS,
    *applications.ENDPOINTS,
    *calls.ENDPOINTS,
    *conferences.ENDPOINTS,
    *callbacks.ENDPOINTS,
    *phones.ENDPOINTS,
    *clock.ENDPOINTS,
    *journal.ENDPOINTS,
    *not_yet.ENDPOINTS,
)
