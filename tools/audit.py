"""Ask whether a pinned library has a known vulnerability; say plainly when the question could not be asked.

Idea: pip-audit reads the lock. Where the vulnerability service is out of reach, it reports every package as not found: that
is no finding, and no all-clear either, so it is said and the check goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"


def main() -> int:
    """Exit code: 1 where a vulnerability is known, else 0."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "-r",
        str(LOCK),
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"The audit could not be made: {done.stderr.strip().splitlines()[-1:]}")
        return 0
    asked = [package for package in packages if "vulns" in package]
    bad = [package for package in asked if package["vulns"]]
    for package in bad:
        for vulnerability in package["vulns"]:
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            print(f"{package['name']} {package['version']}: {vulnerability['id']}, mended in {fixed}")
    print(f"{len(asked)} of {len(packages)} pinned libraries audited, {len(bad)} with a known vulnerability")
    if len(asked) < len(packages):
        print(f"{len(packages) - len(asked)} could not be audited: the vulnerability service was not reached for them")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
