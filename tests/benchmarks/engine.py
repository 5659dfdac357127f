"""The engine beside torch, jax and the matrix products alone, interleaved in one run; float32, one thread.

First training: a step is forward, loss, backward and a step of gradient descent, through the `fit` that lectures use.
The floor is the matrix products that any implementation has to compute. Then the full Jacobian of a batch. A ratio is
the median over rounds in which each of them runs in turn. torch and jax come with `make peers`; without them only the
floor is printed.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import importlib.util
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from coursekit import engine

ROUNDS = 9
CASES = {
    "4-8-6-4-2, batch 1": ([4, 8, 6, 4, 2], 1, 1500),
    "4-8-6-4-2, batch 32": ([4, 8, 6, 4, 2], 32, 1500),
    "64-100-100-10, batch 32": ([64, 100, 100, 10], 32, 400),
    "64-100-100-10, batch 256": ([64, 100, 100, 10], 256, 100),
    "784-256-128-10, batch 128": ([784, 256, 128, 10], 128, 30),
    "1024-2048-2048-1024, batch 512": ([1024, 2048, 2048, 1024], 512, 10),
}
JACOBIAN = [64, 100, 100, 10]
Step = Callable[[], object]
Run = Callable[[int], object]


def _data(sizes: list[int], N: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, sizes[0])).astype(np.float32)
    return X, np.eye(sizes[-1], dtype=np.float32)[rng.integers(sizes[-1], size=N)]


def ours(sizes: list[int], N: int) -> Run:
    """Steps of batch learning with `fit`."""
    X, Y = _data(sizes, N)
    net = engine.MLP(sizes, activation=engine.relu, loss=engine.cross_entropy_from_logits, dtype=np.float32)
    net.initialize(np.random.default_rng(0))
    return lambda steps: engine.fit(net, X, Y, optimizer=engine.gradient_descent, lr=0.01, epochs=steps)


def _repeated(step: Step) -> Run:
    def run(steps: int) -> None:
        for _ in range(steps):
            step()

    return run


def floor(sizes: list[int], N: int) -> Run:
    """The matrix products alone: forward, weights, and inputs of all layers but the first."""
    pairs = list(pairwise(sizes))
    rng = np.random.default_rng(0)
    A = [rng.standard_normal((N, width)).astype(np.float32) for width in sizes]
    W = [rng.standard_normal((out, inn)).astype(np.float32) for inn, out in pairs]
    dW = [np.empty_like(array) for array in W]
    B = [np.empty_like(array) for array in A]

    def step() -> None:
        for layer in range(len(W)):
            np.dot(A[layer], W[layer].T, out=B[layer + 1])
            np.dot(A[layer + 1].T, A[layer], out=dW[layer])
            if layer:
                np.dot(A[layer + 1], W[layer], out=B[layer])

    return _repeated(step)


def torch_eager(sizes: list[int], N: int) -> Run:
    """The same steps as a torch program is usually written."""
    import torch

    torch.set_num_threads(1)
    layers = [layer for inn, out in pairwise(sizes) for layer in (torch.nn.Linear(inn, out), torch.nn.ReLU())]
    net = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    X, Y = (torch.from_numpy(array) for array in _data(sizes, N))
    labels = Y.argmax(dim=1)

    def step() -> float:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(X), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return _repeated(step)


def our_jacobian(sizes: list[int], N: int) -> Run:
    """The Jacobian of every sample's outputs by its inputs, in reverse mode."""
    X, _ = _data(sizes, N)
    rng = np.random.default_rng(0)
    layers = [engine.affine_map(rng.standard_normal(pair[::-1]).astype(np.float32)) for pair in pairwise(sizes)]
    maps = [f for layer in layers for f in (layer, engine.tanh)][:-1]
    return _repeated(lambda: engine.jacobian(maps, X, mode="reverse"))


def jax_jacobian(sizes: list[int], N: int) -> Run:
    """The same, by jacrev, mapped over the batch where there is more than one sample, and compiled."""
    import jax

    X, _ = _data(sizes, N)
    rng = np.random.default_rng(0)
    Ws = [jax.numpy.asarray(rng.standard_normal(pair[::-1]).astype(np.float32)) for pair in pairwise(sizes)]

    def net(x: "jax.Array") -> "jax.Array":
        for W in Ws[:-1]:
            x = jax.numpy.tanh(W @ x)
        return Ws[-1] @ x

    jacobian = jax.jit(jax.jacrev(net) if N == 1 else jax.vmap(jax.jacrev(net)))
    batch = jax.numpy.asarray(X[0] if N == 1 else X)
    return _repeated(lambda: jacobian(batch).block_until_ready())


def _seconds(run: Run, times: int) -> float:
    started = time.perf_counter()
    run(times)
    return (time.perf_counter() - started) / times


def _measure(runs: dict[str, Run], times: int) -> list[dict[str, float]]:
    """Seconds of one repetition for each run, in each round."""
    for run in runs.values():
        run(3)
    return [{name: _seconds(run, times) for name, run in runs.items()} for _ in range(ROUNDS)]


def _ratio(rounds: list[dict[str, float]], over: str, under: str) -> str:
    if under not in rounds[0]:
        return f"{'–':>16}"
    return f"{statistics.median(seconds[over] / seconds[under] for seconds in rounds):16.2f}"


def _microseconds(rounds: list[dict[str, float]]) -> str:
    return f"{1e6 * statistics.median(seconds['ours'] for seconds in rounds):12.1f} µs"


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "processor")


def main() -> None:
    """Print microseconds a step and the ratios."""
    torch = {"torch": torch_eager} if importlib.util.find_spec("torch") else {}
    jax = {"jax": jax_jacobian} if importlib.util.find_spec("jax") else {}
    print(f"{_processor()}, {os.cpu_count()} cores, numpy {np.__version__}, medians of {ROUNDS} rounds")
    print(f"{'a training step':32}{'ours':>15}{'ours / floor':>16}{'ours / torch':>16}{'floor / torch':>16}")
    for case, (sizes, N, times) in CASES.items():
        runs = {name: make(sizes, N) for name, make in {"floor": floor, "ours": ours, **torch}.items()}
        rounds = _measure(runs, times)
        ratios = (_ratio(rounds, *pair) for pair in (("ours", "floor"), ("ours", "torch"), ("floor", "torch")))
        print(f"{case:32}{_microseconds(rounds)}{''.join(ratios)}", flush=True)
    print(f"{'a full Jacobian':32}{'ours':>15}{'ours / jax':>16}")
    for N, times in ((1, 1000), (32, 300)):
        rounds = _measure({name: make(JACOBIAN, N) for name, make in {"ours": our_jacobian, **jax}.items()}, times)
        case = f"{'-'.join(map(str, JACOBIAN))}, batch {N}"
        print(f"{case:32}{_microseconds(rounds)}{_ratio(rounds, 'ours', 'jax')}", flush=True)


if __name__ == "__main__":
    main()
