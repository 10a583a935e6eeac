"""Groups of skipped tests are named, and the network is closed: tried on a small suite of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
SUITE = """
import pytest

@pytest.mark.browser
def test_page(): pass

def test_external(external_data): external_data("acme")

def test_external_too(external_data): external_data("acme")

@pytest.mark.skip(reason="no reason")
def test_other(): pass

def test_runs(): pass
"""


@pytest.fixture
def run_suite(tmp_path):
    """Run the small suite beside the real conftest.py; give its exit code and what it printed."""
    (tmp_path / "tests").mkdir()
    shutil.copy(CONFTEST, tmp_path / "tests")
    (tmp_path / "tests" / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser: b\n  external: e\n  polars: p\n")

    def run(*arguments: str, **environment: str) -> tuple[int, str]:
        settings = {"KPIKIT_CHROMIUM": "no-such-browser", "KPIKIT_NO_SKIPS": "", **environment}
        # Plugins take seconds to load, and the small suite needs the workers alone.
        settings["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "xdist",
            "-p",
            "no:cacheprovider",
            "tests",
            *arguments,
        ]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, **settings}, capture_output=True, text=True, timeout=120
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_each_skipped_group_is_named_with_what_it_lacks(run_suite, tmp_path, arguments):
    code, text = run_suite(*arguments, KPIKIT_EXTERNAL_DATA=str(tmp_path / "none"))
    assert code == 0, text
    assert "browser: 1 skipped (no Chromium" in text
    assert "external: 2 skipped (no external data: put" in text
    assert "other: 1 skipped (no reason)" in text
    assert "1 passed, 4 skipped" in text


def test_a_missing_dataset_of_the_external_data_is_named(run_suite, tmp_path):
    (tmp_path / "data" / "northwind").mkdir(parents=True)
    code, text = run_suite(KPIKIT_EXTERNAL_DATA=str(tmp_path / "data"))
    assert code == 0, text
    assert "external: 2 skipped (no external data named acme)" in text


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_skip_fails_the_run_where_nothing_may_be_skipped(run_suite, arguments):
    code, text = run_suite(*arguments, KPIKIT_NO_SKIPS="1")
    assert code == 1
    assert "the run fails because of these skips" in text


def test_a_run_without_skips_passes_where_nothing_may_be_skipped(run_suite):
    code, text = run_suite("-k", "test_runs", KPIKIT_NO_SKIPS="1")
    assert code == 0, text
    assert "Skipped groups" not in text


def test_the_network_is_closed():
    # An address that is kept for documentation (RFC 5737), so that a hole in the guard reaches nobody.
    away = ("192.0.2.1", 80)
    with socket.socket() as plain, pytest.raises(OSError, match="tests reach this machine only"):
        plain.connect(away)
    with socket.socket() as plain, pytest.raises(OSError, match="tests reach this machine only"):
        plain.connect_ex(away)
    with (
        socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        pytest.raises(OSError, match="this machine only"),
    ):
        datagrams.sendto(b"", away)
    with pytest.raises(OSError, match="tests look up this machine only"):
        socket.create_connection(("example.invalid", 80))
    with pytest.raises(OSError, match="tests reach this machine only"):
        asyncio.run(asyncio.open_connection(*away))


def test_the_loopback_is_open():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"
