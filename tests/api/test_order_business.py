"""Companies that buy, and their papers: as sellers' programs ask."""

import pytest

from tests.world import errors_of

COMPANY = {
    "inn": "7700000016",
    "organizationName": "Ромашка",
    "kpp": "770001001",
    "legalAddress": "125000, Москва, улица Правды, 1",
}
BUSINESS = {"buyer": {"company": COMPANY}}
NOT_READY = {"status": "NOT_READY"}


async def company(world, order):
    return await world.seller("POST", world.path(order, "/business-buyer"))


async def papers(world, order):
    return await world.seller("POST", world.path(order, "/documents"))


@pytest.mark.parametrize("model", ["DBS", "FBS", "EXPRESS", "FBY"])
async def test_a_company_is_named(world, model):
    order = await world.place(model, **BUSINESS)

    answer = await company(world, order)

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "OK",
            "result": {
                "inn": "7700000016",
                "kpp": "770001001",
                "organizationName": "Ромашка",
                "organizationJurAddress": "125000, Москва, улица Правды, 1",
            },
        },
    )
    assert order["buyer"]["type"] == "BUSINESS"


async def test_who_pays_by_a_companys_account_is_a_company(world):
    order = await world.place(paymentMethod="B2B_ACCOUNT_POSTPAYMENT")

    named = (await company(world, order)).json()["result"]

    assert set(named) == {"inn", "kpp", "organizationName", "organizationJurAddress"}


@pytest.mark.parametrize("ask", [company, papers])
async def test_a_person_is_no_company(world, ask):
    answer = await ask(world, await world.place())

    assert (answer.status_code, errors_of(answer)) == (400, [("BAD_REQUEST", "Not a business buyer.")])


async def test_a_company_that_has_not_paid_is_not_named(world):
    order = await world.place(paymentType="PREPAID", **BUSINESS)

    answer = await company(world, order)

    assert order["status"] == "UNPAID"
    assert (answer.status_code, errors_of(answer)) == (
        400,
        [
            (
                "INVALID_ORDER_STATUS",
                "Order is in the wrong status, it’s only possible starting from the status PROCESSING.",
            )
        ],
    )


async def test_papers_are_ready_when_the_company_has_the_goods(world):
    order = await world.place(**BUSINESS)
    before = (await papers(world, order)).json()
    await world.move(order, "DELIVERY")
    await world.clock(advance="P2D")
    await world.move(order, "DELIVERED")

    after = (await papers(world, order)).json()["result"]

    assert before == {
        "status": "OK",
        "result": dict.fromkeys(("upd", "ukd", "torgTwelve", "sf", "ksf"), NOT_READY),
    }
    assert after == {
        "upd": {"status": "READY", "number": f"{order['id']}-U", "date": "2026-03-04"},
        "ukd": NOT_READY,
        "torgTwelve": {"status": "READY", "number": f"{order['id']}-T", "date": "2026-03-04"},
        "sf": {"status": "READY", "number": f"{order['id']}-S", "date": "2026-03-04"},
        "ksf": NOT_READY,
    }


async def test_what_comes_back_is_corrected(world):
    order = await world.place(**BUSINESS)
    for status in ("DELIVERY", "DELIVERED"):
        await world.move(order, status)
    await world.clock(advance="P1D")
    (await world.act(order, "MARKET", "RETURN_PART")).raise_for_status()

    result = (await papers(world, order)).json()["result"]

    assert result["upd"]["date"] == "2026-03-02"
    assert result["ukd"] == {"status": "READY", "number": f"{order['id']}-UK", "date": "2026-03-03"}
    assert result["ksf"] == {"status": "READY", "number": f"{order['id']}-SK", "date": "2026-03-03"}


@pytest.mark.parametrize("ask", [company, papers])
async def test_an_unknown_order_is_nobodys(world, ask):
    answer = await ask(world, await world.place(**BUSINESS) | {"id": 404})

    assert answer.status_code == 404
    assert errors_of(answer) == [("NOT_FOUND", f"Order not found: partnerId = {world.campaigns['DBS']}, orderId = 404")]
