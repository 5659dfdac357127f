"""Is this gradient right and, if not, why.

A test cell is a score block; the checks inside it explain what is wrong and never stop the cell::

    with check.score(4) as s:
        with s.part(3, "dW"):
            check.gradient(dW, loss, at=W, name="dW")
        with s.part(1, "db"):
            check.gradient(db, loss, at=b, name="db")
    s

Outside a score block every check returns a Verdict that can be printed or asserted. ``check.bugs`` knows what common
mistakes make of an answer, so that a wrong one can be named.
"""

from coursekit.check import bugs
from coursekit.check.compare import gradient, shape, true, value
from coursekit.check.hints import hint
from coursekit.check.limits import TimeLimitExceeded, time_limit
from coursekit.check.numeric import Estimate, numeric_gradient, numeric_jacobian
from coursekit.check.once import once
from coursekit.check.preflight import call, unchanged
from coursekit.check.probe import backpropagation, probe_network
from coursekit.check.score import Score, score
from coursekit.check.seeds import rng
from coursekit.check.verdict import Verdict

__all__ = [
    "Estimate",
    "Score",
    "TimeLimitExceeded",
    "Verdict",
    "backpropagation",
    "bugs",
    "call",
    "gradient",
    "hint",
    "numeric_gradient",
    "numeric_jacobian",
    "once",
    "probe_network",
    "rng",
    "score",
    "shape",
    "time_limit",
    "true",
    "unchanged",
    "value",
]
