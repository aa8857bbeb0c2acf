#!/usr/bin/env python3
"""Compares the operations of `gdml bench` with NumPy, SciPy and, if present, PyTorch.

    python3 tests/bench/compare.py --gdml ./gdml --threads 1 2 --filter gemm

Every case is measured in turns: gdml, NumPy, gdml, NumPy, ... in processes of their
own with the same number of threads. The table gives the shortest and the median time
of each and the ratio of the shortest ones: above 1 gdml is faster. Shortest times are
compared because other load on a machine lengthens runs and never shortens one; the
share of the processors that other programs took meanwhile is printed below the table.

OpenBLAS chooses its kernels by the processor, and takes those of an old one for a
processor that it does not know. If this one has AVX-512, an AVX-512 core is demanded:
should OpenBLAS have chosen another, OPENBLAS_CORETYPE is set, and the table says so.
"""

import argparse
import ctypes
import json
import math
import os
import re
import statistics
import subprocess
import sys
import time

AVX512_CORES = {"SkylakeX", "Cooperlake", "SapphireRapids", "Sapphirerapids", "Zen4", "Zen5"}


def openblas_core():
    """The name of the kernels that the OpenBLAS in this process uses, or None."""
    paths = set()
    with open("/proc/self/maps") as maps:
        for line in maps:
            if "openblas" in line:
                paths.add(line.split()[-1])
    for path in sorted(paths):
        lib = ctypes.CDLL(path)
        for prefix in ("", "scipy_"):
            for suffix in ("", "64_", "_64_"):
                f = getattr(lib, prefix + "openblas_get_corename" + suffix, None)
                if f is not None:
                    f.restype = ctypes.c_char_p
                    return f().decode()
    return None


def numpy_cases():
    import numpy as np

    rng = np.random.default_rng(1)

    def sparse(m, n, per10000):
        import scipy.sparse as sp

        return sp.random_array((m, n), density=per10000 / 1e4, format="csr", rng=rng)

    def gemm(m, n, k):
        a, b = rng.random((m, k)), rng.random((k, n))
        return lambda: a @ b

    def tsmm(m, n):
        x = rng.random((m, n))
        return lambda: x.T @ x

    def gemv(m, n):
        x, v = rng.random((m, n)), rng.random(n)
        return lambda: x @ v

    def gevm(m, n):
        x, v = rng.random((m, n)), rng.random(m)
        return lambda: v @ x

    def mmchain(m, n):
        x, v = rng.random((m, n)), rng.random(n)
        return lambda: (x @ v) @ x

    def binary(f):
        def make(n):
            x, y = rng.random(n), rng.random(n)
            out = np.empty(n)
            return lambda: f(x, y, out=out)

        return make

    def greater(n):
        x, y = rng.random(n), rng.random(n)
        return lambda: (x > y).astype(float)

    def unary(f):
        def make(n):
            x = rng.random(n)
            out = np.empty(n)
            return lambda: f(x, out=out)

        return make

    def sigmoid(n):
        x = rng.random(n)
        out = np.empty(n)

        def run():
            np.negative(x, out=out)
            np.exp(out, out=out)
            np.add(out, 1, out=out)
            np.reciprocal(out, out=out)

        return run

    def vector(f):
        def make(n):
            x = rng.random(n)
            return lambda: f(x)

        return make

    def whole(f):
        def make(m, n):
            x = rng.random((m, n))
            return lambda: f(x)

        return make

    def solve(n):
        a, b = rng.random((n, n)), rng.random(n)
        return lambda: np.linalg.solve(a, b)

    def factor(f):
        def make(n):
            a = rng.random((n, n))
            return lambda: f(a)

        return make

    def cholesky(n):
        x = rng.random((n, n))
        a = x.T @ x + np.eye(n)
        return lambda: np.linalg.cholesky(a)

    def lu(n):
        import scipy.linalg

        a = rng.random((n, n))
        return lambda: scipy.linalg.lu(a)

    def eigen(n):
        a = rng.random((n, n))
        a += a.T.copy()
        return lambda: np.linalg.eigh(a)

    def svd(n):
        a = rng.random((n, n))
        return lambda: np.linalg.svd(a, full_matrices=False)

    def spmm(m, k, n, per10000):
        s, d = sparse(m, k, per10000), rng.random(k if n == 1 else (k, n))
        return lambda: s @ d

    def sptsmm(m, n, per10000):
        s = sparse(m, n, per10000)
        return lambda: (s.T @ s).toarray()

    def dsmm(m, k, n, per10000):
        d, s = rng.random((m, k)), sparse(k, n, per10000)
        return lambda: d @ s

    def sampled(m, k, n, per10000):
        w, u, v = sparse(m, n, per10000), rng.random((m, k)), rng.random((n, k))
        row = np.repeat(np.arange(m), np.diff(w.indptr))

        def run():
            p = np.einsum("ij,ij->i", u[row], v[w.indices])
            return type(w)((w.data * (p - w.data), w.indices, w.indptr), shape=w.shape)

        return run

    def whole_product(m, k, n, per10000):
        w, u, v = sparse(m, n, per10000), rng.random((m, k)), rng.random((n, k))
        return lambda: w.multiply(u @ v.T - w)

    return {
        "gemm": gemm, "tsmm": tsmm, "gemv": gemv, "gevm": gevm, "mmchain": mmchain,
        "mul": binary(np.multiply), "add": binary(np.add), "greater": greater,
        "exp": unary(np.exp), "log": unary(np.log), "tanh": unary(np.tanh), "sigmoid": sigmoid,
        "sum": vector(np.sum), "sumsq": vector(lambda x: x @ x), "max": vector(np.max),
        "colSums": whole(lambda x: x.sum(axis=0)), "rowSums": whole(lambda x: x.sum(axis=1)),
        "rowMaxs": whole(lambda x: x.max(axis=1)), "rowIndexMax": whole(lambda x: x.argmax(axis=1)),
        "transpose": whole(lambda x: np.ascontiguousarray(x.T)), "rev": whole(lambda x: np.ascontiguousarray(x[::-1])),
        "cumsum": whole(lambda x: x.cumsum(axis=0)), "rand": lambda m, n: (lambda: rng.random((m, n))),
        "order": vector(np.argsort), "solve": solve, "cholesky": cholesky, "lu": lu,
        "qr": factor(np.linalg.qr), "inv": factor(np.linalg.inv), "eigen": eigen, "svd": svd,
        "spmm": spmm, "sptsmm": sptsmm, "dsmm": dsmm,
        "sampled": sampled, "wholeProduct": whole_product,
    }


