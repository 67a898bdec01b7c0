"""What the benchmarks of callbacks compare with: an aiohttp client that does nothing but post signed bodies."""

import asyncio
import json
import time

import aiohttp

from sinch_simulator.core.signing import callback_headers, callback_path, decode_secret

KEY, SECRET = "11111111-2222-4333-8444-555555555555", "AAECAwQFBgcICQoLDA0ODw=="
ICE = {"event": "ice", "callid": "4398599d-1ba8-4ef3-bde0-a82dfb61abed", "cli": "46700000001", "version": 1}


async def bare_per_second(session: aiohttp.ClientSession, url: str, *, count: int, at_once: int) -> float:
    """Signed bodies posted by nothing but aiohttp: how many a second, so many at once."""
    secret, path = decode_secret(SECRET), callback_path(url)

    async def post(share: int) -> None:
        for _ in range(share):
            body = json.dumps(ICE).encode()
            headers = callback_headers(KEY, secret, path, body, time.time())
            async with session.post(url, data=body, headers=headers) as response:
                json.loads(await response.read())

    began = time.perf_counter()
    await asyncio.gather(*(post(count // at_once) for _ in range(at_once)))
    return count / (time.perf_counter() - began)
