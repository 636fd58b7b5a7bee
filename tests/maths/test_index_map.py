"""Index maps: einsum's letters, what is told of them without taking a text apart, and forms that are more than letters."""

import numpy as np
import pytest

from flowc.maths.index_map import AffineForm, IndexMap, NotPlain, arrow_map, index_map


def form(constant=0, **factors):
    return AffineForm(tuple(factors.items()), constant)


WINDOW = IndexMap(((form(-1, i=1, k=1),), (form(k=1),)), (form(i=1),))  # a convolution: Σ_k x[i+k-1] w[k]


@pytest.mark.parametrize("text", ["i,ji->j", ",->", "i,->j", "ij,->ji", ",i->i", "ij,jk->ik", "j->j", "ij,kij->k"])
def test_a_text_of_einsum_is_a_map_and_back(text):
    assert str(index_map(text)) == text and index_map(text).is_plain
    assert index_map(text) is index_map(text)


def test_letters_say_what_is_summed_what_repeats_and_what_runs_along():
    assert index_map("ij,kij->k").ties == (None, None)
    assert index_map("ij,i->i").ties == (0, None)
    assert index_map("i,->j").repeated == "j" and not index_map("i,ji->j").repeated
    assert index_map(",->").is_scalar and not index_map(",->i").is_scalar
    assert [index_map(text).is_one_to_one for text in ("i,i->i", ",->", "i,ji->j", "i,->j")] == [True, True, False, False]


def test_maps_are_alike_whatever_their_letters():
    assert index_map("a,ba->b").is_like("i,ji->j")
    assert not index_map("a,ab->b").is_like("i,ji->j")
    assert not index_map("i,i->").is_like("i,j->")
    assert arrow_map("z", "az", "a") == index_map("i,ji->j")
    assert index_map("k,k->").swapped.is_like("i,i->")


def test_sizes_fit_or_are_refused():
    assert index_map("i,ji->j").sizes([(2,), (3, 2)]) == {"i": 2, "j": 3}
    for shapes in ([(2,), (3, 4)], [(2, 1), (3, 2)], [(2,)]):
        with pytest.raises(ValueError):
            index_map("i,ji->j").sizes(shapes)


def test_tokens_have_a_letter_of_their_own():
    assert index_map("i,ji->j").einsum([True, False], True) == "ni,ji->nj"
    assert index_map("n,jn->j").einsum([True, True], False) == "Nn,Njn->j"


@pytest.mark.parametrize("text", ["i,ji->j", "i,ij->j", "i,i->i", "i,i->", "i,->j", "ij,jk->ik", "ij,ji->", "ij->ji"])
def test_the_pullback_is_the_gradient(text):
    """As the derivative of einsum by one operand, summed with what arrives."""
    spec, draws = index_map(text), np.random.default_rng(0)
    sizes = dict(zip("ijk", (2, 3, 4), strict=True))
    operands = [draws.normal(size=[sizes[c] for c in letters]) for letters in spec.letters]
    d = draws.normal(size=[sizes[c] for c in spec.target])

    def loss(at, moved):
        shapes = [*operands[:at], moved, *operands[at + 1 :]]
        inner = "".join(c for c in spec.target if c not in spec.repeated)
        value = np.einsum(f"{','.join(spec.letters)}->{inner}", *shapes)
        return float(np.sum(d * value.reshape([1 if c in spec.repeated else sizes[c] for c in spec.target])))

    for at, operand in enumerate(operands):
        back, missing = spec.pullback(at)
        gradient = np.einsum(str(back), d, *operands[:at], *operands[at + 1 :])
        gradient = np.broadcast_to(np.expand_dims(gradient, missing), operand.shape)
        for place in np.ndindex(*operand.shape):
            step = np.zeros(operand.shape)
            step[place] = 1.0
            assert gradient[place] == pytest.approx(loss(at, operand + step) - loss(at, operand))


def test_forms_of_a_convolution_have_places_and_bounds():
    window = WINDOW.operands[0][0]
    assert str(window) == "i+k-1" and window.letter is None
    assert [window.at({"i": i, "k": k}) for i in (0, 3) for k in (0, 2)] == [-1, 1, 2, 4]
    assert window.bounds({"i": 4, "k": 3}) == (-1, 4)
    assert str(form(2, i=-2)) == "-2*i+2" and str(form()) == "0" and form(2, i=-2).bounds({"i": 3}) == (-2, 2)
    assert form(i=1).letter == "i"


def test_where_letters_alone_are_understood_a_convolution_is_refused():
    assert not WINDOW.is_plain and not WINDOW.is_like("i,i->i") and not WINDOW.is_scalar
    assert str(WINDOW) == "[i+k-1],[k]->[i]"
    for read in (lambda: WINDOW.letters, lambda: WINDOW.ties, lambda: WINDOW.canonical, lambda: WINDOW.einsum([True, False], True)):
        with pytest.raises(NotPlain, match=r"\[i\+k-1\]"):
            read()
