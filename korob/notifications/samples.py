"""Notifications of every documented type, made up: what a handler has to understand (spec: notifications, 6)."""

from datetime import UTC, datetime
from typing import Any, Final

from korob.domain.notification import NotificationType

ORDER_ID: Final = 41_000_000_017
CAMPAIGN_ID: Final = 20_000_123
BUSINESS_ID: Final = 1_000_123

_ITEMS: Final = [{"offerId": "MUG-BLUE", "count": 2}]
_ORDER: Final = {"orderId": ORDER_ID, "campaignId": CAMPAIGN_ID}
_RETURN: Final = {**_ORDER, "returnId": 300_017}
_BUSINESS: Final = {"businessId": BUSINESS_ID}
_CHAT: Final = {**_BUSINESS, "chatId": 70_017}

_FIELDS: Final[dict[NotificationType, tuple[dict[str, Any], tuple[str, ...]]]] = {
    NotificationType.PING: ({}, ("time",)),
    NotificationType.ORDER_CREATED: ({**_ORDER, "items": _ITEMS}, ("createdAt",)),
    NotificationType.ORDER_UPDATED: ({**_ORDER, "updateType": "DELIVERY_DATE_UPDATED"}, ("updatedAt",)),
    NotificationType.ORDER_STATUS_UPDATED: (
        {**_ORDER, "status": "PROCESSING", "substatus": "STARTED"},
        ("updatedAt",),
    ),
    NotificationType.ORDER_CANCELLED: ({**_ORDER, "items": _ITEMS}, ("cancelledAt",)),
    NotificationType.ORDER_CANCELLATION_REQUEST: (_ORDER, ("requestedAt",)),
    NotificationType.ORDER_RETURN_CREATED: ({**_RETURN, "returnType": "RETURN", "items": _ITEMS}, ("createdAt",)),
    NotificationType.ORDER_RETURN_STATUS_UPDATED: (
        {**_RETURN, "statuses": {"shipmentStatus": "READY_FOR_PICKUP"}},
        ("updatedAt",),
    ),
    NotificationType.ORDER_LINE_SERVICE_STATUS_UPDATED: (
        {
            **_ORDER,
            "itemId": 51_017,
            "serviceArticle": "ASSEMBLY",
            "statuses": [{"status": "CREATED", "count": 1}],
        },
        ("updatedAt",),
    ),
    NotificationType.GOODS_FEEDBACK_CREATED: ({**_BUSINESS, "feedbackId": 90_017}, ("createdAt", "publishedAt")),
    NotificationType.GOODS_FEEDBACK_COMMENT_CREATED: ({**_BUSINESS, "commentId": 90_018}, ("createdAt",)),
    NotificationType.CHAT_CREATED: (_CHAT, ("createdAt",)),
    NotificationType.CHAT_MESSAGE_SENT: ({**_CHAT, "messageId": "70018"}, ("sentAt",)),
    NotificationType.CHAT_ARBITRAGE_STARTED: (_CHAT, ("startedAt",)),
    NotificationType.CHAT_ARBITRAGE_FINISHED: (_CHAT, ("finishedAt",)),
    NotificationType.QUESTION_CREATED: ({**_BUSINESS, "questionId": 80_017}, ("createdAt",)),
    NotificationType.QUESTION_ANSWER_CREATED: ({**_BUSINESS, "answerId": 80_018}, ("createdAt",)),
    NotificationType.QUESTION_COMMENT_CREATED: (
        {**_BUSINESS, "answerId": 80_018, "commentId": 80_019},
        ("createdAt",),
    ),
}
"""The fields of each type, and the names of those that say when."""
_NUMBERED: Final = frozenset(
    {"orderId", "returnId", "feedbackId", "commentId", "chatId", "messageId", "questionId", "answerId"}
)


def sample(kind: NotificationType, at: datetime, *, number: int = ORDER_ID, **more: Any) -> dict[str, Any]:
    """A notification of a type, as of a moment, about the order, return or chat of this number.

    `more` are fields that shall be another way, or are added.
    """
    fields, moments = _FIELDS[kind]
    numbered = {name: type(value)(number) for name, value in fields.items() if name in _NUMBERED}
    said = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"notificationType": kind, **fields, **numbered, **dict.fromkeys(moments, said), **more}
