"""
Writes the pins of a runtime anew: reads the `# with:` and `# alone:` lines of its lock file, asks the
configured index which packages fit, and writes name==version with the hashes of the wheels for every
Python of `# python:`. `alone` means without what the package says it needs.

    python3 lock.py locks/pytorch.txt
"""

import json
import subprocess
import sys
import tempfile


def read_header(path):
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.startswith("#")]
    words = {}
    for line in lines:
        key, _, value = line[1:].strip().partition(": ")
        words.setdefault(key, []).extend(value.split())
    return lines, words


def resolve(requirements, python, options):
    """Name -> (version, SHA-256) of the wheels that pip would install."""
    if not requirements:
        return {}
    with tempfile.TemporaryDirectory() as target:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"]
        command += ["--quiet", "--report", "-", "--target", target, "--only-binary=:all:"]
        command += ["--python-version", python, *options, *requirements]
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    found = {}
    for package in report["install"]:
        name = package["metadata"]["name"].lower().replace("_", "-").replace(".", "-")
        digest = package["download_info"]["archive_info"]["hashes"]["sha256"]
        found[name] = (package["metadata"]["version"], digest)
    return found


def lock(path):
    lines, words = read_header(path)
    pins = {}
    for python in words["python"]:
        chosen = [f"{name}=={version}" for name, (version, _) in pins.items()]
        found = resolve(chosen or words.get("with", []), python, ["--no-deps"] if chosen else [])
        if not chosen:
            found.update(resolve(words.get("alone", []), python, ["--no-deps"]))
        for name, (version, digest) in found.items():
            pins.setdefault(name, (version, set()))[1].add(digest)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        for name, (version, digests) in sorted(pins.items()):
            hashes = " \\\n".join(f"    --hash=sha256:{digest}" for digest in sorted(digests))
            file.write(f"{name}=={version} \\\n{hashes}\n")


if __name__ == "__main__":
    lock(sys.argv[1])
