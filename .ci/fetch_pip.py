"""Put pip into this environment where Python came without ensurepip (Debian's python3 without python3-venv).

Takes pip's own wheel from the package index, checks its hash, and lets it install itself. Standard library only.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

index = os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_DEFAULT_INDEX") or "https://pypi.org/simple"
page_url = index.rstrip("/") + "/pip/"
with urllib.request.urlopen(page_url, timeout=60) as answer:
    page = answer.read().decode()

links = re.findall(r'href="([^"]*/pip-(\d+)\.(\d+)(?:\.(\d+))?-py3-none-any\.whl[^"]*)"', page)
if not links:
    sys.exit(f"No pip was found at {page_url}. Install python3-venv, or set PIP_INDEX_URL.")
link = max(links, key=lambda found: tuple(int(part or 0) for part in found[1:]))[0]
url, _, fragment = urllib.parse.urljoin(page_url, link).partition("#")

with urllib.request.urlopen(url, timeout=60) as answer:
    wheel = answer.read()
if fragment.startswith("sha256=") and hashlib.sha256(wheel).hexdigest() != fragment.removeprefix("sha256="):
    sys.exit(f"{url} does not have the hash its index names.")

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / Path(urllib.parse.urlsplit(url).path).name
    path.write_bytes(wheel)
    subprocess.run([sys.executable, f"{path}/pip", "install", "--quiet", "--no-index", str(path)], check=True)
