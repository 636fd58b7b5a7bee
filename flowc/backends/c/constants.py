"""The numbers in the fast functions of C: where they are put together of series, their coefficients, by kind of number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Chebyshev fits: of (exp(r) - 1 - r) / r², |r| ≤ ln(2)/2; of (sin(r) - r) / r³ and (cos(r) - 1 + r²/2) / r⁴ in z = r², |r| ≤ π/4;
# of (2 artanh(s) - 2 s) / s³ in z = s², |s| ≤ 0.1733.
_SERIES: dict[str, dict[str, tuple[str, Sequence[float]]]] = {
    "double": {
        "EXP_SERIES": ("r", (
            0.5, 0.16666666666666669, 0.041666666666623824, 0.008333333333330039, 0.0013888888917367081, 0.00019841269863171557,
            2.4801521057868204e-05, 2.7557268276905696e-06, 2.7620201591031547e-07, 2.5100472505694996e-08)),
        "SIN_SERIES": ("z", (
            -0.16666666666666666, 0.0083333333333307, -0.00019841269836385435, 2.7557315910939e-06, -2.5051092308431318e-08,
            1.5915309183057952e-10)),
        "COS_SERIES": ("z", (
            0.041666666666666664, -0.0013888888888887241, 2.480158729853226e-05, -2.7557317151858866e-07, 2.0876121534608454e-09,
            -1.1380868171449914e-11)),
        "LOG_SERIES": ("z", (
            0.666666666666667, 0.39999999999886543, 0.28571428631794477, 0.22222210194440617, 0.1818295695260341,
            0.15329489526681614, 0.14643764652931354)),
    },
    "float": {
        "EXP_SERIES": ("r", (0.5, 0.16666576, 0.041666552, 0.008363233, 0.001392625)),
        "SIN_SERIES": ("z", (-0.16666664, 0.008332725, -0.00019582831)),
        "COS_SERIES": ("z", (0.041666664, -0.0013888279, 2.4542871e-05)),
        "LOG_SERIES": ("z", (0.66666687, 0.39988318, 0.29600796)),
    },
}  # fmt: skip
# Numbers as text: what is in high parts has so few digits that its products with whole numbers are exact.
_NUMBERS: dict[str, dict[str, str]] = {
    "double": {
        "WORD": "uint64_t", "BITS": "52", "BIAS": "1023", "SIGN_BIT": "63", "SIGN": "0x8000000000000000u",
        "SHIFT": "6755399441055744.0", "HALF": "0.5", "LOG2_E": "1.4426950408889634",
        "LN2_HIGH": "0.6931471805598903", "LN2_LOW": "5.497923018708371e-14",
        "EXP_TOP": "710.0", "EXP_LOW": "-746.0", "EXPM1_LOW": "-40.0", "TINY": "1e-300", "TANH_TOP": "40.0",
        "LEAST_NORMAL": "2.2250738585072014e-308", "LARGEST": "1.7976931348623157e308", "LARGE": "18014398509481984.0",
        "ROOT_HALF": "0x3fe6a09e667f3bcdu", "WHOLE": "0x4330000000000000u", "WHOLE_NORMAL": "4503599627371520.0",
        "OFFSET": "1024", "WHOLE_SMALL": "4503599627371574.0", "TWO_OVER_PI": "0.6366197723675814", "FAR": "0x412e848000000000u",
        "PI_2_A": "1.5707963267341256", "PI_2_B": "6.077100506303966e-11", "PI_2_C": "2.0222662487959506e-21", "PI_2_REST": "",
    },
    "float": {
        "WORD": "uint32_t", "BITS": "23", "BIAS": "127", "SIGN_BIT": "31", "SIGN": "0x80000000u",
        "SHIFT": "12582912.0f", "HALF": "0.5f", "LOG2_E": "1.442695f",
        "LN2_HIGH": "0.69314575f", "LN2_LOW": "1.4286068e-06f",
        "EXP_TOP": "89.0f", "EXP_LOW": "-104.0f", "EXPM1_LOW": "-20.0f", "TINY": "1e-30f", "TANH_TOP": "20.0f",
        "LEAST_NORMAL": "1.1754944e-38f", "LARGEST": "3.4028235e38f", "LARGE": "16777216.0f",
        "ROOT_HALF": "0x3f3504f3u", "WHOLE": "0x4b000000u", "OFFSET": "128", "WHOLE_NORMAL": "8388736.0f", "WHOLE_SMALL": "8388760.0f",
        "TWO_OVER_PI": "0.63661975f", "FAR": "0x44c80000u",
        "PI_2_A": "1.5705566f", "PI_2_B": "0.00023967028f", "PI_2_C": "1.5890691e-08f",
        "PI_2_REST": " - n * 2.563344e-12f",
    },
}  # fmt: skip


def constants_of(kind: str) -> Mapping[str, str]:
    """What stands in the place of words in capitals."""
    ending = "f" * (kind == "float")
    return _NUMBERS[kind] | {name: _nested(x, numbers, ending) for name, (x, numbers) in _SERIES[kind].items()}


def _nested(x: str, numbers: Sequence[float], ending: str) -> str:
    """a + x * (b + x * c)"""
    first, *rest = numbers
    digits = f"{first!r}{ending}"
    if not rest:
        return digits
    inner = _nested(x, rest, ending)
    return f"{digits} + {x} * {f'({inner})' if len(rest) > 1 else inner}"
