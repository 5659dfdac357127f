"""Running a notebook apart: the student's cells in one process, the test cells in another that judges from outside.

``client`` starts a ``server`` for each thread that grades. The server forks a ``judge`` for each notebook; the judge
runs the test cells and asks the ``zygote`` for a child, forked from a warmed interpreter, that runs the student's.
Between judge and child stand ``frames`` (bytes), ``codec`` (values), ``peer`` (requests) and ``proxies`` (a student's
objects as the judge sees them). The child's side of that is ``objects``; both run cells in a ``shell``.
"""
