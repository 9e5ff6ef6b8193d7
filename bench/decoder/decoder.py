#!/usr/bin/env python3
"""What selections are worth to a small transformer: continued pretraining, measured by held-out loss and a linear probe.

A decoder of 1.3 million parameters is trained on a sample of the whole pool, then, from there, continued at a low
learning rate on each selection, on equally many tokens for all methods of a task. It is judged by the loss of the
task's held-out rows and by the macro-averaged F1 of a linear probe on its features, where the task has labels.

Selections are those of bench/Tsds.Quality: run its experiment methods-SUITE first, and give the folder of its output.
Every continued model is a file under WORK/runs, so that a stopped run goes on where it was. One command:

    /usr/bin/python3 bench/decoder/decoder.py DATA QUALITY_OUT domain-1 WORK

Needs Debian's python3-torch, python3-numpy and zstd; libopenblas0-pthread makes it ten times as fast.
"""

import argparse
import collections
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy
import torch
from torch import nn
from torch.nn import functional

VOCABULARY = 4096
CONTEXT = 128
WIDTH = 128
LAYERS = 4
HEADS = 4
END = 0  # of a text; byte b is token 1 + b, merges follow

USEFUL = ["tsds", "tsds, no relevance", "random", "ceiling", "rds+refill", "bm25", "herding"]
WORDS = re.compile(r" ?\w+| ?[^\w\s]+|\s+")


# ---------------------------------------------------------------- texts

def rows_of(path):
    text = subprocess.run(["zstd", "-dcq", path], check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in text.splitlines()]


def text_of(row):
    if "text" in row:
        return row["text"]
    if "messages" in row:
        return "\n".join(message["content"] for message in row["messages"] if message["content"])
    return "\n".join(row[field] for field in ("instruction", "input", "output") if row.get(field))


def tasks_of(data, suite):
    """Held-out rows and labelled rows of each task, as bench/Tsds.Quality has them."""
    described = json.load(open(os.path.join(data, "tasks.json")))[suite]

    def read(task, part):
        path = os.path.join(data, suite, "tasks", f"{task}.{part}.jsonl.zst")
        return rows_of(path) if os.path.exists(path) else []

    tasks = {
        name: {"held": read(name, "devtest"), "train": read(name, "train")}
        for name, task in described.items()
        if "relevance" in task
    }
    for name, task in described.items():
        if "proportions" in task:
            shares = task["proportions"]
            total = min(len(tasks[part]["held"]) / share for part, share in shares.items())
            held = [row for part, share in shares.items() for row in tasks[part]["held"][: int(total * share)]]
            tasks[name] = {"held": held, "train": []}
    return tasks


# ---------------------------------------------------------------- tokens

class Tokenizer:
    """Byte pairs, merged within words (Sennrich et al. 2016)."""

    def __init__(self, merges):
        self.rank = {tuple(pair): i for i, pair in enumerate(merges)}
        self.known = {}

    @staticmethod
    def train(texts):
        counts = collections.Counter(word for text in texts for word in WORDS.findall(text))
        words = [([1 + byte for byte in word.encode()], count) for word, count in counts.items() if count > 1]
        pairs = collections.Counter()
        where = collections.defaultdict(set)
        for index, (word, count) in enumerate(words):
            for pair in zip(word, word[1:]):
                pairs[pair] += count
                where[pair].add(index)
        merges = []
        while 257 + len(merges) < VOCABULARY:
            best = max(pairs, key=lambda pair: (pairs[pair], pair))
            token = 257 + len(merges)
            merges.append(best)
            for index in sorted(where.pop(best)):
                word, count = words[index]
                merged = Tokenizer.merge(word, best, token)
                for pair in zip(word, word[1:]):
                    pairs[pair] -= count
                for pair in zip(merged, merged[1:]):
                    pairs[pair] += count
                    where[pair].add(index)
                words[index] = (merged, count)
            pairs.pop(best)
        return merges

    @staticmethod
    def merge(word, pair, token):
        merged, i = [], 0
        while i < len(word):
            if i + 1 < len(word) and (word[i], word[i + 1]) == pair:
                merged.append(token)
                i += 2
            else:
                merged.append(word[i])
                i += 1
        return merged

    def encode(self, text):
        tokens = []
        for word in WORDS.findall(text):
            if word not in self.known:
                parts = [1 + byte for byte in word.encode()]
                while len(parts) > 1:
                    rank, pair = min((self.rank.get(pair, VOCABULARY), pair) for pair in zip(parts, parts[1:]))
                    if rank == VOCABULARY:
                        break
                    parts = self.merge(parts, pair, 257 + rank)
                self.known[word] = parts
            tokens.extend(self.known[word])
        return tokens


