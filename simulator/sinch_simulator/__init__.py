"""A local simulator of the Sinch Voice platform."""

__version__ = "0.1.0"
