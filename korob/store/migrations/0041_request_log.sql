-- What sellers' programs asked and were answered, for some days. Bodies are masked and cut before they come here; what is
-- below eight kilobytes is kept as it is, since packing it would cost more than writing it.
CREATE TABLE request_log (
    business_id   bigint NOT NULL REFERENCES businesses ON DELETE CASCADE,
    id            bigint GENERATED ALWAYS AS IDENTITY,
    at            timestamptz NOT NULL,
    campaign_id   bigint,
    order_id      bigint,
    operation     text NOT NULL,
    verb          text NOT NULL,
    path          text NOT NULL,
    status        smallint NOT NULL,
    milliseconds  real NOT NULL,
    trace         uuid NOT NULL,
    key_name      text NOT NULL,
    integration   text,
    rehearsed     boolean NOT NULL,
    request       text NOT NULL,
    answer        text NOT NULL,
    PRIMARY KEY (business_id, id)
) WITH (toast_tuple_target = 8160);
CREATE INDEX request_log_of_an_order ON request_log (business_id, order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX request_log_by_trace ON request_log (business_id, trace);
-- Days go in the order they came.
CREATE INDEX request_log_by_day ON request_log USING brin (at) WITH (pages_per_range = 32);
