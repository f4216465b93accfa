"""Businesses, campaigns and the making of keys."""

import asyncio

import pytest

from korob.domain.api_key import BadKeyName, KeyNameTaken, NoScopes, TooManyKeys, UnknownScope, fault, is_ours
from korob.domain.campaign import Scope
from korob.domain.words import ApiAvailability, Model
from korob.store import campaigns
from korob.store.campaigns import BusinessNotFound, CampaignNotFound, KeyNotFound

ORDERS = (Scope.INVENTORY_AND_ORDER_PROCESSING,)


async def test_a_business_gets_campaigns_in_several_models(database):
    business_id = await campaigns.create_business(database, "Лавка")

    by_courier = await campaigns.create_campaign(database, business_id, "Курьером", Model.DBS)
    by_market = await campaigns.create_campaign(database, business_id, "Маркетом", Model.FBS)

    assert await campaigns.campaigns_of(database, business_id) == (by_courier, by_market)
    assert (by_market.business_name, by_market.model) == ("Лавка", Model.FBS)
    assert by_market.warehouse_id != by_courier.warehouse_id


async def test_a_campaign_of_nobody_is_refused(database):
    with pytest.raises(BusinessNotFound, match="Business not found 404"):
        await campaigns.create_campaign(database, 404, "Ничья", Model.DBS)


async def test_the_ids_of_a_new_business_have_more_than_nine_digits(database):
    business_id = await campaigns.create_business(database, "Лавка")

    async with database.connection() as connection:
        first = await connection.fetchval("SELECT next FROM ids WHERE business_id = $1", business_id)

    assert first > 10**9


async def test_a_campaign_s_api_is_switched_off_by_its_own_business_only(database):
    ours = await campaigns.create_business(database, "Наша")
    theirs = await campaigns.create_business(database, "Чужая")
    campaign = await campaigns.create_campaign(database, ours, "Лавка", Model.DBS)

    with pytest.raises(CampaignNotFound):
        await campaigns.edit_campaign(database, theirs, campaign.id, availability=ApiAvailability.MANUALLY_DISABLED)
    (untouched,) = await campaigns.campaigns_of(database, ours)
    await campaigns.edit_campaign(database, ours, campaign.id, availability=ApiAvailability.MANUALLY_DISABLED)
    (switched_off,) = await campaigns.campaigns_of(database, ours)

    assert untouched.availability is ApiAvailability.AVAILABLE
    assert switched_off.availability is ApiAvailability.MANUALLY_DISABLED


async def test_a_token_is_shown_once_and_only_its_beginning_stays(database):
    business_id = await campaigns.create_business(database, "Лавка")

    made = await campaigns.create_key(database, business_id, "Касса", ORDERS)

    (on_file,) = await campaigns.keys_of(database, business_id)
    assert fault(made.token) is None
    assert is_ours(made.token)
    assert (on_file.id, on_file.name, on_file.scopes) == (made.id, "Касса", ORDERS)
    assert on_file.prefix == made.token[:9]
    async with database.connection() as connection:
        row = await connection.fetchval("SELECT api_keys::text FROM api_keys WHERE business_id = $1", business_id)
    assert made.token[9:] not in row


@pytest.mark.parametrize(
    ("name", "scopes", "refusal"),
    [
        ("", ORDERS, BadKeyName),
        ("к" * 101, ORDERS, BadKeyName),
        ("Касса", (), NoScopes),
        ("Касса", ("everything",), UnknownScope),
    ],
)
async def test_a_key_needs_a_name_and_scopes_that_exist(database, name, scopes, refusal):
    business_id = await campaigns.create_business(database, "Лавка")

    with pytest.raises(refusal):
        await campaigns.create_key(database, business_id, name, scopes)

    assert await campaigns.keys_of(database, business_id) == ()


async def test_two_live_keys_of_a_business_never_share_a_name(database):
    business_id = await campaigns.create_business(database, "Лавка")
    other_business_id = await campaigns.create_business(database, "Другая")
    first = await campaigns.create_key(database, business_id, "Касса", ORDERS)
    await campaigns.create_key(database, other_business_id, "Касса", ORDERS)

    with pytest.raises(KeyNameTaken, match="named Касса"):
        await campaigns.create_key(database, business_id, "Касса", ORDERS)
    await campaigns.revoke_key(database, business_id, first.id)
    second = await campaigns.create_key(database, business_id, "Касса", ORDERS)

    assert [key.id for key in await campaigns.keys_of(database, business_id)] == [first.id, second.id]


async def test_of_forty_keys_made_at_once_thirty_come_to_be(database):
    business_id = await campaigns.create_business(database, "Лавка")

    outcomes = await asyncio.gather(
        *(campaigns.create_key(database, business_id, f"Касса {n}", ORDERS) for n in range(40)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, TooManyKeys) for outcome in outcomes) == 10
    assert len(await campaigns.keys_of(database, business_id)) == 30


async def test_a_revoked_key_makes_room_for_another_and_oauth_tokens_take_none(database):
    business_id = await campaigns.create_business(database, "Лавка")
    keys = [await campaigns.create_key(database, business_id, f"Касса {n}", ORDERS) for n in range(30)]

    token = await campaigns.create_key(database, business_id, "Старый", oauth=True)
    await campaigns.revoke_key(database, business_id, keys[7].id)
    await campaigns.create_key(database, business_id, "Новая", ORDERS)

    assert token.token.startswith("y0_")
    with pytest.raises(KeyNotFound):
        await campaigns.revoke_key(database, business_id, keys[7].id)


async def test_a_key_is_edited_by_its_own_business_only(database):
    ours = await campaigns.create_business(database, "Наша")
    theirs = await campaigns.create_business(database, "Чужая")
    key = await campaigns.create_key(database, ours, "Касса", ORDERS)

    with pytest.raises(KeyNotFound):
        await campaigns.edit_key(database, theirs, key.id, name="Взлом", scopes=("all-methods",))
    (untouched,) = await campaigns.keys_of(database, ours)
    await campaigns.edit_key(database, ours, key.id, name="Цены", scopes=("pricing",))
    (edited,) = await campaigns.keys_of(database, ours)

    assert untouched.name == "Касса"
    assert (edited.name, edited.scopes) == ("Цены", (Scope.PRICING,))
