"""Tests of the installed module, with the standard library's runner: python3 -m unittest discover -s python/tests."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from unittest import mock

import tsds

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
WORDS = "simmer onion stock oven butter dough whisk salt garlic roast orbit galaxy telescope nebula comet".split()


def rows(count, first=0):
    """Rows that all differ, of words in fixed orders."""
    return [
        {"text": " ".join(WORDS[(i * 7 + j * (i % 5 + 1)) % len(WORDS)] for j in range(9)) + f" {i}"}
        for i in range(first, first + count)
    ]


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        before = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)
        os.environ["XDG_CACHE_HOME"] = str(self.folder / "cache")


class Select(Case):
    def select(self, **options):
        return tsds.select(
            pool=SAMPLES / "pool.jsonl", target=str(SAMPLES / "targets.jsonl"), budget="5%", no_report=True, **options
        )

    def test_paths_give_rows_indices_and_proof(self):
        selection = self.select(out="out")
        lines = (SAMPLES / "pool.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual(100, len(selection))
        self.assertEqual([json.loads(lines[i]) for i in selection.indices], selection.rows)
        self.assertEqual([1] * 100, list(selection.counts))
        self.assertTrue(selection.certificate["certified"])
        self.assertLess(selection.certificate["gap"], 1e-9)
        self.assertEqual(selection.manifest["solution"]["primal"], selection.certificate["primal"])
        self.assertIn("100 rows, proven optimal", repr(selection))

    def test_opened_again_has_the_same(self):
        selection = self.select(out="out")
        opened = tsds.Selection("out")
        self.assertEqual(selection.rows, opened.rows)
        self.assertIsNone(opened.summary)
        self.assertTrue(tsds.verify(opened))

    def test_existing_folder_needs_force(self):
        self.select(out="out")
        with self.assertRaisesRegex(tsds.TsdsError, "--force"):
            self.select(out="out")
        self.select(out="out", force=True)

    def test_dicts_come_back_as_they_were(self):
        pool = rows(300)
        selection = tsds.select(pool=pool, target=rows(6, 1000), budget=12, out="out")
        self.assertEqual([pool[i] for i in selection.indices], selection.rows)
        self.assertEqual(["pool.jsonl", "target.jsonl"], sorted(os.listdir("out.inputs")))
        self.assertEqual("chosen", selection.explain(row=int(selection.indices[0]))["outcome"])
        self.assertTrue(tsds.verify(selection))

    def test_without_out_the_folder_goes_with_the_selection(self):
        selection = tsds.select(pool=rows(300), target=rows(6, 1000), budget=12)
        path = selection.path
        self.assertTrue(path.is_dir())
        del selection
        self.assertFalse(path.exists())

    def test_failure_leaves_nothing(self):
        with self.assertRaises(tsds.TsdsError):
            tsds.select(pool=rows(10), target=rows(6), budget="many", out="out")
        self.assertEqual([], os.listdir("."))

    def test_earlier_inputs_need_force(self):
        tsds.select(pool=rows(300), target=rows(6, 1000), budget=12, out="out")
        before = Path("out.inputs/pool.jsonl").read_bytes()
        with self.assertRaisesRegex(tsds.TsdsError, "force=True"):
            tsds.select(pool=rows(50), target=rows(6, 1000), budget=12, out="out")
        self.assertEqual(before, Path("out.inputs/pool.jsonl").read_bytes())

    def test_tasks_with_weights(self):
        target = {"a": (rows(4, 1000), 0.7), "b": (rows(4, 2000), 0.3)}
        selection = tsds.select(pool=rows(300), target=target, budget=20)
        self.assertEqual(["a", "b"], [task["task"] for task in selection.summary["tasks"]])

    def test_tables_and_datasets_are_read_row_by_row(self):
        class Batch:
            def __init__(self, part):
                self.to_pylist = lambda: part

        class Table:
            def to_batches(self):
                return [Batch(pool[:100]), Batch(pool[100:])]

        class Dataset:
            def __iter__(self):
                return iter(pool)

        pool = rows(300)
        target = rows(6, 1000)
        expected = tsds.select(pool=pool, target=target, budget=12)
        for given in (Table(), Dataset(), (row for row in pool)):
            self.assertEqual(expected.rows, tsds.select(pool=given, target=target, budget=12).rows)

    def test_what_is_no_row_is_named(self):
        with self.assertRaisesRegex(tsds.TsdsError, "dicts in pool, found str in row 1"):
            tsds.select(pool=[{"text": "a"}, "b"], target=rows(6), budget=1)
        with self.assertRaisesRegex(tsds.TsdsError, "JSON has in pool, found in row 0"):
            tsds.select(pool=[{"text": "a", "at": object()}], target=rows(6), budget=1)
        with self.assertRaisesRegex(tsds.TsdsError, "found int"):
            tsds.select(pool=7, target=rows(6), budget=1)

    def test_errors_are_one_sentence(self):
        with self.assertRaises(tsds.TsdsError) as caught:
            tsds.select(pool="nowhere.jsonl", target=rows(6), budget=1)
        self.assertIn("nowhere.jsonl", str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))
        with self.assertRaisesRegex(tsds.TsdsError, "--bugdet"):
            tsds.select(pool=rows(30), target=rows(6), budget=1, bugdet=1)

    def test_progress_is_shown_when_asked_for(self):
        code = "import tsds; tsds.select(pool={!r}, target={!r}, budget=5, progress=True)".format(
            str(SAMPLES / "pool.jsonl"), str(SAMPLES / "targets.jsonl")
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertIn("solving", done.stderr)
        silent = subprocess.run(
            [sys.executable, "-c", code.replace("True", "None")], capture_output=True, text=True, check=True
        )
        self.assertEqual("", silent.stderr)

    def test_tqdm_is_used_where_there_is_one(self):
        bars = []

        class Bar:
            def __init__(self, total, desc, unit_scale):
                self.total, self.n = total, 0
                bars.append(desc)

            def update(self, more):
                self.n += more

            def close(self):
                pass

        auto = mock.Mock(tqdm=Bar)
        with mock.patch.dict(sys.modules, {"tqdm": mock.Mock(auto=auto), "tqdm.auto": auto}):
            self.select(out="out", progress=True)
        self.assertEqual(["reading", "fitting"], bars[:2])

    def test_interrupt_ends_the_program(self):
        with open("pool.jsonl", "w", encoding="utf-8") as file:
            for row in rows(60_000):
                file.write(json.dumps(row) + "\n")
        code = textwrap.dedent(
            """
            import tsds, tsds._program as program
            started = program.subprocess.Popen
            def popen(*args, **kwargs):
                child = started(*args, **kwargs)
                print(child.pid, flush=True)
                return child
            program.subprocess.Popen = popen
            target = [{"text": "simmer the onion"}]
            try:
                tsds.select(pool="pool.jsonl", target=target, budget="5%", out="out", progress=True)
            except KeyboardInterrupt:
                print("interrupted", flush=True)
            """
        )
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.stdout.close)
        program = int(child.stdout.readline())
        # The first word of progress: the program works.
        self.assertEqual("r", child.stderr.read(2)[-1:])
        child.send_signal(signal.SIGINT)
        self.assertEqual("interrupted\n", child.stdout.read())
        self.assertEqual(0, child.wait(60))
        with self.assertRaises(ProcessLookupError):
            os.kill(program, 0)
        self.assertFalse(Path("out").exists())
        self.assertFalse(Path("out.inputs").exists())


class Vectors(Case):
    def test_arrays(self):
        import numpy

        pool = numpy.random.default_rng(0).normal(size=(400, 8)).astype(numpy.float32)
        selection = tsds.select(pool_vectors=pool, target_vectors=pool[:5], budget=40)
        self.assertIsInstance(selection.indices, numpy.ndarray)
        self.assertEqual(40, len(set(selection.indices.tolist())))
        with self.assertRaisesRegex(tsds.TsdsError, "indices"):
            selection.rows

    def test_embedded_once(self):
        store = tsds.embed(SAMPLES / "pool.jsonl", "store", embedder="static")
        self.assertEqual(2000, store.summary["rows"])
        selection = tsds.select(
            pool=SAMPLES / "pool.jsonl", pool_vectors=store, target=SAMPLES / "targets.jsonl", budget=10
        )
        self.assertEqual(10, len(selection))


class Others(Case):
    def test_inspect(self):
        inspection = tsds.inspect(SAMPLES / "pool.jsonl", SAMPLES / "targets.jsonl")
        self.assertEqual(["alpaca", "alpaca"], [file["schema"] for file in inspection.files])
        self.assertEqual(2020, inspection.summary["rows"])
        with self.assertRaises(tsds.TsdsError):
            tsds.inspect("nowhere.jsonl")

    def test_compare(self):
        comparison = tsds.compare(
            pool=SAMPLES / "pool.jsonl", target=SAMPLES / "targets.jsonl", budget=20, methods="random"
        )
        self.assertEqual({"tsds", "random"}, {method["method"] for method in comparison.methods})
        self.assertIn("<iframe", comparison.report._repr_html_())

    def test_changed_selection_is_not_verified(self):
        selection = tsds.select(pool=rows(300), target=rows(6, 1000), budget=12, out="out")
        with open("out/selected.jsonl", "a", encoding="utf-8") as file:
            file.write("{}\n")
        verification = tsds.verify(selection)
        self.assertFalse(verification)
        self.assertTrue(any(not check["agrees"] for check in verification.checks))

    def test_export_and_report(self):
        selection = tsds.select(pool=SAMPLES / "pool.jsonl", target=SAMPLES / "targets.jsonl", budget=10, out="out")
        exported = selection.export("axolotl", out="train")
        self.assertEqual(10, exported.rows)
        self.assertIn("datasets:", exported.snippet)
        self.assertTrue(all(Path(file).is_file() for file in exported.files))
        self.assertIn("<iframe", selection.report._repr_html_())
        with self.assertRaisesRegex(tsds.TsdsError, "one of row="):
            selection.explain()

    def test_explorer_answers_until_it_is_stopped(self):
        selection = tsds.select(pool=rows(300), target=rows(6, 1000), budget=12, out="out")
        with selection.explore(browser=False) as explorer:
            with urllib.request.urlopen(explorer.address, timeout=60) as answer:
                self.assertIn(b"Tsds", answer.read())
            self.assertIn(explorer.address, explorer._repr_html_())
        with self.assertRaises(urllib.error.URLError):
            urllib.request.urlopen(explorer.address, timeout=60)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with self.assertRaisesRegex(tsds.TsdsError, str(port)):
                selection.explore(browser=False, port=port)

    def test_dataset_needs_its_package(self):
        selection = tsds.select(pool=rows(300), target=rows(6, 1000), budget=12)
        with mock.patch.dict(sys.modules, {"datasets": None}), self.assertRaisesRegex(tsds.TsdsError, "pip install"):
            selection.to_dataset()
        made = mock.Mock()
        with mock.patch.dict(sys.modules, {"datasets": made}):
            selection.to_dataset()
        made.Dataset.from_list.assert_called_once_with(selection.rows)

    def test_without_numpy_lists(self):
        selection = tsds.select(pool=rows(300), target=rows(6, 1000), budget=12)
        with mock.patch.dict(sys.modules, {"numpy": None}):
            self.assertIsInstance(selection.indices, list)
            with self.assertRaisesRegex(tsds.TsdsError, "numpy"):
                tsds.select(pool_vectors=[[1.0]], target_vectors=[[1.0]], budget=1)


class Documentation(Case):
    def test_every_block_of_the_page_runs_as_printed(self):
        page = (SAMPLES.parent / "docs" / "python.md").read_text(encoding="utf-8")
        blocks = [part.split("```")[0] for part in page.split("```python\n")[1:]]
        self.assertGreater(len(blocks), 3)
        os.symlink(SAMPLES / "pool.jsonl", "pool.jsonl")
        os.symlink(SAMPLES / "targets.jsonl", "targets.jsonl")
        done = subprocess.run(
            [sys.executable, "-c", "\n".join(blocks)], capture_output=True, text=True, env={**os.environ}
        )
        self.assertEqual("", done.stderr)
        self.assertEqual(0, done.returncode)
        self.assertIn("100 rows, proven optimal", done.stdout)

    def test_readme_notebook_lines_run_as_printed(self):
        readme = (SAMPLES.parent / "README.md").read_text(encoding="utf-8")
        block = readme.split("```python\n")[1].split("```")[0]
        os.mkdir("data")
        os.symlink(SAMPLES / "pool.jsonl", "data/pool.jsonl")
        os.symlink(SAMPLES / "targets.jsonl", "examples.jsonl")
        subprocess.run([sys.executable, "-c", block], check=True)


if __name__ == "__main__":
    unittest.main()
