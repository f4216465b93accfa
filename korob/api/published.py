"""Every text of an error that the Market publishes, with its status, and a code that fits (spec: platform 1.6, 2).

The texts are the wire's. A code of the API's enumeration stands where its name says the same as the text, else the
status's general one. A method that is not served yet finds its texts here already.
"""

from typing import Final, NamedTuple

ALL: Final = ("all",)


class Published(NamedTuple):
    """A text of the reference, and the methods that it is published for."""

    status: int
    code: str
    template: str
    where: tuple[str, ...] = ALL


def _rows(status: int, code: str, *templates: str, where: str = "all") -> tuple[Published, ...]:
    return tuple(Published(status, code, template, tuple(where.split())) for template in templates)


_BAD: Final = "BAD_REQUEST"
_LABELS: Final = "generateOrderLabel generateOrderLabels getOrderLabelsData"
_ACT: Final = "downloadShipmentReceptionTransferAct"
_OF_A_CAMPAIGN_S_ORDER: Final = (
    f"getOrder updateOrderStatus {_LABELS} provideOrderDigitalCodes getOrderBuyerInfo acceptOrderCancellation "
    "setOrderDeliveryDate provideOrderItemIdentifiers getOrderBusinessBuyerInfo getOrderBusinessDocumentsInfo "
    "updateExternalOrderId getOrderIdentifiersStatus"
)
_OF_A_RESOURCE: Final = (
    "getShipment downloadShipmentAct getShipmentOrdersInfo downloadShipmentTransportationWaybill "
    "setShipmentPalletsCount downloadShipmentPalletLabels transferOrdersFromShipment setOrderDeliveryTrackCode "
    "verifyOrderEac"
)
_BEFORE_MOVING: Final = "setOrderDeliveryTrackCode setOrderDeliveryDate provideOrderItemIdentifiers setOrderBoxLayout"

COMMON: Final = (
    *_rows(
        400,
        _BAD,
        "{field} must not be null (rejected value: null)",
        "{field} must not be empty (rejected value: {value})",
        "{field} elements must be not null (rejected value: {value})",
        "{field} size must be between {min} and {max} (rejected size: {size})",
        "{field} size must be between {min} and {max} (rejected value: {value})",
        "{field} must be greater than {bound} (rejected value: {value})",
        "{field} must be greater than or equal to {bound} (rejected value: {value})",
        "{field} must be less than or equal to {bound} (rejected value: {value})",
        "{field} must match {regexp} (rejected value: {value})",
        "Type mismatch: {value}",
        "Illegal input at {path}",
        "JSON: {message}",
        "Unexpected end of content",
        "Required request body is missing",
        "Required request parameter {parameter} is not present",
        "The request is too big: {message}",
        "The request is too big: Maximum allowed request size must be less than {max} KB, but passed {size} MB",
        "Incorrect X-Business-Id header value: {value}",
        "URL businessId ({url}) does not match businessId in X-Business-Id header ({header})",
        "Bad page token",
        "Parameter {parameter} must be less than or equal to {max} (rejected value: {value})",
    ),
    *_rows(
        400, "CAMPAIGN_TYPE_NOT_SUPPORTED", "Campaign type is not allowed. Allowed campaign types: {campaign_types}"
    ),
    *_rows(
        401,
        "UNAUTHORIZED",
        "Credentials are not specified",
        "Api-Key token is not specified",
        "Api-Key token prefix invalid",
        "Api-Key token length invalid",
        "Api-Key token format invalid",
        "Api-Key token is invalid",
        "Api-Key token is revoked",
        "Authorization header has invalid syntax",
        "OAuth credentials are not specified",
        "OAuth token is not specified",
        "OAuth client id is not specified",
    ),
    *_rows(
        403,
        "FORBIDDEN",
        "Access denied",
        "Token does not have any of the scopes to access the API method",
        "No access to campaigns: {campaigns}",
        "The method is not supported for Market Yandex Go sellers",
        "OAuth token is invalid",
        "OAuth token is invalid (account has been globally logged out)",
        "Scope is invalid",
        "Client id is invalid",
        "User account is disabled",
        "businessId in X-Business-Id header ({header}) does not match the business that the campaign {campaign} "
        "belongs to ({actual})",
    ),
    *_rows(
        403,
        "NO_ACCESS_BY_DEPRECATION_POLICY",
        "The method is deprecated and is occasionally forbidden. Please stop using it",
    ),
    *_rows(
        403,
        "API_DISABLED",
        "API for campaign {campaign} manually disabled.",
        "API for campaign {campaign} disabled due to inactivity.",
        "API for campaign {campaign} disabled because there are no active contracts with Market.",
        "API for campaign {campaign} disabled because it has no placement program.",
        "API for business {business} disabled because it has only disabled partners.",
    ),
    *_rows(404, "NOT_FOUND", "Resource not found"),
    *_rows(405, "METHOD_NOT_ALLOWED", "Request method {method} not supported"),
    *_rows(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "Content type {content_type} not supported",
        "Unknown content-type: {content_type}",
    ),
    *_rows(
        420,
        "METHOD_FAILURE",
        "Hit rate limit of {amount} parallel requests for {entity}",
        "Hit rate limit of {amount} requests per {period} for resource {resource} for {entity}",
    ),
    *_rows(500, "INTERNAL_ERROR", "Internal error"),
    *_rows(503, "SERVICE_UNAVAILABLE", "Service temporarily unavailable. Please, try again later"),
)
"""What any method may answer."""

