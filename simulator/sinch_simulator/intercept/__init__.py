"""Leads programs that call the platform's production hosts to the simulator, for ``sinch-simulator exec``."""
