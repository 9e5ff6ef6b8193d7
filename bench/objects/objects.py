#!/usr/bin/env python3
"""A selection from shards of Parquet at an S3 server: what it fetches, how much memory it takes, and what a kill costs.

    objects.py [--rows 10000000] [--dimension 32] [--shards 10] [--memory 2GB] [--budget 10000] [--folder SCRATCH]

The vectors come from bench/vectors/generate-vectors.cs, the shards from write-shards.cs, the server is s3rver on this machine, as in the
tests ('npm ci --prefix tests/servers'). A first run is killed when half of the bytes are in the cache, a second one goes on, a third one
reads the cache, and a fourth one reads the .npy file on disk: all that end must write the same lineage. Takes 12 bytes of disk for each
number. Writes objects-ROWSxDIMENSION.json to bench/results/<processor>. Standard library only.
"""
import argparse
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import measure  # noqa: E402

PART = 1 << 20
BUCKET = "pool"
VARIABLES = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER", "DOTNET_TieredCompilation": "1"}


def build(script, *arguments):
    """Runs one of the C# programs."""
    command = ["dotnet", "run", "-c", "Release", measure.ROOT / "bench" / script, "--", *arguments]
    subprocess.run([str(part) for part in command], cwd=measure.ROOT, check=True)


class Server:
    """s3rver, with a log of its requests."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        program = measure.ROOT / "tests" / "servers" / "node_modules" / "s3rver" / "bin" / "s3rver.js"
        command = ["node", program, "-d", folder / "server", "-a", "127.0.0.1", "-p", port, "--configure-bucket", BUCKET]
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.log.open("w"), stderr=subprocess.STDOUT)
        while "listening" not in self.log.read_text():
            time.sleep(0.1)

    def put(self, path):
        """Stores a file below the folder of shards."""
        with path.open("rb") as content:
            headers = {"Content-Length": str(path.stat().st_size), "Content-Type": "application/octet-stream"}
            request = urllib.request.Request(f"{self.url}/{BUCKET}/shards/{path.name}", data=content, headers=headers, method="PUT")
            urllib.request.urlopen(request).read()

    def fetched(self):
        """The parts of shards that were sent so far."""
        # The log leaves out the method and the beginning of the path; only parts of shards are answered so.
        return sum("-of-" in line and " 206 " in line for line in self.log.read_text().splitlines())


def held(cache):
    """The bytes on disk of what is kept."""
    return sum(file.stat().st_blocks * 512 for file in cache.rglob("*") if file.is_file()) if cache.exists() else 0


def lineage(out):
    """The hash of a selection's lineage."""
    return hashlib.sha256((out / "lineage.jsonl").read_bytes()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description="Measures a selection from shards of Parquet at an S3 server.")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--dimension", type=int, default=32)
    parser.add_argument("--targets", type=int, default=100)
    parser.add_argument("--shards", type=int, default=10)
    parser.add_argument("--budget", type=int, default=10_000)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--folder", help="a folder for the vectors; default: a temporary one")
    parser.add_argument("--out", help="folder for the results; default: bench/results/<processor>")
    options = parser.parse_args()

    env = measure.environment()
    measure.prepare()
    scratch = Path(tempfile.mkdtemp(dir=options.folder))
    server = None
    try:
        build("vectors/generate-vectors.cs", options.rows, options.dimension, options.targets, scratch)
        build("objects/write-shards.cs", scratch / "pool.npy", options.shards, scratch / "shards")
        server = Server(scratch)
        sizes = []
        for shard in sorted((scratch / "shards").iterdir()):
            server.put(shard)
            sizes.append(shard.stat().st_size)
            shard.unlink()

        cache, out = scratch / "cache", scratch / "out"
        tail = ["--target-vectors", scratch / "targets.npy", "--budget", options.budget, "--memory", options.memory, "--no-report", "--json"]
        select = [measure.ROOT / "tsds", "select", "--pool-vectors", f"s3://{BUCKET}/shards/*.parquet#embedding", *tail,
                  "--endpoint", server.url, "--cache", cache, "--out", out]
        killed = subprocess.Popen([str(part) for part in select], env={**os.environ, **VARIABLES},
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while killed.poll() is None and held(cache) < sum(sizes) / 2:
            time.sleep(0.05)
        was_killed = killed.poll() is None
        killed.kill()
        killed.wait()
        before = server.fetched()
        runs, hashes = {}, {}
        for name in ("resumed", "fromCache", "local"):
            shutil.rmtree(out, ignore_errors=True)
            start = server.fetched()
            command = select if name != "local" else [measure.ROOT / "tsds", "select", "--pool-vectors", scratch / "pool.npy", *tail, "--out", out]
            printed, cost = measure.run(command, VARIABLES)
            result = json.loads(printed.splitlines()[-1])
            runs[name] = {**cost, "partsFetched": server.fetched() - start, "certified": result["certified"],
                          "densitiesEvaluated": result["densitiesEvaluated"], "elapsedSeconds": result["elapsedSeconds"]}
            hashes[name] = lineage(out)
            print(f"{name}: {cost['wallSeconds']:.1f} s wall, {cost['cpuSeconds']:.1f} s processor, "
                  f"{cost['peakOwnBytes'] / 1e6:.0f} MB beside files, {runs[name]['partsFetched']} parts", file=sys.stderr)

        record = {
            "environment": env, "rows": options.rows, "dimension": options.dimension, "targets": options.targets, "shards": options.shards,
            "budget": options.budget, "memory": options.memory, "bytes": sum(sizes), "parts": sum(-(-size // PART) for size in sizes),
            "wasKilled": was_killed, "partsBeforeTheKill": before, "runs": runs, "sameLineage": len(set(hashes.values())) == 1,
        }
        file = measure.results_folder(env, options.out) / f"objects-{options.rows}x{options.dimension}.json"
        file.write_text(json.dumps(record, indent=2) + "\n")
        print(f"written: {file}")
        if not record["sameLineage"]:
            sys.exit("the selections differ")
    finally:
        if server is not None:
            server.process.kill()
            server.process.wait()
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
