"""How campaigns and businesses are set up, and which services deliver."""

from korob.store import campaigns
from tests.world import OPERATOR

MODELS = ("DBS", "FBS", "EXPRESS", "FBY", "LAAS")


async def test_a_campaign_is_at_home_in_moscow_and_delivers_every_day(world):
    for model in MODELS:
        answer = await world.seller("GET", f"/v2/campaigns/{world.campaigns[model]}/settings")

        assert (answer.status_code, answer.json()) == (
            200,
            {
                "settings": {
                    "taxation": {"vat": "VAT_22"},
                    "countryRegion": 225,
                    "shopName": model,
                    "localRegion": {
                        "id": 213,
                        "name": "Москва",
                        "type": "CITY",
                        "deliveryOptionsSource": "WEB",
                        "delivery": {
                            "schedule": {
                                "customHolidays": [],
                                "customWorkingDays": [],
                                "totalHolidays": [],
                                "weeklyHolidays": [],
                                "availableOnHolidays": True,
                                "period": {"fromDate": "02-03-2026", "toDate": "31-03-2026"},
                            }
                        },
                    },
                }
            },
        )


async def test_a_switched_off_campaign_does_not_even_tell_its_settings(world):
    path = f"/campaigns/{world.campaigns['DBS']}"
    await world.operator("PATCH", path, {"apiAvailability": "MANUALLY_DISABLED"})

    answer = await world.seller("GET", f"/v2{path}/settings")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "API_DISABLED")
    assert (await world.seller("GET", f"/v2{path}")).status_code == 200


async def test_a_business_tells_its_name_its_currency_and_its_plan(world):
    answer = await world.seller("POST", f"/v2/businesses/{world.id}/settings")

    name = answer.json()["result"]["info"]["name"]
    assert name.startswith("World ")
    assert answer.json() == {
        "status": "OK",
        "result": {
            "info": {"id": world.id, "name": name},
            "settings": {"onlyDefaultPrice": False, "currency": "RUR"},
            "subscriptionLevel": "NONE",
        },
    }


async def test_a_seller_of_yandex_go_has_soums_and_no_rate_of_vat(http, shared_database):
    headers = {"Authorization": f"Bearer {OPERATOR}"}

    async def operator(path, body):
        return (await http.post(f"/operator/v1{path}", json=body, headers=headers)).raise_for_status().json()

    business = await operator("/businesses", {"name": "Bozor", "yandexGo": True})
    campaign = await operator(f"/businesses/{business['id']}/campaigns", {"name": "Bozor", "placementType": "FBS"})
    key = await campaigns.create_key(shared_database, business["id"], "Key", ["all-methods"])

    told = (await http.post(f"/v2/businesses/{business['id']}/settings", headers={"Api-Key": key.token})).json()
    settings = (await http.get(f"/v2/campaigns/{campaign['id']}/settings", headers={"Api-Key": key.token})).json()
    warehouses = await http.post(f"/v2/businesses/{business['id']}/warehouses", headers={"Api-Key": key.token})

    assert told["result"]["traits"] == ["MARKET_YANDEX_GO"]
    assert told["result"]["settings"]["currency"] == "UZS"
    assert settings["settings"]["taxation"] == {}
    assert warehouses.json()["result"]["warehouses"] == [
        {"id": campaign["warehouseId"], "name": "Bozor", "campaignId": campaign["id"], "express": False}
    ]


async def test_the_delivery_services_are_those_that_orders_name(world):
    answer = await world.seller("GET", "/v2/delivery/services")

    services = {service["id"]: service["name"] for service in answer.json()["result"]["deliveryService"]}
    order = await world.place("FBS")
    own = await world.place("DBS")
    for placed in (order, own):
        delivery = placed["delivery"]
        assert services[delivery["deliveryServiceId"]] == delivery["serviceName"]
    assert answer.json().keys() == {"result"}
