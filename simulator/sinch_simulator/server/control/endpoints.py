"""Every endpoint of the control API, in one table."""

from sinch_simulator.core.rest.control_request import ControlEndpoint
from sinch_simulator.products.voice.control import call_detail_records, calls, conferences
from sinch_simulator.server.control import (
    applications,
    callbacks,
    clock,
    faults,
    fidelity,
    health,
    journal,
    phones,
)
from sinch_simulator.server.voice_io.streams import control as streams

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
    *call_detail_records.ENDPOINTS,
    *streams.ENDPOINTS,
    *fidelity.ENDPOINTS,
)
