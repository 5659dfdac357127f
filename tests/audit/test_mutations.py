"""Mutations: each spoils what it is made for, one place at a time, inside the solution alone."""

import ast

import pytest

from coursekit.audit.mutants import declarations, mutants

CASES = [
    ("return G @ W.T", "transpose dropped", ["G @ W"]),
    ("return np.transpose(G)", "transpose dropped", ["G"]),
    ("return -G", "sign flipped", ["G"]),
    ("return G - W", "sign flipped", ["G + W"]),
    ("G += W", "sign flipped", ["G -= W"]),
    ("return G", "factor two", ["2 * G"]),
    ("return np.sum(G)", "mean for sum", ["np.mean(G)"]),
    ("return G.mean()", "sum for mean", ["G.sum()"]),
    ("return G.sum(axis=-1)", "axis changed", ["G.sum(axis=0)"]),
    ("return G.sum(axis=0)", "axis dropped", ["G.sum()"]),
    ("return G.sum(keepdims=True)", "keepdims dropped", ["G.sum()"]),
    ("return G * W", "factor dropped", ["G", "W"]),
    ("return G / W", "division dropped", ["G"]),
    ("return G ** 2", "power dropped", ["G"]),
    ("return G + W", "term dropped", ["G"]),
    ("return G @ W", "operands swapped", ["W @ G"]),
    ("return np.dot(G, W)", "operands swapped", ["np.dot(W, G)"]),
    ("return (G - W) ** 2", "operands swapped", []),
    ("return G @ W", "product entry by entry", ["G * W"]),
    ("Z = G\nA = W\nreturn A", "a for z", ["Z"]),
    ("for l in range(n): pass", "off by one", ["range(n - 1)", "range(n + 1)"]),
    ("return [G[l] for l in W]", "off by one", ["G[l - 1]", "G[l + 1]"]),
    ("return G[n - 1]", "off by one", ["G[n - 2]", "G[n]"]),
    ("return G[-1]", "off by one", ["G[-2]", "G[0]"]),
    ("return G[:, 1]", "off by one", ["G[:, 0]", "G[:, 2]"]),
    ("return G[1:]", "bound dropped", ["G[:]"]),
    ("return G.copy()", "copy dropped", ["G"]),
    ("G = G * W", "in place", ["G *= W"]),
    ("G += W", "accumulation dropped", ["G = W"]),
    ("G = 1", "statement removed", ["pass"]),
    ("new = 1", "statement removed", []),
    ("if n:\n    G = 1\nreturn G", "condition always true", ["if True:\n    G = 1\nreturn G"]),
    ("return G if n else W", "condition never true", ["W"]),
    ("return G < W", "comparison changed", ["G <= W", "G >= W"]),
    ("return G and W", "condition changed", ["G or W"]),
    ("return n + 1", "constant changed", ["n + 2", "n + 0"]),
    ("return f(G, W)", "argument replaced", ["f(W, W)", "f(G, G)"]),
    ("return f(G, W)", "arguments swapped", ["f(W, G)"]),
    ("return np.maximum(G, W)", "arguments swapped", []),
    ("return np.exp(G)", "call dropped", ["G"]),
    ("return np.argmax(G)", "other function", ["np.argmin(G)"]),
    ("for l in W:\n    G = f(n)\n    n = G", "order swapped", ["for l in W:\n    n = G\n    G = f(n)"]),
    ("for l in W:\n    G = 1\n    n = 2", "order swapped", []),
    ("raise ValueError(-G)", "sign flipped", []),
]


def solution(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"def f(G, W, n):\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION\n"


@pytest.mark.parametrize(("body", "mutation", "expected"), CASES)
def test_a_mutation_makes_these_rewrites_and_no_other(body: str, mutation: str, expected: list[str]) -> None:
    found = [mutant.source for mutant in mutants("f", solution(body)) if mutant.mutation == mutation]
    assert len(found) == len(expected)
    for source, text in zip(found, expected, strict=True):
        inside = "\n".join(line.removeprefix("    ") for line in source.splitlines()[1:])
        assert ast.unparse(ast.parse(text)) in inside


def test_what_is_given_to_the_student_is_not_mutated() -> None:
    source = 'def f(G):\n    """-1"""\n    G = -G\n    ### BEGIN SOLUTION\n    return G\n    ### END SOLUTION\n'
    assert {mutant.line for mutant in mutants("f", source)} == {5}


def test_no_two_mutants_are_alike_and_none_is_the_solution() -> None:
    source = solution("G = G @ W.T - 2 * G\nfor l in range(1, n):\n    G[l] += G[l - 1]\nreturn G.sum(axis=0)")
    texts = [mutant.source for mutant in mutants("f", source)]
    assert len(set(texts)) == len(texts) > 20
    assert ast.unparse(ast.parse(source)) not in texts


def test_a_mutant_names_its_line_and_its_rewrite() -> None:
    (mutant,) = [each for each in mutants("f", solution("n = 3\nreturn G.T")) if each.mutation == "transpose dropped"]
    assert (mutant.cell, mutant.line, mutant.rewrite) == ("f", 4, "G.T → G")


def test_a_line_may_declare_several_mutations_equivalent() -> None:
    source = solution("return G  # equivalent: sign flipped: it is 0 # equivalent: factor two: it is 0")
    assert [(each.line, each.mutation, each.why) for each in declarations("f", source)] == [
        (3, "sign flipped", "it is 0"),
        (3, "factor two", "it is 0"),
    ]