def torch_cases(threads):
    import torch

    torch.set_num_threads(threads)

    def rand(*shape):
        return torch.rand(*shape, dtype=torch.float64)

    def over(f):
        def make(*shape):
            x = rand(*shape)
            return lambda: f(x)

        return make

    def gemm(m, n, k):
        a, b = rand(m, k), rand(k, n)
        return lambda: a @ b

    def pair(f):
        def make(n):
            x, y, out = rand(n), rand(n), rand(n)
            return lambda: f(x, y, out=out)

        return make

    def single(f):
        def make(n):
            x, out = rand(n), rand(n)
            return lambda: f(x, out=out)

        return make

    grad = torch.nn.grad

    def conv(f):
        def make(n, c, h, k, r):
            x, w, d = rand(n, c, h, h), rand(k, c, r, r), rand(n, k, h, h)
            return lambda: f(x, w, d, r // 2)

        return make

    return {
        "conv2d": conv(lambda x, w, d, p: torch.nn.functional.conv2d(x, w, padding=p)),
        "conv2dFilter": conv(lambda x, w, d, p: grad.conv2d_weight(x, w.shape, d, padding=p)),
        "conv2dData": conv(lambda x, w, d, p: grad.conv2d_input(x.shape, w, d, padding=p)),
        "gemm": gemm, "tsmm": over(lambda x: x.T @ x), "mul": pair(torch.mul), "add": pair(torch.add),
        "exp": single(torch.exp), "log": single(torch.log), "tanh": single(torch.tanh), "sigmoid": single(torch.sigmoid),
        "sum": over(torch.sum), "max": over(torch.max),
        "colSums": over(lambda x: x.sum(0)), "rowSums": over(lambda x: x.sum(1)),
    }


def sample(run, total):
    """The median and the shortest time of runs for about total seconds."""
    group = 1
    while True:
        start = time.perf_counter()
        for _ in range(group):
            run()
        d = time.perf_counter() - start
        if d >= 50e-6 or group >= 1 << 16:
            break
        group *= max(2, int(50e-6 / max(d, 1e-9)))
    times = []
    while len(times) < 3 or (sum(times) < total and len(times) < 10000):
        start = time.perf_counter()
        for _ in range(group):
            run()
        times.append(time.perf_counter() - start)
    return statistics.median(times) / group, min(times) / group


def worker(library, threads):
    """Answers requests on standard input: one JSON object a line, one answer a line."""
    if library == "numpy":
        cases = numpy_cases()
        import numpy

        about = {"version": "NumPy " + numpy.__version__, "core": openblas_core()}
    else:
        cases = torch_cases(threads)
        import torch

        about = {"version": "PyTorch " + torch.__version__, "core": None}
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        q = json.loads(line)
        make = cases.get(q["op"])
        if make is None:
            print("null", flush=True)
            continue
        print(json.dumps(sample(make(*q["shape"]), q["time"])), flush=True)


class Reference:
    """A process that measures a library with a number of threads."""

    def __init__(self, library, threads, core=None):
        env = dict(os.environ)
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
            env[name] = str(threads)
        if core:
            env["OPENBLAS_CORETYPE"] = core
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", library, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env, text=True)
        about = self.process.stdout.readline()
        if not about:
            raise ImportError(library)
        self.about = json.loads(about)

    def measure(self, row, total):
        self.process.stdin.write(json.dumps({"op": row["op"], "shape": row["shape"], "time": total}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def numpy_reference(threads):
    """NumPy with the best kernels that OpenBLAS has for this processor."""
    r = Reference("numpy", threads)
    with open("/proc/cpuinfo") as f:
        avx512 = re.search(r"\bavx512f\b.*\bavx512vl\b", f.read()) is not None
    core = r.about["core"]
    if core is None or not avx512 or core in AVX512_CORES:
        return r
    r.close()
    forced = Reference("numpy", threads, "SkylakeX")
    if forced.about["core"] not in AVX512_CORES:
        sys.exit("OpenBLAS uses the core %s and cannot be made to use one with AVX-512" % forced.about["core"])
    forced.about["core"] += " (forced; as installed: %s)" % core
    return forced


def gdml(args, row, threads):
    out = subprocess.run(
        [args.gdml, "bench", row["suite"], "-json", "-threads", str(threads), "-time", "%dms" % (1000 * args.time),
         "-filter", "^" + re.escape(row["name"]) + "$"], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def busy():
    """Processor time used by everybody and by our finished children, in seconds."""
    with open("/proc/stat") as f:
        t = [int(x) for x in f.readline().split()[1:9]]
    tick = os.sysconf("SC_CLK_TCK")
    return (sum(t) - t[3] - t[4]) / tick, sum(t) / tick


def usage(pids):
    """Processor time of this process, its finished children and the processes pids."""
    own = os.times()
    total = own.user + own.system + own.children_user + own.children_system
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def number(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return "%.3g %s" % (seconds / size, unit)
    return "%.3g ns" % (seconds / 1e-9)


def compare(args, threads, rows):
    refs = [numpy_reference(threads)]
    try:
        refs.append(Reference("torch", threads))
    except ImportError:
        pass
    names = [r.about["version"] for r in refs]
    print("\n### %d thread%s\n" % (threads, "" if threads == 1 else "s"))
    print("OpenBLAS core: %s\n" % refs[0].about["core"])
    print("| case | gdml best / median | of the limit | " + " | ".join(n + " best / median | ratio" for n in names) + " |")
    print("|---|---|---|" + "---|---|" * len(names))
    pids = [r.process.pid for r in refs]
    used, ours = busy(), usage(pids)
    ratios, sets = [[] for _ in refs], []
    for row in rows:
        mine, theirs = [], [[] for _ in refs]
        for _ in range(args.rounds):
            mine.append(gdml(args, row, threads))
            for k, r in enumerate(refs):
                theirs[k].append(r.measure(row, args.time))
        best = min(m["best"] for m in mine)
        line = "| %s | %s / %s |" % (row["name"], number(best), number(statistics.median(m["seconds"] for m in mine)))
        limits = [m["limit"] for m in mine if m.get("limit")]
        line += " %.0f %% |" % (100 * max(m["rate"] * m["seconds"] for m in mine) / best / max(limits)) if limits else " |"
        for k, t in enumerate(theirs):
            if t[0] is None:
                line += " | |"
                continue
            other = min(x[1] for x in t)
            ratios[k].append(other / best)
            line += " %s / %s | %.2f |" % (number(other), number(statistics.median(x[0] for x in t)), other / best)
        print(line, flush=True)
    for name, r in zip(names, ratios):
        if r:
            print("\nGeometric mean of the ratios to %s: %.2f" % (name, math.exp(sum(map(math.log, r)) / len(r))))
    now, mine = busy(), usage(pids)
    foreign = max(0.0, (now[0] - used[0]) - (mine - ours)) / max(now[1] - used[1], 1e-9)
    print("\nOther programs took %.0f %% of the processors meanwhile." % (100 * foreign))
    for r in refs:
        r.close()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--gdml", default="gdml", help="the binary (default: gdml on the PATH)")
    p.add_argument("--threads", type=int, nargs="+", default=[1])
    p.add_argument("--filter", default="", help="only cases whose name matches")
    p.add_argument("--rounds", type=int, default=3, help="turns of each (default 3)")
    p.add_argument("--time", type=float, default=0.2, help="seconds for each measurement (default 0.2)")
    p.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.worker:
        worker(args.worker[0], int(args.worker[1]))
        return
    listed = subprocess.run([args.gdml, "bench", "kernels", "ops", "-list", "-json", "-filter", args.filter],
                            check=True, capture_output=True, text=True)
    rows = [json.loads(line) for line in listed.stdout.splitlines()]
    if not rows:
        sys.exit("no case matches %r" % args.filter)
    for threads in args.threads:
        compare(args, threads, rows)


if __name__ == "__main__":
    main()
