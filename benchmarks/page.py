"""The page in Chromium: its size, its first paint, and the longest task of its thread while much happens.

    python benchmarks/page.py [SECONDS]

A simulator in a process of its own has 10,000 calls and one with a ladder of 1,000 lines. The page is opened, its list
is scrolled and filtered, 200 events a second come for so many seconds (10), and then the clock leaps an hour in which
every call ends. A task of more than 50 ms would be felt. Chromium's trace says how long each task of the page's thread
took: by the wall clock, in which the machine's other work counts as well, and in processor time, in which it does not.
Needs the extra ``dev`` and a Chromium (see ``tests/page``).

The last table is what pages cost the simulator: callouts a second with none and with five of them open.
"""

import asyncio
import base64
import json
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from callouts import KEY, NUMBER, SECRET, answered_per_second, cpu_s
from playwright.sync_api import Browser, Page, sync_playwright

CALLS = 10_000
LINES = 1_000
EVENTS_A_SECOND = 200
LOADS = 15
PAGES = 5
ROUNDS = 3

PARTS = """
() => performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/_simulator/page/"))
  .map((entry) => [entry.decodedBodySize, entry.encodedBodySize])
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
Json = dict[str, Any]


class Simulator:
    """A simulator at a URL."""

    def __init__(self, url: str, process: "subprocess.Popen[str]") -> None:
        self.url = url
        self.process = process

    def request(self, method: str, path: str, body: object = None) -> Json:
        """Asks it something; the answer's JSON."""
        credentials = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as response:
            text = response.read()
        document: Json = json.loads(text) if text else {}
        return document

    def call_out(self) -> None:
        """Calls somebody."""
        callout = {"destination": {"type": "number", "endpoint": "+14045550199"}, "text": "Hello", "cli": NUMBER}
        self.request("POST", "/calling/v1/callouts", {"method": "ttsCallout", "ttsCallout": callout})

    def fill(self) -> str:
        """Makes the calls; the id of the one with the long ladder."""
        made = 0
        while made < CALLS:
            made += round(callouts_per_second(self.url, 0.5) * 0.5)
        self.request("POST", "/_simulator/clock/advance", {"seconds": 0})
        destination = {"type": "number", "endpoint": "+14045550198"}
        room = {"destination": destination, "conferenceId": "long", "cli": NUMBER}
        callout = {"method": "conferenceCallout", "conferenceCallout": room}
        long = str(self.request("POST", "/calling/v1/callouts", callout)["callId"])
        self.request("POST", "/_simulator/clock/advance", {"seconds": 3})
        for _ in range(LINES // 20):
            self.request("POST", f"/_simulator/calls/{long}/speak", {"text": "one two three"})
            self.request("POST", f"/_simulator/calls/{long}/press", {"digits": "12345678901234567#"})
        return long

    def keep_busy(self, seconds: float, long: str) -> None:
        """Lets 200 things a second happen, a quarter of them in the call with the long ladder."""
        before = self.lines()
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            self.call_out()
            self.request("POST", f"/_simulator/calls/{long}/press", {"digits": "12"})
            self.request("POST", "/_simulator/clock/advance", {"seconds": 0.01})
            behind = (self.lines() - before) / EVENTS_A_SECOND - passed
            time.sleep(max(0.0, behind))

    def lines(self) -> int:
        """The number of the last line of the journal."""
        url = f"{self.url}/_simulator/changes?application={KEY}"
        with urllib.request.urlopen(url, timeout=30) as response:
            first = response.readline().decode()
        return int(first.rpartition("-")[2])


def callouts_per_second(url: str, seconds: float) -> float:
    """Asks in a thread of its own: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(answered_per_second(url, seconds))).result()


@contextmanager
def started(*flags: str) -> Iterator[Simulator]:
    """A simulator in a process of its own."""
    command = [sys.executable, "-m", "sinch_simulator", "start", "--port", "0", "--json", "--clock", "manual", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield Simulator(json.loads(process.stdout.readline())["url"], process)
        finally:
            process.terminate()


def opened(browser: Browser, url: str) -> Page:
    """The page in a context, and so a cache, of its own."""
    page = browser.new_context(viewport={"width": 1480, "height": 900}).new_page()
    page.goto(url)
    page.get_by_text("live", exact=True).wait_for()
    return page


def wait_until(page: Page, is_so: str) -> None:
    """Waits for an expression to be true; Playwright's own way needs what the page's policy forbids."""
    for _ in range(600):
        if page.evaluate(is_so):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(is_so)


def report_size(browser: Browser, simulator: Simulator) -> None:
    """Prints how large the page is, and how soon it is seen."""
    paints = []
    for _ in range(LOADS):
        page = opened(browser, simulator.url)
        wait_until(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
        paints.append(page.evaluate(FIRST_PAINT))
        parts = page.evaluate(PARTS)
        page.context.close()
    plain, compressed = (sum(sizes) / 1024 for sizes in zip(*parts, strict=True))
    print(f"code and styles: {plain:.1f} KB in {len(parts)} files ({compressed:.1f} KB compressed)")
    print(f"first paint: {statistics.median(paints):.0f} ms (median of {LOADS}), {max(paints):.0f} ms at worst")


def report_tasks(browser: Browser, simulator: Simulator, seconds: float) -> None:
    """Prints the longest tasks of the page's thread, stage by stage."""
    long = simulator.fill()
    page = browser.new_context(viewport={"width": 1480, "height": 900}).new_page()
    with told(browser, page, f"opened, with {CALLS} calls and a ladder of {LINES} lines"):
        page.goto(f"{simulator.url}/#/calls/{long}")
        page.get_by_role("listbox", name="Calls").wait_for()
        wait_until(page, f"document.querySelector('nav a').textContent.replace(/[^0-9]/g, '') >= {CALLS}")
    with told(browser, page, "list scrolled and filtered"):
        for place in (2000, 40_000, 300_000, 0):
            page.evaluate(f"document.querySelector('[aria-label=Calls][role=listbox]').scrollTop = {place}")
            page.wait_for_timeout(100)
        page.get_by_label("Filter calls").type("+1404 ringing", delay=30)
        page.wait_for_timeout(500)
        page.get_by_label("Filter calls").fill("")
    with told(browser, page, f"{EVENTS_A_SECOND} events a second for {seconds:g} s"):
        busy = threading.Thread(target=simulator.keep_busy, args=(seconds, long))
        busy.start()
        while busy.is_alive():
            page.wait_for_timeout(100)
    before = simulator.lines()
    with told(browser, page, "clock leapt an hour"):
        simulator.request("POST", "/_simulator/clock/advance", {"seconds": 3600})
        wait_until(page, "document.querySelector('.option .chip').textContent === 'answered'")
        page.wait_for_timeout(2000)
    print(f"  in which there were {simulator.lines() - before} events")
    page.context.close()


@contextmanager
def told(browser: Browser, page: Page, what: str) -> Iterator[None]:
    """Prints how long the tasks of the page's thread were while something was done."""
    browser.start_tracing(page=page, categories=["toplevel"])
    try:
        yield
    finally:
        page.wait_for_timeout(200)
        events = json.loads(browser.stop_tracing())["traceEvents"]
    names = {(each["pid"], each["tid"]): each["args"]["name"] for each in events if each["name"] == "thread_name"}
    tasks = [
        each
        for each in events
        if each["name"].endswith("RunTask") and names.get((each["pid"], each["tid"])) == "CrRendererMain"
    ]
    cpu, wall = (max(each.get(name, 0) for each in tasks) / 1000 for name in ("tdur", "dur"))
    over = sum(each.get("tdur", 0) > 50_000 for each in tasks)
    longest = f"{cpu:.0f} ms of processor time, {wall:.0f} ms by the wall clock"
    print(f"{what}: the longest task took {longest}; {over} took over 50 ms")


def report_cost(browser: Browser) -> None:
    """Prints what open pages cost the REST API: in answers a second, and in processor time of the simulator each."""
    rates: dict[int, list[float]] = {0: [], PAGES: []}
    costs: dict[int, list[float]] = {0: [], PAGES: []}
    for _ in range(ROUNDS):
        for count in rates:
            with started("--callback-url", "http://127.0.0.1:9/nobody-is-called-before-time-passes") as simulator:
                callouts_per_second(simulator.url, 0.3)
                pages = [opened(browser, simulator.url) for _ in range(count)]
                time.sleep(2)  # the pages list what is there already
                before = cpu_s(simulator.process)
                rate = callouts_per_second(simulator.url, 3)
                rates[count].append(rate)
                costs[count].append((cpu_s(simulator.process) - before) / (rate * 3) * 1_000_000)
                for page in pages:
                    page.context.close()
    print(f"{'pages open':<12}{'callouts/s':>12}{'cpu us each':>13}")
    for count, values in rates.items():
        print(f"{count:<12}{statistics.median(values):>12.0f}{statistics.median(costs[count]):>13.0f}")


def main() -> None:
    """Print the figures."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with started() as simulator:
            report_size(browser, simulator)
            report_tasks(browser, simulator, seconds)
        report_cost(browser)


if __name__ == "__main__":
    main()
