"""A PostgreSQL server of the tests' own, for as long as they run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_SECRET = "kept-out-of-messages"


@pytest.fixture(scope="session")
def postgres_server(postgres_folder) -> Iterator[str]:
    """Start a server on a free port of the loopback; give its address, password included."""
    # It refuses to run as root, who takes another user's name then.
    names = {one.pw_name for one in pwd.getpwall()}
    user = next(one for one in ("postgres", "nobody") if one in names) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="kpikit-postgres-"))
    (folder / "secret").write_text(_SECRET)
    if user:
        for path in (folder, folder / "secret"):
            shutil.chown(path, user)
    options = {"cwd": folder, "check": True, "timeout": 60, "stdin": subprocess.DEVNULL}
    options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    options |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = f"-F -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    control = [postgres_folder / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    try:
        made = ["-D", folder / "data", "-U", "kpi", "--pwfile", folder / "secret", "-A", "scram-sha-256"]
        made += ["--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run([postgres_folder / "initdb", *made], **options)
        subprocess.run([*control, "-o", settings, "start"], **options)
        try:
            yield f"postgresql://kpi:{_SECRET}@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **options)
    finally:
        shutil.rmtree(folder)
