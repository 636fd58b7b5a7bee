"""Which tokens a step of a C file takes: functions that give one after the other, in the order in which Python draws them."""

from __future__ import annotations

from flowc.backends.c.helpers import quoted_template
from flowc.backends.c.words import CWords
from flowc.backends.code.build import paragraphs
from flowc.backends.code.tree import Statement
from flowc.backends.python.training.plan import Plan


def next_token(plan: Plan) -> str:
    """The name of the function that gives the next one."""
    return "drawn_token" if plan.replaces else "shuffled_token" if plan.shuffles else "token_in_order"


def order_functions(plan: Plan, tokens: int, words: CWords) -> list[Statement]:
    """None, where a step takes all tokens."""
    if not plan.in_batches:
        return []
    holes, needed = {"TOKENS": str(tokens)}, [next_token(plan)]
    if plan.shuffles:
        seed = f"{plan.seed}/order"
        key = seeding_key(seed)
        holes |= {"SEED": f'"{seed}"', "LENGTH": str(len(key)), "KEY": ", ".join(map(str, key))}
        needed.insert(0, "random_number")
    return [*paragraphs(*([quoted_template(name, words, **holes)] for name in needed))]


def seeding_key(text: str) -> list[int]:
    """What Python's random.Random(text) seeds its generator by: the text and its SHA-512, as whole numbers of 32 bits, the
    smallest part first."""
    from hashlib import sha512

    data = text.encode()
    number = int.from_bytes(data + sha512(data).digest(), "big")
    return [(number >> shift) & 0xFFFFFFFF for shift in range(0, number.bit_length(), 32)]
