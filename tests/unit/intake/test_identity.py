"""NIK, KK number, RT and RW, tracking code: each rule by name. All numbers are made up."""

from __future__ import annotations

import secrets
from datetime import date
from random import Random

import pytest

from intake.domain.identity import (
    PROVINCES,
    TRACKING_ALPHABET,
    IdentityError,
    Sex,
    kk_warnings,
    mask,
    new_tracking_code,
    nik_warnings,
    normalise_rt,
    normalise_rw,
    normalise_tracking_code,
    parse_kk_number,
    parse_nik,
)

TODAY = date(2026, 11, 25)


def nik_code(text: str) -> str:
    with pytest.raises(IdentityError) as caught:
        parse_nik(text, today=TODAY)
    assert not text or str(text) not in f"{caught.value!r}{caught.value.__cause__!r}"
    return caught.value.code


def test_a_womans_day_is_forty_more() -> None:
    nik = parse_nik("1671114705950003", today=TODAY)
    assert (nik.region, nik.birth_date, nik.sex, nik.serial) == (
        "167111",
        date(1995, 5, 7),
        Sex.FEMALE,
        "0003",
    )


def test_a_mans_day_is_his_own() -> None:
    nik = parse_nik("1671101708050001", today=TODAY)
    assert (nik.birth_date, nik.sex) == (date(2005, 8, 17), Sex.MALE)


@pytest.mark.parametrize(
    ("number", "birth_date"),
    [
        ("1671102511260001", date(2026, 11, 25)),  # born today
        ("1671102611260001", date(1926, 11, 26)),  # tomorrow is a century ago
        ("1671103112260001", date(1926, 12, 31)),
        ("1671102902000001", date(2000, 2, 29)),
        ("1671102902960001", date(1996, 2, 29)),
    ],
)
def test_the_century_is_the_latest_that_is_not_in_the_future(number: str, birth_date: date) -> None:
    assert parse_nik(number, today=TODAY).birth_date == birth_date


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("167111470595000", "nik-sixteen-digits"),
        ("16711147059500031", "nik-sixteen-digits"),
        ("1671 1147 0595 0003", "nik-sixteen-digits"),
        ("1671114705950003\n", "nik-sixteen-digits"),
        ("", "nik-sixteen-digits"),
        ("١٦٧١١١٤٧٠٥٩٥٠٠٠٣", "nik-sixteen-digits"),  # Arabic-Indic digits
        ("１６７１１１４７０５９５０００３", "nik-sixteen-digits"),  # full-width digits
        ("1671110005950003", "nik-day"),
        ("1671113205950003", "nik-day"),
        ("1671114005950003", "nik-day"),
        ("1671117205950003", "nik-day"),
        ("1671118105950003", "nik-day"),
        ("1671119905950003", "nik-day"),
        ("1671110700950003", "nik-month"),
        ("1671110713950003", "nik-month"),
        ("1671113002950003", "nik-date"),
        ("1671117002950003", "nik-date"),
        ("1671112902950003", "nik-date"),  # 1995 was no leap year
        ("1671114705950000", "nik-serial"),
        ("0071114705950003", "nik-province"),
        ("5471114705950003", "nik-province"),
        ("9771114705950003", "nik-province"),
    ],
)
def test_hard_rules_refuse_with_a_code_and_without_the_number(number: str, code: str) -> None:
    assert nik_code(number) == code


@pytest.mark.parametrize(("day", "sex"), [("31", Sex.MALE), ("41", Sex.FEMALE), ("71", Sex.FEMALE)])
def test_the_edges_of_the_days_are_allowed(day: str, sex: Sex) -> None:
    assert parse_nik(f"167110{day}01950001", today=TODAY).sex is sex


def test_a_number_that_came_as_json_number_is_refused() -> None:
    assert nik_code(1671114705950003) == "nik-not-text"  # type: ignore[arg-type]


@pytest.mark.parametrize("province", ["91", "92", "93", "94", "95", "96"])
def test_all_provinces_of_papua_are_known(province: str) -> None:
    assert parse_nik(f"{province}01011708050001", today=TODAY).region == f"{province}0101"


def test_there_are_thirty_eight_provinces() -> None:
    assert len(PROVINCES) == 38


