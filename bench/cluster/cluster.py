#!/usr/bin/env python3
"""Measures a selection on workers of this machine beside the same selection in one process: overhead, bytes, and what a lost worker costs.

Workers are real processes on loopback with a Redis of their own. Times are those that the job itself tells (start of processes and of the cluster does not count),
both sides in each round, every second round backwards; ratios are formed within a round. Every output is compared with that of one process.
"""

import argparse
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "bench"))
import measure  # noqa: E402

SECRET = "measured on loopback only"


def tsds(folder, *arguments):
    return [os.path.join(ROOT, "tsds"), *arguments]


def run_json(folder, *arguments):
    done = subprocess.run(tsds(folder, *arguments, "--json"), cwd=folder, capture_output=True, text=True, env=environment(folder), check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    return {event["event"]: event for event in events}


def environment(folder):
    return dict(os.environ, XDG_CACHE_HOME=os.path.join(folder, "cache"), TSDS_CLUSTER_SECRET=SECRET)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_rows(path, rows, seed, words=4000, length=24):
    source = random.Random(seed)
    vocabulary = ["".join(source.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6)) for _ in range(words)]
    with open(path, "w", encoding="utf-8") as file:
        for _ in range(rows):
            topic = source.randrange(0, words - 200)
            text = " ".join(vocabulary[topic + source.randrange(200)] for _ in range(length))
            file.write(json.dumps({"text": text}) + "\n")


class Cluster:
    """Some workers on a Redis of their own."""

    def __init__(self, folder, workers, threads):
        self.port = free_port()
        self.redis = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", folder], stdout=subprocess.DEVNULL)
        self.address = f"redis://127.0.0.1:{self.port}/bench"
        self.logs = [os.path.join(folder, f"worker{i}.log") for i in range(workers)]
        self.workers = []
        for log in self.logs:
            with open(log, "w", encoding="utf-8") as file:
                # The program itself, not the script that builds it: the process that is killed must be the worker.
                self.workers.append(subprocess.Popen(
                    ["dotnet", os.path.join(ROOT, "artifacts/bin/Tsds.Cli/release/Tsds.Cli.dll"), "worker", "--cluster", self.address, "--vectors", "store",
                     "--threads", str(threads), "--timeout", "12"],
                    cwd=folder, stderr=file, stdout=subprocess.DEVNULL, env=environment(folder)))
        self.wait_for(range(workers), "ready: cluster")

    def wait_for(self, which, text):
        for i in which:
            while text not in open(self.logs[i], encoding="utf-8").read():
                if self.workers[i].poll() is not None:
                    raise SystemExit(open(self.logs[i], encoding="utf-8").read())
                time.sleep(0.005)

    def orders(self):
        found = []
        for log in self.logs:
            for line in open(log, encoding="utf-8"):
                state = json.loads(line).get("State", {}) if line.startswith("{") else {}
                if "Order" in state and "Points" in state:
                    found.append(state)
        return found

    def close(self):
        for process in [*self.workers, self.redis]:
            process.kill()
            process.wait()


def check_same(folder, name):
    for file in ("selected.npy", "lineage.jsonl", "targets.jsonl", "path.csv"):
        with open(os.path.join(folder, "local", file), "rb") as left, open(os.path.join(folder, name, file), "rb") as right:
            if left.read() != right.read():
                raise SystemExit(f"{name}/{file} differs from that of one process.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--targets", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", help="file for the results, JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_rows(os.path.join(folder, "pool.jsonl"), options.rows, 1)
        write_rows(os.path.join(folder, "targets.jsonl"), options.targets, 1)
        subprocess.run(tsds(folder, "embed", "--pool", "pool.jsonl", "--out", "store"), cwd=folder, env=environment(folder), check=True, capture_output=True)
        select = ["--target", "targets.jsonl", "--budget", "1%", "--force"]
        local = ["select", "--pool-vectors", "store", *select, "--out", "local"]
        record = {"environment": measure.environment(), "rows": options.rows, "targets": options.targets, "one": [], "three": [], "lost": []}
        run_json(folder, *local)

        one = Cluster(folder, 1, os.cpu_count())
        on_one = ["select", "--cluster", one.address, "--timeout", "12", *select, "--out", "one"]
        run_json(folder, *on_one)
        for turn in range(options.rounds):
            sides = [("local", local), ("cluster", on_one)]
            times = {}
            for name, arguments in sides if turn % 2 == 0 else reversed(sides):
                times[name] = run_json(folder, *arguments)["result"]["elapsedSeconds"]
            check_same(folder, "one")
            record["one"].append({**times, "ratio": times["cluster"] / times["local"]})
        one.close()

        three = Cluster(folder, 3, 1)
        on_three = ["select", "--cluster", three.address, "--timeout", "12", *select, "--out", "three"]
        # The report reads some rows of the pool for its map: not what the model is of.
        events = run_json(folder, *on_three, "--no-report")
        orders = three.orders()
        dimension = events["plan"]["dimension"]
        record["bytes"] = {
            "received": events["cluster"]["receivedBytes"],
            # Tables and sums of every worker; the embeddings of the points whose densities are asked for, each once; the rest are k-th distances.
            "receivedModel": sum(16 * order["Points"] * order["K"] if order["K"] > 0 else 8 * order["Points"] for order in orders)
            + 4 * dimension * sum(order["Points"] for order in orders if order["K"] == 0) // 3,
            "sent": events["cluster"]["sentBytes"],
            "sentModel": sum(4 * dimension * order["Points"] for order in orders),
            "orders": len(orders),
        }
        undisturbed = [run_json(folder, *on_three)["result"]["elapsedSeconds"] for _ in range(options.rounds)]
        check_same(folder, "three")
        three.close()
        record["three"] = undisturbed
        for _ in range(options.rounds):
            three = Cluster(folder, 3, 1)
            on_lost = ["select", "--cluster", three.address, "--timeout", "12", *select, "--out", "lost"]
            client = subprocess.Popen(tsds(folder, *on_lost, "--json"), cwd=folder, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            three.wait_for([0], ": neighbors of")
            three.workers[0].send_signal(signal.SIGKILL)
            out, error = client.communicate()
            if client.returncode != 0:
                raise SystemExit(error)
            events = {event["event"]: event for event in map(json.loads, out.splitlines())}
            check_same(folder, "lost")
            record["lost"].append({"seconds": events["result"]["elapsedSeconds"], "retries": events["cluster"]["retries"]})
            three.close()

        print(f"one worker beside one process, {options.rows:,} x {dimension}, {options.targets} targets: "
              + ", ".join(f"{pair['cluster']:.2f} / {pair['local']:.2f} s = {pair['ratio']:.2f}" for pair in record["one"])
              + f"; median {statistics.median(pair['ratio'] for pair in record['one']):.2f}")
        sizes = record["bytes"]
        print(f"one worker: {options.rows / statistics.median(pair['cluster'] for pair in record['one']):,.0f} rows/s; "
              f"one process: {options.rows / statistics.median(pair['local'] for pair in record['one']):,.0f} rows/s")
        print(f"three workers, bytes: received {sizes['received']:,} of {sizes['receivedModel']:,} by the model at most; sent {sizes['sent']:,}, model {sizes['sentModel']:,}")
        print("three workers: " + ", ".join(f"{seconds:.2f}" for seconds in undisturbed) + " s; one of them killed: "
              + ", ".join(f"{lost['seconds']:.2f} s ({lost['retries']} retried)" for lost in record["lost"]))
        if options.out:
            with open(options.out, "w", encoding="utf-8") as file:
                json.dump(record, file, indent=1)
                file.write("\n")


if __name__ == "__main__":
    main()
