"""A real JupyterLab on a copy of the project, for a browser that reaches nothing but this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "only-for-this-test"
LOCAL = ("127.0.0.1", "localhost", "::1")
# All cells stand in the page, and nothing asks a question.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


@dataclass(frozen=True)
class Lab:
    """A running server: its address, and the folder that it shows."""

    address: str
    root: Path

    def url(self, notebook: str) -> str:
        """Give the address of a notebook, in a workspace of its own: nothing that was open comes back."""
        return f"{self.address}/lab/workspaces/{Path(notebook).stem}/tree/{notebook}?token={TOKEN}"


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[Lab]:
    """Start JupyterLab on the loopback with a copy of the notebooks and the sample data; stop it after."""
    root, home = folder / "project", folder / "home"
    for name in ("notebooks", "data"):
        shutil.copytree(ROOT / name, root / name)
    for name, values in SETTINGS.items():
        path = home / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port = _free_port()
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [
        *(
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--LabApp.expose_app_in_browser=True",
        ),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={root}"),
    ]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        lab = Lab(f"http://127.0.0.1:{port}", root)
        _wait(lab, server, folder / "lab.log")
        yield lab
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _wait(lab: Lab, server: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{lab.address}/api?token={TOKEN}", timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


class Watched:
    """A page that reaches this machine only, and remembers what was refused and what went wrong."""

    def __init__(self, page: object) -> None:
        self.page, self.refused, self.errors = page, [], []
        page.route("**/*", self._route)
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _route(self, route: object) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob", "about") or address.hostname in LOCAL:
            route.continue_()
        else:
            self.refused.append(route.request.url)
            route.abort()
