"""Says in one line why a simulator cannot serve where it was told to, and what would be right."""

import errno
import json
import os


def why_not_served(host: str, port: int, error: OSError, *, flag: str = "--") -> str:
    """The sentence about an address that cannot be bound; ``flag`` stands before the names of settings in it."""
    return f"cannot serve on {host} port {port}: {_reason_of(error)}; {_advice(host, port, error, flag)}"


def _advice(host: str, port: int, error: OSError, flag: str) -> str:
    match error.errno:
        case errno.EADDRINUSE if _is_simulator(host, port):
            return (
                "a simulator runs there already (`sinch-simulator tail` shows what it does): use that one, or choose "
                f"another {flag}port (0 takes a free one)"
            )
        case errno.EADDRINUSE:
            return f"another program has it: choose another {flag}port (0 takes a free one)"
        case errno.EACCES:
            return f"choose one above 1023 as {flag}port"
        case _:
            return f"{flag}host takes an address of this machine, such as 127.0.0.1"


def _is_simulator(host: str, port: int) -> bool:
    """Asks whoever serves there; nobody is waited for longer than a second."""
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=1)
    try:
        connection.request("GET", "/_simulator/health")
        answer = json.loads(connection.getresponse().read(1000))
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and answer.get("status") == "ok" and "version" in answer


def _reason_of(error: OSError) -> str:
    """Says in few words why: asyncio puts a sentence with the address in the place of the system's own text."""
    known = error.errno is not None and error.errno in errno.errorcode
    return os.strerror(error.errno or 0) if known else str(error.strerror or error)
