"""Errors, held to the published contract."""

from korob.api import catalogue

NOT_IN_THE_ENUMERATION = {"UNAUTHORIZED", "METHOD_FAILURE", "METHOD_NOT_ALLOWED", "SERVICE_UNAVAILABLE"}
"""Codes of answers that the contract's own enumeration leaves out."""
OUR_OWN_API = {catalogue.OPERATOR, catalogue.SANDBOX, f"{catalogue.OPERATOR}, {catalogue.SANDBOX}"}


def test_codes_are_those_of_the_api(contract):
    known = {*contract.document["components"]["schemas"]["ApiErrorCodeType"]["enum"], *NOT_IN_THE_ENUMERATION}

    assert {entry.code for entry in catalogue.entries() if entry.where not in OUR_OWN_API} <= known