ORDERS: Final = (
    *_rows(
        400,
        "ACTION_FORBIDDEN",
        "Action is not allowed for order {order} with status {status} and substatus {substatus}",
        where=_BEFORE_MOVING,
    ),
    *_rows(400, _BAD, "Attempt to change order items or instances after READY_TO_SHIP", where="setOrderBoxLayout"),
    *_rows(400, "INVALID_ORDER_STATUS", "Can't create return for order with status: {status}", where="createReturn"),
    *_rows(400, "CANT_DELIVER_ORDER_TO_ADDRESS", "Can't resolve geo for address {address}", where="createOrder"),
    *_rows(
        400,
        "SUBSTATUS_NOT_ALLOWED",
        "Cancellation request substatus {substatus} is not available for status {status} and role {role} for order "
        "{order}",
        where="updateOrderStatus",
    ),
    *_rows(
        400,
        "EXTERNAL_ORDER_ID_UPDATE_ERROR",
        "Cannot do operation for order with status {status}, and substatus {substatus} (partnerId = {partner}, "
        "orderId = {order})",
        "Cannot do operation, external ID already set for order (partnerId = {partner}, orderId = {order}, "
        "externalId = {external_id})",
        where="updateExternalOrderId",
    ),
    *_rows(
        400,
        _BAD,
        "Delivery date {date} can't be in the future",
        "Real delivery date should be from order creation date to current date inclusively",
        where="updateOrderStatus",
    ),
    *_rows(
        400,
        "INVALID_DELIVERY_TYPE",
        "Delivery dates can't be updated for {type} order with id {order}",
        where="updateOrder",
    ),
    *_rows(
        400,
        "DAYS_COUNT_EXCEEDED",
        "Exceeded the number of days to edit delivery dates! limit is: {days} days",
        where="setOrderDeliveryDate",
    ),
    *_rows(
        400,
        "EDIT_COUNT_EXCEEDED",
        "Exceeded the number of edits of delivery dates! limit is: {limit}",
        where="setOrderDeliveryDate",
    ),
    *_rows(400, "SAME_DELIVERY_DATES", "New delivery dates are the same as the current!", where="setOrderDeliveryDate"),
    *_rows(400, "PHOTO_UPLOAD_FAILED", "Failed to upload photos", where="createReturn"),
    *_rows(
        400,
        _BAD,
        "Invalid filters: interval between {start} and {end} is more than {days} days.",
        "Order creation start date is required to be less than end date",
        "Order shipment start date is required to be less than end date",
        "Order update start is required to be less than end date",
        where="getBusinessOrders",
    ),
    *_rows(
        400,
        "INVALID_CIS",
        "Invalid incoming cis for item with id = {item} for reason: {reason}",
        where="provideOrderItemIdentifiers setOrderBoxLayout",
    ),
    *_rows(
        400,
        "INVALID_COUNTRY_CODE",
        "String {value} is not a valid country code according to ISO 3166-1 alpha-2",
        where="provideOrderItemIdentifiers setOrderBoxLayout",
    ),
    *_rows(400, _BAD, "Invalid order boxes layout request. Violations: {violations}", where="setOrderBoxLayout"),
    *_rows(
        400,
        "INVALID_ORDER_STATUS",
        "Invalid status for order {order}: {status}, PROCESSING expected",
        where="provideOrderDigitalCodes",
    ),
    *_rows(400, _BAD, "Order.id={order} is not digital.", where="provideOrderDigitalCodes"),
    *_rows(400, "RETURN_ALREADY_EXISTS", "Merchant return with id: {return_id} already exists", where="createReturn"),
    *_rows(400, "INVALID_RETURN_OFFERS", "Wrong count for shop skus: {offers}", where="createReturn"),
    *_rows(
        400,
        "STATUS_NOT_ALLOWED",
        "No permission to set status {new} for order {order} with status {current}",
        "No transition found: {source} -> {target}",
        "Transition {source} -> {target} is not allowed. Reason: {reason}",
        "Status change was forbidden for client role = {role}",
        "Status not allowed: {status}",
        where="updateOrderStatus",
    ),
    *_rows(400, _BAD, "Not a business buyer.", where="getOrderBusinessBuyerInfo getOrderBusinessDocumentsInfo"),
    *_rows(
        400,
        "INVALID_ORDER_STATUS",
        "Order is in the wrong status, it’s only possible starting from the status PROCESSING.",
        where="getOrderBusinessBuyerInfo",
    ),
    *_rows(
        400,
        "INVALID_ORDER_STATUS",
        "Order is not in shop-processing status (actual: {status}).",
        where="getOrderBuyerInfo",
    ),
    *_rows(400, "NOT_ENOUGH_STOCK", "Not enough stock for items: {offers}", where="createOrder"),
    *_rows(
        400,
        "OFFER_NOT_FOUND",
        "Offers not found for SKUs: {offers}",
        where="createOrder createReturn getDeliveryOptions getReturnDeliveryOptions",
    ),
    *_rows(400, "CANCELLATION_REQUESTED", "Order {order} is in cancellation state", where="updateOrder"),
    *_rows(400, "ORDER_IN_TERMINAL_STATE", "Order {order} is in terminal state", where="updateOrder"),
    *_rows(400, "ORDER_ALREADY_EXISTS", "Order already exists with external id {external_id}", where="createOrder"),
    *_rows(
        400,
        "INVALID_DELIVERY_OPTION",
        "The requested delivery interval is not valid for order {order}",
        where="createOrder updateOrder",
    ),
    *_rows(404, "NOT_FOUND", "Order not found: partnerId = {partner}, orderId = {order}", where=_OF_A_CAMPAIGN_S_ORDER),
    *_rows(
        404,
        "NOT_FOUND",
        "Order not found: {order}",
        where="updateOrderStatus provideOrderDigitalCodes setOrderDeliveryDate updateOrderStorageLimit createChat "
        "updateExternalOrderId",
    ),
    *_rows(404, "NOT_FOUND", "Failed to find order with id {order}", where="setOrderBoxLayout"),
    *_rows(404, "NOT_FOUND", "Campaign {campaign} has no order id {order}", where="setOrderDeliveryTrackCode"),
    *_rows(404, "NOT_FOUND", "Failed to find [{resource}] with id [{id}]", where=_OF_A_RESOURCE),
    *_rows(404, "NOT_FOUND", "Box not found. Box: {box}", where="generateOrderLabel"),
    *_rows(404, "NO_BOXES", "No boxes found for order {order}", where=_LABELS),
)