def test_a_nik_that_agrees_has_no_warning() -> None:
    nik = parse_nik("1671104705550003", today=TODAY)
    assert nik_warnings(nik, date(1955, 5, 7), Sex.FEMALE, "1671") == ()
    assert nik_warnings(nik) == ()


def test_another_birth_date_or_sex_is_a_warning_and_no_error() -> None:
    nik = parse_nik("1671104705550003", today=TODAY)
    found = nik_warnings(nik, date(1955, 7, 5), Sex.MALE)
    assert found == ("nik-birth-date-differs", "nik-sex-differs")


def test_who_is_past_one_hundred_has_no_warning_for_the_century() -> None:
    nik = parse_nik("1671104705250003", today=TODAY)
    assert nik.birth_date == date(2025, 5, 7)
    assert nik_warnings(nik, date(1925, 5, 7), Sex.FEMALE) == ()


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("167118", ()),
        ("167119", ("nik-region-unknown",)),
        ("167100", ("nik-region-unknown",)),
        ("160001", ("nik-region-unknown", "nik-region-elsewhere")),
        ("166001", ("nik-region-unknown", "nik-region-elsewhere")),
        ("160900", ("nik-region-unknown", "nik-region-elsewhere")),
        ("160901", ("nik-region-elsewhere",)),
        ("317101", ("nik-region-elsewhere",)),
    ],
)
def test_an_unknown_or_distant_region_is_a_warning_and_no_error(region: str, expected: tuple[str, ...]) -> None:
    nik = parse_nik(f"{region}1708050001", today=TODAY)
    assert nik_warnings(nik, home_region="1671") == expected


def test_a_kk_number_has_a_recording_date_without_plus_forty() -> None:
    kk = parse_kk_number("1671101402190004", today=TODAY)
    assert (kk.region, kk.recorded_on, kk.serial) == ("167110", date(2019, 2, 14), "0004")
    assert kk_warnings(kk) == ()


def test_a_kk_date_that_cannot_be_is_a_warning_and_no_error() -> None:
    kk = parse_kk_number("1671105402190004", today=TODAY)
    assert kk.recorded_on is None
    assert kk_warnings(kk) == ("kk-date-unreadable",)


def test_a_nik_written_as_kk_number_is_a_warning() -> None:
    number = "1671101708050001"
    kk, nik = parse_kk_number(number, today=TODAY), parse_nik(number, today=TODAY)
    assert kk_warnings(kk, nik) == ("kk-equals-nik",)


def test_a_kk_serial_of_zeros_is_a_warning() -> None:
    assert kk_warnings(parse_kk_number("1671101402190000", today=TODAY)) == ("kk-serial-zero",)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("167110140219000", "kk-sixteen-digits"),
        ("١٦٧١١١٤٧٠٥٩٥٠٠٠٣", "kk-sixteen-digits"),
        ("0000000000000000", "kk-province"),
        (1671101402190004, "kk-not-text"),
    ],
)
def test_hard_rules_of_the_kk_number(number: str, code: str) -> None:
    with pytest.raises(IdentityError) as caught:
        parse_kk_number(number, today=TODAY)
    assert caught.value.code == code


def test_mask_shows_the_last_four_only() -> None:
    assert mask("1671114705950003") == "************0003"


@pytest.mark.parametrize("short", ["", "1", "0003", "1234567"])
def test_mask_shows_nothing_of_what_is_short(short: str) -> None:
    assert mask(short) == "*" * len(short)


def test_the_repr_of_a_nik_or_kk_shows_no_more_than_the_last_four() -> None:
    assert repr(parse_nik("1671114705950003", today=TODAY)) == "Nik(serial='0003')"
    assert repr(parse_kk_number("1671101402190004", today=TODAY)) == "KkNumber(serial='0004')"


@pytest.mark.parametrize("text", ["23", "023", "RT.23", "RT 23", "rt 023", "RT023", "RT. 23", " 23 ", "RT-23"])
def test_rt_is_three_digits_however_it_is_written(text: str) -> None:
    assert normalise_rt(text) == "023"


@pytest.mark.parametrize("text", ["5", "005", "RW.5", "RW 005", "rw05"])
def test_rw_is_three_digits_however_it_is_written(text: str) -> None:
    assert normalise_rw(text) == "005"


