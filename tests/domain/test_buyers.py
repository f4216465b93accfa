"""What sellers are told of buyers."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from korob.domain import buyers
from korob.domain.buyers import NotABusiness, NotAtWork, NotConfirmed, Paper, Papers
from korob.domain.order import Buyer, Order
from korob.domain.words import BuyerType, Status, Substatus
from tests.examples import a_business_buyer, a_delivery, an_order

AT_WORK = [Status.PROCESSING, Status.DELIVERY, Status.PICKUP]
EVENING_IN_UTC = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", AT_WORK)
def test_a_buyer_can_be_called_while_the_seller_works_on_the_order(status: Status) -> None:
    order = an_order(status)

    assert buyers.to_call(order) == order.buyer


@pytest.mark.parametrize("status", [Status.UNPAID, Status.PENDING, Status.DELIVERED, Status.CANCELLED])
def test_before_and_after_that_nobody_is_called(status: Status) -> None:
    with pytest.raises(NotAtWork) as no:
        buyers.to_call(an_order(status))

    assert str(no.value) == f"Order is not in shop-processing status (actual: {status})."


@pytest.mark.parametrize("status", [*AT_WORK, Status.DELIVERED])
def test_a_company_is_named_from_processing_on(status: Status) -> None:
    assert buyers.company(an_order(status, buyer=a_business_buyer())).organization_name == "Ромашка"


@pytest.mark.parametrize("status", [Status.RESERVED, Status.UNPAID, Status.PENDING, Status.CANCELLED])
def test_a_company_is_not_named_before_nor_when_cancelled(status: Status) -> None:
    with pytest.raises(NotConfirmed):
        buyers.company(an_order(status, buyer=a_business_buyer()))


@pytest.mark.parametrize("asked", [buyers.company, buyers.papers])
@pytest.mark.parametrize("status", [Status.UNPAID, Status.PROCESSING, Status.DELIVERED])
@pytest.mark.parametrize("buyer", [Buyer(), Buyer(type=BuyerType.BUSINESS)])
def test_a_person_is_no_company(asked: Callable[[Order], object], status: Status, buyer: Buyer) -> None:
    with pytest.raises(NotABusiness) as no:
        asked(an_order(status, buyer=buyer))

    assert str(no.value) == "Not a business buyer."


@pytest.mark.parametrize("status", [Status.PROCESSING, Status.DELIVERY, Status.CANCELLED])
def test_there_are_no_papers_before_the_company_has_the_goods(status: Status) -> None:
    assert buyers.papers(an_order(status, buyer=a_business_buyer())) == Papers()


def test_papers_of_a_transfer_are_of_the_day_the_goods_were_received() -> None:
    received = a_delivery(real_on=date(2026, 3, 6))
    order = an_order(Status.DELIVERED, buyer=a_business_buyer(), delivery=received, since=EVENING_IN_UTC)

    papers = buyers.papers(order)

    assert papers.upd == Paper("50000000001-U", date(2026, 3, 6))
    assert (papers.torg_twelve, papers.sf) == (
        Paper("50000000001-T", date(2026, 3, 6)),
        Paper("50000000001-S", date(2026, 3, 6)),
    )
    assert (papers.ukd, papers.ksf) == (None, None)


@pytest.mark.parametrize("status", [Status.PARTIALLY_RETURNED, Status.RETURNED])
def test_what_came_back_is_corrected_on_the_moscow_day_it_did(status: Status) -> None:
    received = a_delivery(real_on=date(2026, 3, 6))
    order = an_order(
        status,
        Substatus.DELIVERY_SERVICE_DELIVERED,
        buyer=a_business_buyer(),
        delivery=received,
        since=EVENING_IN_UTC,
    )

    papers = buyers.papers(order)

    assert papers.upd == Paper("50000000001-U", date(2026, 3, 6))
    assert (papers.ukd, papers.ksf) == (
        Paper("50000000001-UK", date(2026, 3, 10)),
        Paper("50000000001-SK", date(2026, 3, 10)),
    )
