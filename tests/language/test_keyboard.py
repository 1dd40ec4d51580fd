import pytest

from bot.language.keyboard import slip, touching


def test_keys_touch_both_ways() -> None:
    near = touching()
    assert set(near["s"]) == set("awedxz")
    assert all(key in near[other] for key, others in near.items() for other in others)


@pytest.mark.parametrize(
    ("usual", "unusual"),
    [
        (("wizyta", "wizytta"), ("wizyta", "wizykta")),  # doubled / any letter more
        (("wizyta", "wixyta"), ("wizyta", "wimyta")),  # beside the key / far from it
        (("wizyta", "wiyta"), ("wizyta", "izyta")),  # lost inside / at the beginning
        (("wizyta", "wziyta"), ("wizyta", "qizyta")),  # swapped / the first letter wrong
        (("skora", "skura"), ("skora", "skara")),  # by ear / not
    ],
)
def test_some_slips_are_more_usual_than_others(usual: tuple[str, str], unusual: tuple[str, str]) -> None:
    assert slip(*usual) > slip(*unusual)