@pytest.mark.parametrize("text", ["", "RT", "0", "000", "1000", "RW 5", "23a", "-", "٢٣", "23/5", "RT 2 3"])
def test_what_is_no_rt_is_refused(text: str) -> None:
    with pytest.raises(IdentityError) as caught:
        normalise_rt(text)
    assert caught.value.code == "rt-number"


def test_an_rt_is_no_rw() -> None:
    with pytest.raises(IdentityError, match="rw-number"):
        normalise_rw("RT 5")


# Tracking codes.

CODES = [new_tracking_code(Random(seed).getrandbits) for seed in range(200)]


def symbols_of(code: str) -> str:
    return code.removeprefix("PGT-").replace("-", "")


def test_a_new_code_is_ten_symbols_in_two_groups_behind_the_prefix() -> None:
    prefix, first, second = new_tracking_code(secrets.randbits).split("-")
    assert (prefix, len(first), len(second)) == ("PGT", 5, 5)
    assert set(first + second) <= set(TRACKING_ALPHABET)


def test_the_alphabet_has_no_vowels_and_nothing_that_is_read_as_another() -> None:
    assert not set(TRACKING_ALPHABET) & set("AEIOULS")
    assert len(set(TRACKING_ALPHABET)) == 29


def test_codes_are_different_and_each_is_its_own_normal_form() -> None:
    assert len(set(CODES)) == len(CODES)
    assert [normalise_tracking_code(code) for code in CODES] == CODES


def test_all_bits_zero_or_one_still_make_a_code() -> None:
    assert normalise_tracking_code(new_tracking_code(lambda bits: 0)) == "PGT-00000-00000"
    highest = new_tracking_code(lambda bits: 2**bits - 1)
    assert normalise_tracking_code(highest) == highest


def test_symbols_that_happen_to_spell_the_prefix_are_not_taken_for_it() -> None:
    p, g, t = (TRACKING_ALPHABET.index(symbol) for symbol in "PGT")
    code = new_tracking_code(lambda bits: p + 29 * g + 29**2 * t)
    assert code.startswith("PGT-PGT")
    assert normalise_tracking_code(symbols_of(code)) == normalise_tracking_code(code) == code


@pytest.mark.parametrize("code", CODES[:20])
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    bare = symbols_of(code)
    spellings = [
        code.lower(),
        bare,
        f" {bare[:3]} {bare[3:6]} {bare[6:]} \n",
        code.replace("-", "\u2013"),
        code.replace("-", "\u00a0"),
        "\u200e" + code,
        code.replace("0", "O").replace("1", "I"),
        code.replace("0", "o").replace("1", "l"),
        code[:4] + code[4:].replace("5", "S").replace("V", "u"),
    ]
    assert [normalise_tracking_code(spelling) for spelling in spellings] == [code] * len(spellings)


@pytest.mark.parametrize("code", CODES[:20])
def test_every_single_slip_is_caught(code: str) -> None:
    bare = symbols_of(code)
    for place, symbol in enumerate(bare):
        for other in set(TRACKING_ALPHABET) - {symbol}:
            with pytest.raises(IdentityError, match="tracking-code-check"):
                normalise_tracking_code(bare[:place] + other + bare[place + 1 :])


@pytest.mark.parametrize("code", CODES[:20])
def test_every_swap_of_two_symbols_is_caught(code: str) -> None:
    bare = symbols_of(code)
    for i in range(10):
        for j in range(i + 1, 10):
            swapped = list(bare)
            swapped[i], swapped[j] = bare[j], bare[i]
            if bare[i] != bare[j]:
                with pytest.raises(IdentityError, match="tracking-code-check"):
                    normalise_tracking_code("".join(swapped))


@pytest.mark.parametrize(
    "text", ["", "PGT", "PGT-", "PGT-00000-0000", "PGT-00000-000000", "0" * 9, "A" * 10, "0" * 65, "٠" * 10]
)
def test_what_has_not_the_shape_of_a_code_is_refused(text: str) -> None:
    with pytest.raises(IdentityError, match="tracking-code-shape"):
        normalise_tracking_code(text)
