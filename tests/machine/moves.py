"""States, and who moves an order from where to where: said once more, from the published pages alone."""

STARTED = ("PROCESSING", "STARTED")
READY = ("PROCESSING", "READY_TO_SHIP")
SHIPPED = ("PROCESSING", "SHIPPED")
PACKAGING = ("PROCESSING", "PACKAGING")
SEARCH = ("PROCESSING", "COURIER_SEARCH")
FOUND = ("PROCESSING", "COURIER_FOUND")
COMING = ("PROCESSING", "COURIER_IN_TRANSIT_TO_SENDER")
HERE = ("PROCESSING", "COURIER_ARRIVED_TO_SENDER")
UNPAID = ("UNPAID", "WAITING_USER_INPUT")
ON_THE_WAY = ("DELIVERY", "DELIVERY_SERVICE_RECEIVED")
LATE = ("DELIVERY", "DELIVERY_USER_NOT_RECEIVED")
AT_THE_POINT = ("PICKUP", "PICKUP_SERVICE_RECEIVED")
DELIVERED = ("DELIVERED", "DELIVERY_SERVICE_DELIVERED")
DISPUTED = ("DELIVERED", "DELIVERED_USER_NOT_RECEIVED")
PARTLY_BACK = ("PARTIALLY_RETURNED", "DELIVERY_SERVICE_DELIVERED")
BACK = ("RETURNED", "DELIVERY_SERVICE_DELIVERED")
AT_WORK = (STARTED, READY, SHIPPED)
UNDER_WAY = (ON_THE_WAY, AT_THE_POINT)


def cancelled(reason):
    return ("CANCELLED", reason)


SELLERS_MOVES = {
    "DBS": {
        (STARTED, READY),
        (READY, SHIPPED),
        *((source, ON_THE_WAY) for source in AT_WORK),
        (ON_THE_WAY, AT_THE_POINT),
        (ON_THE_WAY, DELIVERED),
        (LATE, DELIVERED),
        (AT_THE_POINT, DELIVERED),
    },
    "DIGITAL": {(STARTED, READY), (READY, SHIPPED)},
    "FBS": {(STARTED, READY), (READY, SHIPPED)},
    "EXPRESS": {(STARTED, READY)},
    "FBY": set(),
    "LAAS": set(),
}
"""From where to where a seller moves an order himself; cancelling is apart. DIGITAL is DBS without a parcel."""
SELLER_CANCELS = {
    "DBS": {*AT_WORK, *UNDER_WAY},
    "DIGITAL": {*AT_WORK},
    "FBS": {STARTED, READY},
    "EXPRESS": {STARTED, READY},
    "FBY": set(),
    "LAAS": {STARTED, PACKAGING, READY, SHIPPED, *UNDER_WAY},
}
RETURNS = {
    ("MARKET", "RETURN_PART"): {DELIVERED: PARTLY_BACK},
    ("MARKET", "RETURN"): dict.fromkeys((DELIVERED, PARTLY_BACK), BACK),
}
TROUBLE = cancelled("TECHNICAL_ERROR")
UNDELIVERED = cancelled("DELIVERY_SERVICE_UNDELIVERED")
WAREHOUSE = {
    ("MARKET", "PACK"): {STARTED: PACKAGING},
    ("MARKET", "ASSEMBLE"): {PACKAGING: READY},
    ("MARKET", "SHIP"): {READY: SHIPPED},
}
CARRIED = {
    ("CARRIER", "ARRIVE"): {ON_THE_WAY: AT_THE_POINT},
    ("CARRIER", "DELIVER"): dict.fromkeys(UNDER_WAY, DELIVERED),
    ("CARRIER", "FAIL"): dict.fromkeys(UNDER_WAY, UNDELIVERED),
}
OTHERS_MOVES = {
    "FBS": RETURNS
    | CARRIED
    | {
        ("CARRIER", "RECEIVE"): dict.fromkeys(AT_WORK, ON_THE_WAY),
        ("MARKET", "CANCEL"): dict.fromkeys((UNPAID, *AT_WORK, *UNDER_WAY), TROUBLE),
    },
    "FBY": RETURNS
    | CARRIED
    | WAREHOUSE
    | {
        ("CARRIER", "RECEIVE"): dict.fromkeys((PACKAGING, *AT_WORK), ON_THE_WAY),
        ("MARKET", "CANCEL"): dict.fromkeys((UNPAID, PACKAGING, *AT_WORK, *UNDER_WAY), TROUBLE),
    },
    "EXPRESS": RETURNS
    | CARRIED
    | {
        ("CARRIER", "SEARCH"): {READY: SEARCH},
        ("CARRIER", "FIND"): {SEARCH: FOUND},
        ("CARRIER", "SET_OUT"): {FOUND: COMING},
        ("CARRIER", "REACH_SENDER"): {COMING: HERE},
        ("CARRIER", "RECEIVE"): dict.fromkeys((READY, SEARCH, FOUND, COMING, HERE), ON_THE_WAY),
        ("CARRIER", "FAIL"): CARRIED["CARRIER", "FAIL"]
        | dict.fromkeys((READY, SEARCH), cancelled("CANCELLED_COURIER_NOT_FOUND")),
        ("MARKET", "CANCEL"): dict.fromkeys((UNPAID, STARTED, READY, SEARCH, FOUND, COMING, HERE, *UNDER_WAY), TROUBLE),
    },
    "LAAS": RETURNS
    | CARRIED
    | WAREHOUSE
    | {
        ("CARRIER", "RECEIVE"): {SHIPPED: ON_THE_WAY},
        # This one goes to the buyer's door.
        ("CARRIER", "ARRIVE"): {},
        ("MARKET", "CANCEL"): dict.fromkeys((PACKAGING, *AT_WORK, *UNDER_WAY), cancelled("DELIVERY_PROBLEMS")),
    },
    "DBS": RETURNS
    | {
        ("MARKET", "DISPUTE"): {ON_THE_WAY: LATE, DELIVERED: DISPUTED},
        ("MARKET", "DELIVER"): {LATE: DELIVERED},
        ("MARKET", "CANCEL"): dict.fromkeys((UNPAID, *AT_WORK, *UNDER_WAY), TROUBLE)
        | dict.fromkeys((LATE, DISPUTED), UNDELIVERED),
    },
    "DIGITAL": RETURNS
    | {
        ("MARKET", "DISPUTE"): {DELIVERED: DISPUTED},
        ("MARKET", "DELIVER"): dict.fromkeys(AT_WORK, DELIVERED),
        ("MARKET", "CANCEL"): dict.fromkeys((UNPAID, *AT_WORK), TROUBLE) | {DISPUTED: UNDELIVERED},
    },
}
