import pytest

from korob.domain import marking
from korob.domain.words import CodeStatus, CodeSubstatus
from tests.examples import a_cis

GTIN = "04600012345678"
KEY_AND_CODE = "\x1d91EE08\x1d92" + "q7Wn" * 11
EVERY_LENGTH_OF_SERIAL = ["5a+Qx!", "5a+Qx!7", "5a+Qx!78", "5a+Qx!7890abc", "5a+Qx!7890abcdefghij"]


@pytest.mark.parametrize("serial", EVERY_LENGTH_OF_SERIAL)
@pytest.mark.parametrize("tail", ["", "\x1d93dGVz", KEY_AND_CODE, "\x1d2406403" + KEY_AND_CODE])
def test_a_code_with_each_length_of_serial_and_each_tail_is_taken_and_found_good(serial, tail):
    code = f"01{GTIN}21{serial}{tail}"

    assert marking.fault(code) is None
    assert marking.verdict(code) == (CodeStatus.OK, None)


@pytest.mark.parametrize("length", [5, 9, 12, 14, 19, 21])
def test_a_serial_of_another_length_is_not_taken(length):
    assert f"it has {length}" in str(marking.fault(f"01{GTIN}21{'5' * length}\x1d93dGVz"))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("\x1d", "empty"),
        (f"01{GTIN}215a+Qx!\x1d93" + "z" * 256, "longer than 256"),
        (f"01{GTIN}215a+Qx!\\u001d93dGVz", "six characters"),
        (f"01{GTIN}215a+Qx!78\\u001D93dGVz", "six characters"),
        (f"01{GTIN}215a+Qx!\x1d93dG\x00z", "U+0000"),
        (f"01{GTIN}215a+Qx!\x1d93dGVz\n", "U+000A"),
        (f"]d201{GTIN}215a+Qx!\x1d93dGVz", "scanner's prefix"),
        ("010460001234567A215a+Qx!\x1d93dGVz", "GTIN of 14 digits"),
        ("01٠4600012345674215a+Qx!\x1d93dGVz", "GTIN of 14 digits"),
        (f"01{GTIN}5a+Qx!\x1d93dGVz", "21 and the serial"),
        (f"01{GTIN}215a Qx!\x1d93dGVz", "no spaces"),
        (f"01{GTIN}215a+Qx!93dGVz", "separator U+001D lost"),
        (f"01{GTIN}215a+Qx!\x1d92dGVz", "91 or 93"),
        (f"01{GTIN}215a+Qx!\x1d8005112000\x1d93dGVz", "91 or 93"),
        (f"\x1d01{GTIN}215a+Qx!", "neither the form"),
        ("00000046001234Xx1yz2wPriceTail", "GTIN of 14 digits"),
    ],
)
def test_a_code_that_is_not_taken_says_why(code, reason):
    assert reason in str(marking.fault(code))


@pytest.mark.parametrize("serial", EVERY_LENGTH_OF_SERIAL)
def test_behind_a_serial_of_any_length_other_parts_are_no_verification(serial):
    assert marking.fault(f"01{GTIN}21{serial}\x1d17301231") == "91 or 93 must follow the separator"


def test_brackets_around_the_keys_are_taken_and_dropped():
    code = f"(01){GTIN}(21)5a+Qx!\x1d(91)EE08\x1d(92){'q7Wn' * 11}"

    assert marking.fault(code) is None
    assert marking.short_cis(code) == f"01{GTIN}215a+Qx!"
    assert marking.full_cis(code) == f"01{GTIN}215a+Qx!{KEY_AND_CODE}"


def test_a_separator_that_a_scanner_put_in_front_is_dropped():
    code = "\x1d" + a_cis()

    assert marking.fault(code) is None
    assert marking.full_cis(code) == a_cis()


def test_a_code_without_a_tail_has_no_full_form():
    code = a_cis(tail="")

    assert (marking.short_cis(code), marking.full_cis(code)) == (code, None)


def test_of_a_code_in_no_known_form_the_part_before_the_separator_is_shown():
    assert marking.short_cis("01AB\x1d93dGVz") == "01AB"
    assert marking.full_cis("01AB\x1d93dGVz") == "01AB\x1d93dGVz"


@pytest.mark.parametrize("code", ["01046000AB34567421xyz12!", "anything at all", "01٠4", "x" * 256])
def test_a_box_takes_nearly_any_text_as_a_code(code):
    assert marking.gross_fault(code) is None


@pytest.mark.parametrize("code", ["", " ", "\x1d", "x" * 257, "a\tb", "a\x7fb", "a\x85b", "a\\u001d93b"])
def test_a_box_does_not_take_what_is_no_code_at_all(code):
    assert marking.gross_fault(code) is not None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("0104600012345675215a+Qx!\x1d93dGVz", CodeSubstatus.CIS_GTIN_NOT_FOUND),
        ("01046000AB34567421xyz12!\x1d93dGVz", CodeSubstatus.CIS_GTIN_NOT_FOUND),
        (f"01{GTIN}215a#Qx!\x1d93dGVz", CodeSubstatus.INVALID_SYMBOLS_FOUND),
        (f"01{GTIN}215a+Qx!\x1d93d~Vz", CodeSubstatus.INVALID_SYMBOLS_FOUND),
        (f"01{GTIN}215aыQx!\x1d93dGVz", CodeSubstatus.INVALID_SYMBOLS_FOUND),
        (f"01{GTIN}215a+Q\x1d93dGVz", CodeSubstatus.CIS_SERIAL_NUMBER_NOT_FOUND),
        (f"01{GTIN}5a+Qx!\x1d93dGVz", CodeSubstatus.CIS_SERIAL_NUMBER_NOT_FOUND),
        (f"01{GTIN}215a+Qx!\x1d8005112000\x1d93dGVz", CodeSubstatus.UNSUPPORTED_AI_FOUND),
        (f"01{GTIN}215a+Qx!\x1d93dGVz\x1d17301231", CodeSubstatus.UNSUPPORTED_AI_FOUND),
        (f"01{GTIN}215a+Qx!\x1d93dGVzdG", CodeSubstatus.CRYPTO_TAIL_FORMAT_MISMATCH_CIS_TYPE),
        (f"01{GTIN}215a+Qx!\x1d91EE08\x1d92short", CodeSubstatus.CRYPTO_TAIL_FORMAT_MISMATCH_CIS_TYPE),
        (f"01{GTIN}215a+Qx!\x1d91EE08", CodeSubstatus.CRYPTO_TAIL_FORMAT_MISMATCH_CIS_TYPE),
        (f"\x1d01{GTIN}215a+Qx!", CodeSubstatus.CIS_VALIDATION_ERROR),
    ],
)
def test_the_authority_finds_what_is_wrong_with_a_code(code, why):
    assert marking.verdict(code) == (CodeStatus.INVALID, why)


def test_a_weighed_product_may_add_its_weight():
    assert marking.verdict(f"01{GTIN}215a+Qx!\x1d93dGVz\x1d3103000750") == (CodeStatus.OK, None)


@pytest.mark.parametrize("gtin", ["00012345678905", "04600012345678", "10012345678902"])
def test_the_check_digit_is_the_one_printed_on_goods(gtin):
    assert marking.check_digit(gtin) == gtin[13]


def test_nobody_was_given_the_uin_of_zeros():
    assert marking.uin_verdict("4600000000000001") == (CodeStatus.OK, None)
    assert marking.uin_verdict("0" * 16) == (CodeStatus.FAILED, CodeSubstatus.UIN_NO_DATA)
