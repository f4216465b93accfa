"""From rows to campaigns, and to what holds for all of a world's."""

from typing import Any, Final

import msgspec

from korob.domain.authority import OWN, Authority, Rule
from korob.domain.campaign import Campaign
from korob.domain.words import ApiAvailability, Model


def campaign(row: Any) -> Campaign:
    """The campaign in a row of its table, with the name of its business."""
    return Campaign(
        id=row["id"],
        business_id=row["business_id"],
        business_name=row["business_name"],
        name=row["name"],
        model=Model(row["model"]),
        availability=ApiAvailability(row["availability"]),
        warehouse_id=row["warehouse_id"],
        cis_gate=row["cis_gate"],
    )


def authority(rules: bytes | None) -> Authority:
    """Who checks the codes of a world that has these rules, or none."""
    return Authority(_RULES.decode(rules)) if rules else OWN


_RULES: Final = msgspec.json.Decoder(tuple[Rule, ...])
