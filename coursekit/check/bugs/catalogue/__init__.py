"""The mistakes that a check can name: a code for the class report, a sentence and three further hints for each.

A sentence says what is wrong; the first hint says where to look, the second gives the rule, the third the line.
"""

from coursekit.check.bugs.catalogue.bug import Bug
from coursekit.check.bugs.catalogue.calls import CALLS
from coursekit.check.bugs.catalogue.counting import COUNTING
from coursekit.check.bugs.catalogue.forward import FORWARD
from coursekit.check.bugs.catalogue.gradients import GRADIENTS
from coursekit.check.bugs.catalogue.jacobians import JACOBIANS
from coursekit.check.bugs.catalogue.training import TRAINING

__all__ = ["BUGS", "BUGS_OF_VALUES", "Bug"]

# Those whose words fit a value that is no gradient.
BUGS_OF_VALUES = {bug.code: bug for bug in [*CALLS, *FORWARD, *COUNTING, *JACOBIANS, *TRAINING]}
BUGS = {bug.code: bug for bug in GRADIENTS} | BUGS_OF_VALUES
