"""Every endpoint of the control API, in one table."""

from sinch_simulator.server.control import (
    applications,
    call_records,
    callbacks,
    calls,
    clock,
    conferences,
    faults,
    fidelity,
    health,
    journal,
    phones,
    streams,
)
from sinch_simulator.server.control.requests import ControlEndpoint

CONTROL_ENDPOINTS: tuple[ControlEndpoint, ...] = (
    *health.ENDPOINTS,
    *applications.ENDPOINTS,
    *calls.ENDPOINTS,
    *conferences.ENDPOINTS,
    *callbacks.ENDPOINTS,
    *phones.ENDPOINTS,
    *clock.ENDPOINTS,
    *journal.ENDPOINTS,
    *faults.ENDPOINTS,
    *call_records.ENDPOINTS,
    *streams.ENDPOINTS,
    *fidelity.ENDPOINTS,
)