# ---------------------------------------------------------------- the decoder

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.before_attention = nn.LayerNorm(WIDTH)
        self.mix = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.out = nn.Linear(WIDTH, WIDTH, bias=False)
        self.before_mlp = nn.LayerNorm(WIDTH)
        self.up = nn.Linear(WIDTH, 4 * WIDTH)
        self.down = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, mask):
        batch, length, _ = x.shape
        query, key, value = (
            part.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)
            for part in self.mix(self.before_attention(x)).split(WIDTH, dim=2)
        )
        weights = functional.softmax(query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + mask, dim=3)
        x = x + self.out((weights @ value).transpose(1, 2).reshape(batch, length, WIDTH))
        return x + self.down(functional.relu(self.up(self.before_mlp(x))).square())


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.last = nn.LayerNorm(WIDTH)
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.normal_(weight, std=0.02)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), -math.inf).triu(1), persistent=False)

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.tokens(tokens) + self.places.weight[:length]
        for block in self.blocks:
            x = block(x, self.mask[:length, :length])
        return self.last(x)

    def logits(self, features):
        return features @ self.tokens.weight.T


def train(model, stream, rate, batch, seed, report=None):
    """One pass over a stream of tokens, in windows of the context's length, in random order."""
    windows = torch.tensor(stream[: len(stream) // (CONTEXT + 1) * (CONTEXT + 1)]).view(-1, CONTEXT + 1)
    windows = windows[torch.randperm(len(windows), generator=torch.Generator().manual_seed(seed))]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    steps = math.ceil(len(windows) / batch)
    model.train()
    for step in range(steps):
        warm = min(1, (step + 1) / max(1, steps // 20))
        for group in optimizer.param_groups:
            group["lr"] = rate * warm * (0.1 + 0.9 * (1 + math.cos(math.pi * step / steps)) / 2)
        taken = windows[step * batch : (step + 1) * batch]
        logits = model.logits(model(taken[:, :-1]))
        loss = functional.cross_entropy(logits.reshape(-1, VOCABULARY), taken[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if report and (step % 50 == 49 or step == steps - 1):
            report(step + 1, steps, loss.item())


def batches(texts, tokens=4096):
    """Texts of about the same length together, longest first."""
    order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
    while order:
        count = max(1, tokens // max(1, len(texts[order[0]])))
        yield order[:count]
        order = order[count:]


def padded(texts):
    longest = max(len(text) for text in texts)
    return torch.tensor([text + [END] * (longest - len(text)) for text in texts])


@torch.no_grad()
def measure_loss(model, texts):
    """Nats and tokens of each text, its end counted; the first CONTEXT tokens of it."""
    model.eval()
    nats, counts = [0.0] * len(texts), [0] * len(texts)
    framed = [[END] + text[: CONTEXT - 1] + [END] for text in texts]
    for taken in batches(framed):
        tokens = padded([framed[i] for i in taken])
        logits = model.logits(model(tokens[:, :-1]))
        losses = functional.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], reduction="none")
        for row, i in enumerate(taken):
            counts[i] = len(framed[i]) - 1
            nats[i] = losses[row, : counts[i]].sum().item()
    return nats, counts


@torch.no_grad()
def features_of(model, texts):
    """The mean of the last layer over each text."""
    model.eval()
    features = torch.zeros(len(texts), WIDTH)
    framed = [[END] + text[: CONTEXT - 1] for text in texts]
    for taken in batches(framed):
        tokens = padded([framed[i] for i in taken])
        hidden = model(tokens)
        for row, i in enumerate(taken):
            features[i] = hidden[row, : len(framed[i])].mean(dim=0)
    return features


def measure_f1(model, train_texts, train_labels, held_texts, held_labels):
    """Macro-averaged F1 of multinomial logistic regression on standardized features."""
    torch.manual_seed(0)
    labels = sorted(set(train_labels))
    number = {label: i for i, label in enumerate(labels)}
    x, held = features_of(model, train_texts), features_of(model, held_texts)
    mean, spread = x.mean(dim=0), x.std(dim=0) + 1e-6
    x, held = (x - mean) / spread, (held - mean) / spread
    y = torch.tensor([number[label] for label in train_labels])
    probe = nn.Linear(WIDTH, len(labels))
    nn.init.zeros_(probe.weight)
    optimizer = torch.optim.LBFGS(probe.parameters(), max_iter=60, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = functional.cross_entropy(probe(x), y) + 0.003 * probe.weight.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    with torch.no_grad():
        said = [labels[i] for i in probe(held).argmax(dim=1).tolist()]
    scores = []
    for label in sorted(set(held_labels)):
        hits = sum(a == b == label for a, b in zip(said, held_labels))
        total = said.count(label) + held_labels.count(label)
        scores.append(2 * hits / total)
    return sum(scores) / len(scores)


# ---------------------------------------------------------------- the experiment

class Experiment:
    def __init__(self, options):
        self.options = options
        self.suite = options.contest.rsplit("-", 1)[0]
        self.work = os.path.join(options.work, options.contest)
        os.makedirs(os.path.join(self.work, "runs"), exist_ok=True)
        self.tasks = tasks_of(options.data, self.suite)
        if not options.only_report:
            self.pool = [text_of(row) for row in rows_of(os.path.join(options.data, self.suite, "pool.jsonl.zst"))]
            self.tokenizer = self.find_tokenizer()

    def say(self, text):
        print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)

    def sample(self, count, seed):
        """Rows of the pool, by their numbers alone."""
        order = sorted(range(len(self.pool)), key=lambda row: hashlib.sha256(f"{seed}:{row}".encode()).digest())
        return order[:count]

    def find_tokenizer(self):
        path = os.path.join(self.work, "merges.json")
        if not os.path.exists(path):
            self.say("tokens")
            merges = Tokenizer.train(self.pool[row] for row in self.sample(15_000, 0))
            json.dump(merges, open(path, "w"))
        return Tokenizer([tuple(pair) for pair in json.load(open(path))])

    def stream(self, texts, most):
        tokens = [END]
        for text in texts:
            tokens += self.tokenizer.encode(text) + [END]
            if len(tokens) > most:
                break
        return tokens[: most + 1]

    def base(self):
        """The decoder trained on a sample of the whole pool."""
        path = os.path.join(self.work, "base.pt")
        torch.manual_seed(0)
        model = Decoder()
        if os.path.exists(path):
            model.load_state_dict(torch.load(path))
            return model
        stream = self.stream((self.pool[row] for row in self.sample(len(self.pool), 1)), self.options.base_tokens)
        self.say(f"base: {sum(p.numel() for p in model.parameters()):,} parameters, {len(stream):,} tokens")
        start = time.process_time()
        train(
            model, stream, 2e-3, 16, 0,
            lambda step, steps, loss: self.say(f"  {step}/{steps} {loss:.3f} {time.process_time() - start:.0f} s"),
        )
        torch.save(model.state_dict(), path + ".part")
        os.replace(path + ".part", path)
        return model

    def few(self, task, part, most):
        """At most so many rows, evenly, for the mixture's are ordered by their part."""
        rows = self.tasks[task][part]
        return rows[:: max(1, math.ceil(len(rows) / most))]

    def selections(self, task):
        path = os.path.join(self.options.quality, "outcomes", self.options.contest, f"{task}.json")
        if not os.path.exists(path):
            return None
        return {one["Method"]: one["Selections"] for one in json.load(open(path))}

    def shuffled(self, rows, seed):
        return sorted(rows, key=lambda row: hashlib.sha256(f"order {seed}:{row}".encode()).digest())

    def tokens_for(self, selections):
        """As many as the shortest selection of the methods has, at most what was asked for."""
        tokens = self.options.tokens
        for method in self.options.methods:
            count = 0
            for row in selections[method][0]:
                count += len(self.tokenizer.encode(self.pool[row])) + 1
                if count >= tokens:
                    break
            tokens = min(tokens, count)
        return tokens

    def run(self):
        base = self.base()
        state = {name: value.clone() for name, value in base.state_dict().items()}
        # All tasks and methods with one seed first: a run that is stopped has something of everything.
        for seed in range(self.options.seeds):
            for task in self.tasks:
                selections = self.selections(task)
                if selections is None:
                    self.say(f"{task}: no selections yet")
                    continue
                if seed == 0:
                    self.measure(task, "base", 0, lambda: (base, 0))
                for method in self.options.methods:
                    self.measure(task, method, seed, lambda: self.go_on(state, selections, method, seed))
            self.report()

    def go_on(self, state, selections, method, seed):
        torch.manual_seed(seed)
        model = Decoder()
        model.load_state_dict(state)
        rows = selections[method][seed % len(selections[method])]
        stream = self.stream((self.pool[row] for row in self.shuffled(rows, seed)), self.tokens_for(selections))
        train(model, stream, self.options.rate, 8, seed)
        return model, len(stream) - 1

    def measure(self, task, method, seed, make):
        name = re.sub(r"\W+", "_", f"{task} {method} {seed}")
        path = os.path.join(self.work, "runs", f"{name}.json")
        if os.path.exists(path):
            return
        start = time.process_time()
        model, tokens = make()
        held = self.few(task, "held", self.options.held_out)
        encoded = [self.tokenizer.encode(text_of(row)) for row in held]
        nats, counts = measure_loss(model, encoded)
        labelled = self.few(task, "train", self.options.labelled)
        f1 = None
        if labelled:
            f1 = measure_f1(
                model,
                [self.tokenizer.encode(text_of(row)) for row in labelled],
                [row["label"] for row in labelled],
                encoded,
                [row["label"] for row in held],
            )
        seconds = time.process_time() - start
        result = {
            "task": task, "method": method, "seed": seed, "tokens": tokens, "f1": f1, "seconds": round(seconds, 1),
            "nats": [round(value, 4) for value in nats], "counts": counts,
        }
        with open(path + ".part", "w") as file:
            json.dump(result, file)
        os.replace(path + ".part", path)
        loss = sum(nats) / sum(counts)
        self.say(f"{task} {method} {seed}: {tokens:,} tokens, loss {loss:.4f}, F1 {f1 or 0:.4f}, {seconds:.0f} s")

    # ------------------------------------------------------------ tables

    def report(self):
        runs = [json.load(open(os.path.join(self.work, "runs", name)))
                for name in sorted(os.listdir(os.path.join(self.work, "runs"))) if name.endswith(".json")]
        by = collections.defaultdict(list)
        for run in runs:
            by[run["task"], run["method"]].append(run)
        methods = ["base"] + self.options.methods
        tasks = [task for task in self.tasks if all((task, method) in by for method in methods)]
        if not tasks:
            return
        seeds = min(len(by[task, method]) for task in tasks for method in self.options.methods)
        rows = {key: numpy.mean([run["nats"] for run in runs], axis=0) for key, runs in by.items()}
        counts = {task: numpy.array(by[task, "base"][0]["counts"]) for task in tasks}
        random = numpy.random.default_rng(0)
        skills = {method: numpy.zeros(1001) for method in methods}
        for task in tasks:
            n = len(counts[task])
            weights = numpy.vstack([numpy.ones(n), random.multinomial(n, numpy.ones(n) / n, 1000)])
            loss = {m: weights @ rows[task, m] / (weights @ counts[task]) for m in methods}
            for m in methods:
                skills[m] += (loss["random"] - loss[m]) / (loss["random"] - loss["ceiling"]) / len(tasks)

        def interval(values):
            low, high = numpy.quantile(values[1:], [0.025, 0.975])
            return f"{values[0]:.3f} [{low:.3f}, {high:.3f}]"

        def mean_f1(task, method):
            values = [run["f1"] for run in by[task, method] if run["f1"] is not None]
            return sum(values) / len(values) if values else None

        def f1(method):
            values = [mean_f1(task, method) for task in tasks]
            values = [value for value in values if value is not None]
            return f"{sum(values) / len(values):.3f}" if values else ""

        order = sorted(methods, key=lambda method: -skills[method][0])
        lines = [
            f"# A small decoder continued on selections: {self.options.contest} %, {len(tasks)} tasks, "
            + ("1 seed" if seeds == 1 else f"{seeds} seeds"),
            "",
            f"{sum(p.numel() for p in Decoder().parameters()):,} parameters, {VOCABULARY:,} tokens, "
            f"{LAYERS} layers of {WIDTH}, context {CONTEXT}; trained on {self.options.base_tokens:,} tokens of the pool, "
            f"continued at a rate of {self.options.rate} on equally many tokens for all methods of a task, at most "
            f"{self.options.tokens:,}. Torch {torch.__version__}.",
            "",
            "## Means over tasks",
            "",
            "| method | skill by held-out loss | tsds ahead by | loss, nats a token | F1 of a linear probe |",
            "|---|---|---|---|---|",
        ]
        for method in order:
            ahead = "" if method == "tsds" else interval(skills["tsds"] - skills[method])
            loss = numpy.mean([rows[task, method].sum() / counts[task].sum() for task in tasks])
            lines.append(f"| {method} | {interval(skills[method])} | {ahead} | {loss:.4f} | {f1(method)} |")
        for title, value in (
            ("Loss of held-out rows, nats a token", lambda t, m: f"{rows[t, m].sum() / counts[t].sum():.4f}"),
            ("Range of the loss over seeds", lambda t, m: f"{numpy.ptp([sum(r['nats']) for r in by[t, m]]) / counts[t].sum():.4f}"),
            ("F1 of a linear probe", lambda t, m: "" if mean_f1(t, m) is None else f"{mean_f1(t, m):.3f}"),
            ("Tokens of each selection", lambda t, m: f"{by[t, m][0]['tokens']:,}"),
        ):
            if title.startswith("Range") and seeds == 1:
                continue
            lines += ["", f"## {title}", "", "| method | " + " | ".join(tasks) + " |", "|---" * (1 + len(tasks)) + "|"]
            lines += ["| " + " | ".join([m] + [value(t, m) for t in tasks]) + " |" for m in order]
        path = os.path.join(self.options.work, f"decoder-{self.options.contest}.md")
        with open(path, "w") as file:
            file.write("\n".join(lines) + "\n")
        self.say(f"wrote {path}: {len(tasks)} tasks, {seeds} seeds")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", help="the folder of the suites")
    parser.add_argument("quality", help="the output of bench/Tsds.Quality with its experiment methods-SUITE")
    parser.add_argument("contest", help="SUITE-PERCENT, such as domain-1")
    parser.add_argument("work", help="the folder of models, runs and the table")
    parser.add_argument("--methods", nargs="+", default=USEFUL, help="random and ceiling must be among them")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--base-tokens", type=int, default=1_500_000)
    parser.add_argument("--tokens", type=int, default=24_000, help="most tokens to go on with")
    parser.add_argument("--rate", type=float, default=5e-4, help="the learning rate of going on")
    parser.add_argument("--held-out", type=int, default=300, help="most held-out rows of a task")
    parser.add_argument("--labelled", type=int, default=800, help="most labelled rows of a task, for the probe")
    parser.add_argument("--only-report", action="store_true", help="write the table of what is known")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    experiment = Experiment(options)
    if options.only_report:
        experiment.report()
    else:
        experiment.run()


if __name__ == "__main__":
    main()
