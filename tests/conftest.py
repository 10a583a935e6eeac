"""What all tests share: groups that may lack something, no network, and random data that repeats.

A test that needs what not every machine has belongs to a group: it carries the group's mark, or uses a
fixture of the group. Where the group lacks its need, its tests are skipped, and the end of the run says so in
one line for each group. With KPIKIT_NO_SKIPS=1 a skip fails the run, so that nothing is left out unseen.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]


# --- Groups of tests


def chromium() -> str | None:
    """Give the path of the Chromium to drive, or None."""
    named = os.environ.get("KPIKIT_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next((path for path in map(shutil.which, names) if path), None)


def external_folder() -> Path:
    """Give the folder of the public datasets, whether it is there or not."""
    return Path(os.environ.get("KPIKIT_EXTERNAL_DATA") or ROOT.parent / "shared" / "data")


def postgres_programs() -> Path | None:
    """Give the folder of the programs that make and start a PostgreSQL server, or None."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    # Debian keeps them beside the path, by version.
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


# For each group: whether its need is met, and what it lacks where it is not.
GROUPS: dict[str, tuple[Callable[[], bool], str]] = {
    "browser": (
        lambda: chromium() is not None,
        "no Chromium: install chromium, or set KPIKIT_CHROMIUM to its path",
    ),
    "external": (
        lambda: external_folder().is_dir(),
        "no external data: put the datasets in ../shared/data, or set KPIKIT_EXTERNAL_DATA to their folder",
    ),
    "postgres": (
        lambda: postgres_programs() is not None,
        "no PostgreSQL server: install postgresql, or put its initdb and pg_ctl on the path",
    ),
    "polars": (
        lambda: importlib.util.find_spec("polars") is not None,
        "no Polars: pip install polars",
    ),
}
GROUP_OF_FIXTURE = {"external_data": "external", "chromium_path": "browser", "postgres_server": "postgres"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests into their groups, and skip those of a group that lacks something."""
    lacking = {group: lacks for group, (is_met, lacks) in GROUPS.items() if not is_met()}
    for item in items:
        for fixture, group in GROUP_OF_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()) and item.get_closest_marker(group) is None:
                item.add_marker(group)
        for group, lacks in lacking.items():
            if item.get_closest_marker(group):
                item.add_marker(pytest.mark.skip(reason=f"[{group}] {lacks}"))


@pytest.fixture
def external_data() -> Callable[[str], Path]:
    """Give the folder of a public dataset by its name, or skip the test."""

    def folder(name: str) -> Path:
        found = external_folder() / name
        if not found.is_dir():
            pytest.skip(f"[external] no external data named {name}")
        return found

    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Give the path of the Chromium to drive."""
    path = chromium()
    assert path is not None, "a test of the group `browser` runs only where Chromium is"
    return path


@pytest.fixture(scope="session")
def postgres_folder() -> Path:
    """Give the folder of the programs of a PostgreSQL server."""
    folder = postgres_programs()
    assert folder is not None, "a test of the group `postgres` runs only where its programs are"
    return folder


def skipped_groups(reports: list) -> Counter[tuple[str, str]]:
    """Count the skipped tests by group and by what the group lacks; a skip outside of a group is `other`."""
    groups: Counter[tuple[str, str]] = Counter()
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        group, lacks = re.match(r"(?:Skipped: )?(?:\[(\w+)\] )?(.*)", reason, re.DOTALL).groups()
        groups[group or "other", lacks] += 1
    return groups


def skips_fail() -> bool:
    """Say whether a skip fails the run."""
    return os.environ.get("KPIKIT_NO_SKIPS", "") not in ("", "0")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each group of skipped tests and what it lacks."""
    groups = skipped_groups(terminalreporter.stats.get("skipped", []))
    if not groups:
        return
    terminalreporter.section("Skipped groups")
    for (group, lacks), count in sorted(groups.items()):
        terminalreporter.line(f"{group}: {count} skipped ({lacks})")
    if skips_fail():
        terminalreporter.line("KPIKIT_NO_SKIPS is set: the run fails because of these skips.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped anything where nothing may be skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    is_worker = hasattr(session.config, "workerinput")
    if (
        skips_fail()
        and not is_worker
        and reporter
        and reporter.stats.get("skipped")
        and session.exitstatus == 0
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# --- No network


class NetworkBlockedError(OSError):
    """A test tried to reach beyond this machine."""


def is_local(host: object) -> bool:
    """Say whether a host is this machine (an address of the loopback, its name, or none at all)."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::", socket.gethostname()):
        return True
    try:
        return ip_address(str(name).split("%")[0]).is_loopback
    except ValueError:
        return False


def guarded(method: Callable, address_at: int) -> Callable:
    """Let a method of a socket reach local addresses only; a path, the address of a unix socket, is local."""

    def call(self: socket.socket, *args: object) -> object:
        address = args[address_at]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise NetworkBlockedError(f"tests reach this machine only, not {address[0]}")
        return method(self, *args)

    return call


def resolve_locally(host: object, *args: object, **options: object) -> list:
    """Look up local names only."""
    if not is_local(host):
        raise NetworkBlockedError(f"tests look up this machine only, not {host!r}")
    return _getaddrinfo(host, *args, **options)


_getaddrinfo = socket.getaddrinfo


def block_network() -> None:
    """Close the ways out of this process. Jupyter kernels, which listen on the loopback, still work."""
    # An address may come last (sendto has flags in between), so it is taken from the end.
    socket.socket.connect = guarded(socket.socket.connect, -1)
    socket.socket.connect_ex = guarded(socket.socket.connect_ex, -1)
    socket.socket.sendto = guarded(socket.socket.sendto, -1)
    socket.getaddrinfo = resolve_locally


# --- Set-up


def unmute_signals() -> None:
    """Let signals come where the tests were started by something that ignores them, such as nohup.

    What a process ignores its children ignore too, and nothing could be seen of what a signal does.
    """
    usual = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
    for name, handler in usual.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_configure(config: pytest.Config) -> None:
    """Close the network, let signals come, and choose how many random examples the properties get."""
    unmute_signals()
    if socket.getaddrinfo is not resolve_locally:
        block_network()
    # The same examples in every run and no limit of time: a test never fails by chance or on a slow machine.
    hypothesis.settings.register_profile(
        "ci",
        derandomize=True,
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.register_profile("deep", derandomize=False, deadline=None, max_examples=2000)
    hypothesis.settings.load_profile(os.environ.get("KPIKIT_HYPOTHESIS", "ci"))
