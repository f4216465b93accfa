"""The shape of a token, and what is said of a wrong one."""

import pytest

from korob.domain import api_key

TOKEN = api_key.token_of("korob7" + "Aa0" * 11 + "z")


def test_a_token_is_a_prefix_forty_letters_and_digits_and_eight_hex_digits():
    prefix, secret, checksum = TOKEN.split(":")

    assert (prefix, len(secret), len(checksum)) == ("ACMA", 40, 8)
    assert api_key.fault(TOKEN) is None


@pytest.mark.parametrize(
    ("token", "fault"),
    [
        ("", "Api-Key token is not specified"),
        (TOKEN.replace("ACMA", "ACMB"), "Api-Key token prefix invalid"),
        ("acma" + TOKEN[4:], "Api-Key token prefix invalid"),
        ("ACMA", "Api-Key token prefix invalid"),
        (TOKEN + "0", "Api-Key token length invalid"),
        (TOKEN[:-1], "Api-Key token length invalid"),
        ("ACMA:", "Api-Key token length invalid"),
        (TOKEN[:-1] + "g", "Api-Key token format invalid"),
        (TOKEN[:10] + "-" + TOKEN[11:], "Api-Key token format invalid"),
        (TOKEN[:45] + "a" + TOKEN[46:], "Api-Key token format invalid"),
        (TOKEN[:10] + "я" + TOKEN[11:], "Api-Key token format invalid"),
    ],
)
def test_a_token_of_a_wrong_shape_is_told_what_is_wrong(token, fault):
    assert api_key.fault(token) == fault


def test_a_token_with_one_letter_changed_was_never_issued():
    changed = TOKEN[:20] + ("b" if TOKEN[20] != "b" else "c") + TOKEN[21:]

    assert api_key.is_ours(TOKEN)
    assert api_key.fault(changed) is None
    assert not api_key.is_ours(changed)
