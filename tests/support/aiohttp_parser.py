"""What the parser of the aiohttp that is installed does, where the oldest one that we take does something else."""

from importlib.metadata import version

IS_OF_3_14 = tuple(map(int, version("aiohttp").split(".")[:2])) >= (3, 14)
"""It pauses in a body that is far too long, leaves the body to a request that asks for an upgrade that nobody offers,
and refuses more: zero bytes in headers, requests without a host."""