OTHERS: Final = (
    *_rows(400, _BAD, "Closest shipment for reception transfer act generation not found.", where=_ACT),
    *_rows(
        400,
        "NO_ORDERS",
        "No orders for closest shipment have been processed yet (shipmentId: {shipment}).",
        where=_ACT,
    ),
    *_rows(
        400,
        "BAD_ORDERS",
        "Some orders are in the process of being excluded from shipment (shipmentId: {shipment}, orderIds: {orders}). "
        "Please wait up to 30 minutes and try again.",
        "Some orders have not been processed yet. Please change the status of orders to READY_TO_SHIP and try again. "
        "(shipmentId: {shipment}, orderIds: {orders}).",
        where=_ACT,
    ),
    *_rows(400, "CUTOFF_NOT_REACHED", "Cutoff time for shipments has not been reached yet", where="confirmShipment"),
    *_rows(
        400,
        "BAD_ORDERS",
        "Shipment with ID {shipment} contains invalid orders. Reasons: orders are in wrong status ({orders})",
        where="confirmShipment",
    ),
    *_rows(400, "NO_ORDERS", "Shipment with ID {shipment} does not contain any orders", where="confirmShipment"),
    *_rows(
        400,
        "ALREADY_CONFIRMED",
        "Shipment with ID {shipment} has been confirmed already",
        where=f"confirmShipment {_ACT}",
    ),
    *_rows(
        400,
        _BAD,
        "Outbound with id = {shipment} is not confirmed and hasn't draft transfer",
        where="downloadShipmentAct",
    ),
    *_rows(
        403,
        "FORBIDDEN",
        "Electronic signature is only available for API token authorization.",
        "Contact not found for login {login} and campaignId {campaign}",
        "Contacts with available roles for signing not found for login {login}",
        where=f"{_ACT} confirmShipment",
    ),
    *_rows(404, "NOT_FOUND", "Shipment with ID {shipment} not found", where="confirmShipment"),
    *_rows(400, "DUPLICATE_SHOP_SKU", "Duplicate shop-sku {sku} for warehouse {count}", where="updateStocks"),
    *_rows(
        400,
        _BAD,
        "Stock for {sku} should not be in the future",
        "Stock for {sku} should not be older than a day",
        where="updateStocks",
    ),
    *_rows(
        400,
        _BAD,
        "datediff-is-to-big-local",
        "datediff-is-to-big-remote",
        "datediff-is-to-big-long-period",
        where="createOutlet updateOutlet",
    ),
    *_rows(400, "INVALID_OUTLET_INFO", "Not valid outlet info: {errors}", where="createOutlet updateOutlet"),
    *_rows(
        400,
        "DUPLICATE_OUTLET_CODE",
        "Outlet with code {code} already exists for campaign {campaign}",
        where="createOutlet",
    ),
    *_rows(400, "WRONG_REGION", "Region {region} cannot be used as outlet region", where="createOutlet updateOutlet"),
    *_rows(400, "WRONG_OUTLET_GPS_COORDINATES", "Wrong outlet gps coordinates", where="createOutlet updateOutlet"),
    *_rows(
        400,
        _BAD,
        "Date field {to} must be greater or equal to {from}!",
        'Periods "orderDate" and "orderUpdate" can\'t be specified simultaneously!',
        where="getOrdersStats",
    ),
    *_rows(
        400,
        _BAD,
        "Only default prices are used for this business. Generate the report at the business level (not campaign) to "
        "see actual prices.",
        "Without subscription, you cannot request data older than 90 days. The dateFrom ({date}) is too far in the "
        "past.",
        "You cannot request data older than 400 days. The dateFrom ({date}) is too far in the past.",
        where="reports",
    ),
    *_rows(400, "CONTRACT_WITH_AGENCY", "Contract with type MARKETING was signed with the agency", where="reports"),
    *_rows(
        403,
        "FORBIDDEN",
        "Entity id from request body does not match businessId in X-Business-Id header ({business})",
        where="reports",
    ),
    *_rows(403, "FORBIDDEN", "The partner does not have access to the supply request.", where="supplies"),
    *_rows(404, "CAMPAIGN_NOT_FOUND", "Campaign not found {campaign}", where="cabinets"),
    *_rows(
        404,
        "NOT_FOUND",
        "Return {return_id} for order {order} is not found",
        where="getReturn setReturnDecision submitReturnDecision",
    ),
    *_rows(404, "NOT_FOUND", "Outlet not found: {outlet}", where="getOutlet updateOutlet deleteOutlet"),
    *_rows(404, "NOT_FOUND", "Region {region} not found.", where="searchRegionsById searchRegionChildren"),
    *_rows(404, "NOT_FOUND", "Report not found.", where="getReportInfo"),
    *_rows(420, "METHOD_FAILURE", "Active reports limit exceeded, limit={limit}", where="reports"),
    *_rows(
        423,
        "LOCKED",
        "Business is in migration",
        "Campaign is in business migration",
        "Partner use only default price",
        where="catalogue",
    ),
)

PUBLISHED: Final = (*COMMON, *ORDERS, *OTHERS)
