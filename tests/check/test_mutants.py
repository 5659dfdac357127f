"""Every known mistake of a network is found and named, alone and in pairs; the figures are printed and must hold."""

from itertools import product

import numpy as np
import pytest

from coursekit import check, engine
from coursekit.check.bugs.catalogue import BUGS
from coursekit.check.bugs.matching import Given, match
from coursekit.check.bugs.mutants import KNOBS, Network, gradients, mutants

HIDDEN = [engine.tanh, engine.sigmoid, engine.relu]
LOSSES = [engine.half_squared_error, engine.cross_entropy_from_logits]
STRENGTH = 0.037
CASES = list(product(HIDDEN, LOSSES))


def program(hidden, loss, turned, *, step=0.1):
    """A student's function that makes these mistakes on whatever network it is given."""

    def f(X, T, Ws, bs):
        net = Network(X, T, Ws, bs, hidden, loss, STRENGTH)
        answer = gradients(net, net.run(), turned, step=step)
        return net.value(), answer.dWs, answer.dbs

    return f


def arrays(answer):
    return [*answer.dWs, *answer.dbs]


def visible(net):
    """The mutants whose gradients differ from the right ones."""
    run = net.run()
    right = arrays(gradients(net, run))

    def differs(mutant):
        pairs = zip(arrays(gradients(net, run, [mutant])), right, strict=True)
        return any(np.abs(a - b).max() > 1e-6 * np.abs(b).max() for a, b in pairs)

    return [mutant for mutant in mutants(net) if differs(mutant)]


def wrong_codes(verdicts):
    return [verdict.code for verdict in verdicts if verdict.status == "wrong"]


@pytest.mark.parametrize(("hidden", "loss"), CASES, ids=lambda case: case.name)
def test_without_mistakes_the_pass_agrees_with_differences(hidden, loss):
    net = check.probe_network(hidden, loss, sizes=(3, 4, 4, 2), N=5, strength=STRENGTH)
    right = gradients(net, net.run())
    for k in range(3):
        for got, variables, field in ((right.dWs[k], net.Ws, "Ws"), (right.dbs[k], net.bs, "bs")):

            def value(at, variables=variables, field=field, k=k):
                changed = [*variables[:k], at, *variables[k + 1 :]]
                return net._replace(**{field: changed}).value()

            np.testing.assert_allclose(got, check.numeric_gradient(value, variables[k]).gradient, atol=1e-8)
    numeric = check.numeric_gradient(lambda at: net._replace(X=at).value(), net.X).gradient
    np.testing.assert_allclose(right.dX, numeric, atol=1e-8)


def test_every_single_mistake_is_found_and_nearly_all_are_named(capsys):
    found = named = total = 0
    codes = set()
    for hidden, loss in CASES:
        for mutant in visible(check.probe_network(hidden, loss, strength=STRENGTH)):
            total += 1
            codes.add(mutant.knob.code)
            verdicts = check.backpropagation(
                program(hidden, loss, [mutant]), hidden=hidden, loss=loss, strength=STRENGTH
            )
            got = wrong_codes(verdicts)
            found += bool(got)
            named += bool(got) and all(mutant.knob.code in code.split("|") for code in got)
    with capsys.disabled():
        print(f"\n{found} of {total} mutants found wrong, {named} rightly named, {len(codes)} classes of mistakes")
    assert total >= 112
    assert len(codes) >= 24
    assert found == total
    assert named >= 0.95 * total


