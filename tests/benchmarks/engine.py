"""One training step of the engine beside torch eager and beside the matrix products alone, interleaved in one run.

float32, one thread, SGD; a step is forward, loss, backward and update through the public path that lectures use. The
floor is the products that any implementation has to compute. Ratios are medians over rounds in which each of the three
runs in turn. torch comes with `make peers`; without it only the floor is printed.
"""

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import importlib.util
import platform
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from coursekit import engine

ROUNDS = int(os.environ.get("R","9"))
CASES = {
    "4-8-6-4-2, batch 1": ([4, 8, 6, 4, 2], 1, 1500),
    "4-8-6-4-2, batch 32": ([4, 8, 6, 4, 2], 32, 1500),
    "64-100-100-10, batch 32": ([64, 100, 100, 10], 32, 400),
    "64-100-100-10, batch 256": ([64, 100, 100, 10], 256, 100),
    "784-256-128-10, batch 128": ([784, 256, 128, 10], 128, 30),
    "1024-2048-2048-1024, batch 512": ([1024, 2048, 2048, 1024], 512, 1),
}
Step = Callable[[], object]


def _data(sizes: list[int], N: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N, sizes[0])).astype(np.float32)
    return X, np.eye(sizes[-1], dtype=np.float32)[rng.integers(sizes[-1], size=N)]


def ours(sizes: list[int], N: int) -> Step:
    """A step of the engine: `loss_and_gradient`, then the flat vector moves."""
    X, Y = _data(sizes, N)
    net = engine.MLP(sizes, activation=engine.relu, loss=engine.cross_entropy_from_logits, dtype=np.float32)
    theta = net.initialize(np.random.default_rng(0)).parameters.flat
    move, lr = np.empty_like(theta), np.float32(0.01)

    def step() -> float:
        loss, gradient = net.loss_and_gradient(X, Y)
        np.multiply(gradient, lr, out=move)
        np.subtract(theta, move, out=theta)
        return loss

    return step


def floor(sizes: list[int], N: int) -> Step:
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

    return step


def torch_eager(sizes: list[int], N: int) -> Step:
    """The same step as a torch program is usually written."""
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

    return step


def _seconds(step: Step, times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - started) / times


def main() -> None:
    """Print microseconds a step and the ratios."""
    makers = {"floor": floor, "ours": ours}
    if importlib.util.find_spec("torch") is not None:
        makers["torch"] = torch_eager
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, 1 thread, float32, numpy {np.__version__}, medians of {ROUNDS}"
    )
    print(f"{'case':32}{'ours':>12}{'to floor':>10}{'to torch':>10}")
    for case, (sizes, N, times) in CASES.items():
        steps = {name: make(sizes, N) for name, make in makers.items()}
        for step in steps.values():
            _seconds(step, 2)
        rounds = [{name: _seconds(step, times) for name, step in steps.items()} for _ in range(ROUNDS)]

        def ratio(name: str, rounds: list[dict[str, float]] = rounds) -> str:
            return (
                f"{statistics.median(r['ours'] / r[name] for r in rounds):10.2f}" if name in rounds[0] else f"{'–':>10}"
            )

        microseconds = 1e6 * statistics.median(r["ours"] for r in rounds)
        print(f"{case:32}{microseconds:9.1f} µs{ratio('floor')}{ratio('torch')}", flush=True)


if __name__ == "__main__":
    main()
