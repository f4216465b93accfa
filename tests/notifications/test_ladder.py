"""The ladder: each minute for an hour, each quarter of an hour for a day, each hour for two weeks, then no more."""

from datetime import datetime, timedelta
from itertools import groupby, pairwise


async def test_after_fourteen_days_of_silence_a_subscription_is_switched_off(
    operator, subscribe, place, receiver, advance, inbox, attempts
):
    subscription = await subscribe()
    path = f"/operator/v1/businesses/{subscription['businessId']}/subscriptions/{subscription['id']}"
    await receiver.stop()
    await place()

    await advance("P14D")

    log = (await attempts(subscription))[1:]
    assert [one["attempts"] for one in await inbox()] == [465]
    assert (await operator.get(path)).json()["state"] == "SWITCHED_OFF"
    (delivery,) = (await operator.get(f"{path}/deliveries")).json()["deliveries"]
    assert (delivery["state"], delivery["attempts"]) == ("DROPPED", 465)
    moments = [datetime.fromisoformat(one["at"]) for one in log]
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert [(wait, len(list(same))) for wait, same in groupby(waits)] == [
        (timedelta(minutes=1), 60),
        (timedelta(minutes=15), 92),
        (timedelta(hours=1), 312),
    ]
    assert {one["error"]["subtype"] for one in log} == {"CONNECTION_REFUSED"}