def test_pairs_of_mistakes_are_found_and_nearly_all_are_named(capsys):
    rng = np.random.default_rng(0)
    found = named = 0
    tried = 20
    for hidden, loss in (CASES[0], CASES[3]):
        candidates = visible(check.probe_network(hidden, loss, strength=STRENGTH))
        for _ in range(tried // 2):
            one, two = rng.choice(len(candidates), 2, replace=False)
            pair = candidates[min(one, two)], candidates[max(one, two)]
            f = program(hidden, loss, pair)
            got = wrong_codes(check.backpropagation(f, hidden=hidden, loss=loss, strength=STRENGTH))
            known = {mutant.knob.code for mutant in pair}
            found += bool(got)
            named += bool(got) and all(set(code.replace("|", "+").split("+")) & known for code in got)
    with capsys.disabled():
        print(f"\n{found} of {tried} pairs found wrong, {named} named by at least one of both in every array")
    assert found == tried
    assert named >= 0.9 * tried


@pytest.mark.parametrize("step", [0.003, 0.1, 2.0])
@pytest.mark.parametrize("layer", [0, 2, 3])
def test_an_early_update_is_named_whatever_its_learning_rate(step, layer):
    net = check.probe_network()
    (mutant,) = [m for m in mutants(net) if m.knob.name == "updated_early" and m.layer == layer]
    answer = gradients(net, net.run(), [mutant], step=step)
    given = Given({f"dW{k}": dW for k, dW in enumerate(answer.dWs, start=1)})
    assert (mutant,) in match(net, given)


def chain(seed=0):
    """A network of width 1, where any wrong factor below a layer is that of some weight."""
    return check.probe_network(sizes=(1, 1, 1, 1), N=1, seed=seed)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("factor", [0.0, -1.0, 0.37123, 5.4321, np.pi])
def test_a_wrong_factor_in_a_narrow_network_is_no_early_update(factor, seed):
    net = chain(seed)
    right = gradients(net, net.run())
    given = Given(
        {"dW1": factor * right.dWs[0], "db1": factor * right.dbs[0], "dW2": right.dWs[1], "dW3": right.dWs[2]}
    )
    assert "updated_early" not in {mutant.knob.name for found in match(net, given, pairs=False) for mutant in found}


@pytest.mark.parametrize("step", [0.003, 0.05, 0.1, 0.25, 2.0])
def test_an_early_update_in_a_narrow_network_is_named(step):
    net = chain()
    (mutant,) = [m for m in mutants(net) if m.knob.name == "updated_early" and m.layer == 0]
    answer = gradients(net, net.run(), [mutant], step=step)
    given = Given({f"dW{k}": dW for k, dW in enumerate(answer.dWs, start=1)})
    assert (mutant,) in match(net, given)


def test_a_step_that_leaves_nothing_of_the_weights_is_no_early_update():
    """With this step W2 becomes 0, and so does everything below."""
    net = chain()
    dW = gradients(net, net.run()).dWs[1]
    net = net._replace(Ws=[net.Ws[0], 0.1 * dW, net.Ws[2]])
    for _ in range(200):
        net = net._replace(Ws=[net.Ws[0], 0.1 * gradients(net, net.run()).dWs[1], net.Ws[2]])
    right = gradients(net, net.run())
    np.testing.assert_allclose(net.Ws[1], 0.1 * right.dWs[1])
    nothing = np.zeros((1, 1))
    given = Given({"dW1": nothing, "db1": nothing[0], "dW2": right.dWs[1], "dW3": right.dWs[2]})
    assert "updated_early" not in {mutant.knob.name for found in match(net, given, pairs=False) for mutant in found}


def test_mistakes_that_nothing_tells_apart_are_both_named():
    """Of a square matrix the transpose and the column-major reshape are one and the same."""

    def f(X, T, Ws, bs):
        net = Network(X, T, Ws, bs, engine.tanh, engine.half_squared_error)
        answer = gradients(net, net.run())
        dWs = [dW.T.reshape(W.shape) if W.shape[0] == W.shape[1] else dW for dW, W in zip(answer.dWs, Ws, strict=True)]
        return net.value(), dWs, answer.dbs

    verdicts = check.backpropagation(f)
    assert [sorted(code.split("|")) for code in wrong_codes(verdicts)] == [["reshaped", "transposed"]]
    assert [verdict.message.count("Either") for verdict in verdicts if not verdict] == [1]


def test_one_sample_without_bias_and_penalty_confuses_more_than_the_probe():
    """Why the probe has the sizes it has: with N = 1 a mean, a sum and a single sample are all the same."""
    probe = check.probe_network(strength=STRENGTH)
    poor = check.probe_network(N=1)
    poor = poor._replace(bs=[np.zeros_like(b) for b in poor.bs])
    assert len(visible(poor)) < 0.75 * len(visible(probe))


def test_every_knob_has_a_bug_with_a_sentence_and_three_hints():
    assert {knob.code for knob in KNOBS} <= BUGS.keys()
    for bug in BUGS.values():
        assert bug.sentence.format(name="dW1", layer="layer 1").endswith(".")
        assert len(bug.hints) == 3
        assert all(bug.hints)


class Counter:
    """Backpropagation with flaws that show only in how it is called."""

    def __init__(self, flaw):
        self.flaw, self.kept, self.rng = flaw, None, np.random.default_rng(0)

    def __call__(self, X, T, Ws, bs):
        net = Network(X, T, Ws, bs, engine.tanh, engine.half_squared_error)
        value, answer = net.value(), gradients(net, net.run())
        dWs, dbs = answer.dWs, answer.dbs
        if self.flaw == "accumulated":
            self.kept = [np.zeros_like(a) for a in (*dWs, *dbs)] if self.kept is None else self.kept
            self.kept = [old + new for old, new in zip(self.kept, (*dWs, *dbs), strict=True)]
            dWs, dbs = self.kept[:3], self.kept[3:]
        if self.flaw == "not_repeatable":
            dWs = [dW * self.rng.integers(2, size=dW.shape) for dW in dWs]
        if self.flaw == "mutated":
            X += 1
        if self.flaw == "shared":
            dbs = [*dbs[:-1], bs[-1]]
        if self.flaw == "rounded":
            dWs = [dW.astype(int) for dW in dWs]
        if self.flaw == "results":
            return value, dWs
        if self.flaw == "none":
            dWs[1] = None
        if self.flaw == "not_finite":
            dWs[1] = dWs[1] * np.nan
        if self.flaw == "shape":
            dWs[0] = dWs[0][:, :2]
        if self.flaw == "transposed":
            dWs[0] = dWs[0].T
        if self.flaw == "value":
            value *= 2
        return value, dWs, dbs


FLAWS = [
    "accumulated",
    "not_repeatable",
    "rounded",
    "mutated",
    "shared",
    "results",
    "none",
    "not_finite",
    "shape",
    "transposed",
    "value",
]


@pytest.mark.parametrize("flaw", FLAWS)
def test_what_shows_only_in_the_call_has_a_message_of_its_own(flaw):
    with check.score(1) as s, s.part(1, "backpropagation"):
        check.backpropagation(Counter(flaw))
    codes = [verdict.code for verdict in s.failures]
    expected = {"value": "factor"}.get(flaw, flaw)
    assert expected in codes
    assert float(s) == 0


def test_a_function_that_takes_too_long_is_stopped_and_told_so():
    def endless(X, T, Ws, bs):
        while True:
            X = X + 0

    with check.score(1) as s, s.part(1, "backpropagation"):
        check.backpropagation(endless, limit=0.2)
    assert [verdict.code for verdict in s.failures] == ["timeout"]
    assert "longer than the limit of 0.2 s" in s.failures[0].message


def test_a_mistake_is_explained_once_and_then_referred_to():
    hidden, loss = CASES[0]
    (mutant,) = [m for m in mutants(check.probe_network()) if m.knob.name == "derivative_dropped" and m.layer == 2]
    verdicts = check.backpropagation(program(hidden, loss, [mutant]), strength=STRENGTH)
    messages = [verdict.message for verdict in verdicts if not verdict]
    assert messages[0].startswith("dW1 lacks the derivative of the activation of layer 2")
    assert messages[1:] == [f"{name} is wrong for the same reason as dW1." for name in ("dW2", "db1", "db2")]


def test_arrays_of_another_shape_are_not_explained_and_raise_nothing():
    net = check.probe_network()
    right = gradients(net, net.run())
    why = check.bugs.network(net, [right.dWs[0].T, -right.dWs[1], right.dWs[2]], right.dbs)
    assert why["dW2"]("dW2", -right.dWs[1]) is None


def test_zeros_are_called_zeros():
    """Where relu shuts off every sample, a mutant can be zero too; that is no explanation of an empty answer."""
    G = np.ones((2, 3))
    dead = -np.ones((2, 3))
    why = check.bugs.activation(G, dead, engine.relu)
    verdict = check.gradient(np.zeros((2, 3)), lambda V: float(V.sum()), at=G, name="dZ", explain=why)
    assert verdict.code == "zero"


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("seed", range(20))
def test_every_subgradient_is_right_at_a_kink_of_a_curved_loss(slope, seed):
    rng = np.random.default_rng(seed)
    W, T = 10 * rng.standard_normal((4, 3)), rng.standard_normal((2, 4))
    Z = rng.integers(-1, 2, size=(2, 3)).astype(float)

    def loss(V):
        return engine.half_squared_error(engine.relu(V) @ W.T, T)

    G = (engine.relu(Z) @ W.T - T) / 2 @ W
    assert check.gradient(G * np.where(Z == 0, slope, Z > 0), loss, at=Z, name="dZ")


def test_float32_sums_in_a_new_order_at_each_call_are_the_same():
    rng = np.random.default_rng(0)

    def total(A):
        return A[rng.permutation(len(A))].sum(axis=0, dtype=np.float32)

    with check.score(1) as s, s.part(1, "the call"):
        check.call(total, A=np.random.default_rng(1).standard_normal((1000, 5)).astype(np.float32))
    assert s.failures == []
