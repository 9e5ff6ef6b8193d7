#!/usr/bin/env python3
"""Makes a large pool of float16 vectors from a smaller one: each row again and again, each time moved by its own noise.

    enlarge.py POOL.npy TIMES OUT.npy        (needs numpy)

The noise has norm 0.5 against rows of norm 1, so the copies are neighbors, not near-duplicates.
"""
import sys

import numpy as np

pool = np.load(sys.argv[1], mmap_mode="r")
times = int(sys.argv[2])
rows, dimension = pool.shape
out = np.lib.format.open_memmap(sys.argv[3], "w+", np.float16, (rows * times, dimension))
random = np.random.default_rng(1)
BLOCK = 50_000
for time in range(times):
    for start in range(0, rows, BLOCK):
        block = np.array(pool[start : start + BLOCK])
        block /= np.linalg.norm(block, axis=1, keepdims=True)
        if time > 0:
            block += (0.5 / dimension**0.5) * random.standard_normal(block.shape, dtype=np.float32)
            block /= np.linalg.norm(block, axis=1, keepdims=True)
        out[time * rows + start : time * rows + start + len(block)] = block
out.flush()
