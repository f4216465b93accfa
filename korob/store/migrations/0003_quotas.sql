-- What is counted of one method for one campaign or business, in the clock's window that ends at `until`; the next
-- window starts the row anew. Rows of an entity are never joined with anything, so Citus may shard them by entity_id.
CREATE TABLE quotas (
    entity_id    bigint NOT NULL,
    entity       text NOT NULL,                                 -- campaignId, businessId, userId
    method       text NOT NULL,
    until        timestamptz NOT NULL,
    given        bigint NOT NULL DEFAULT 0 CHECK (given >= 0),  -- units handed to processes, less those that came back
    held         bigint NOT NULL DEFAULT 0 CHECK (held >= 0),   -- of these, units that nobody has accounted for yet
    held_until   timestamptz NOT NULL DEFAULT '-infinity',      -- then they count as lost with the process
    short_until  timestamptz NOT NULL DEFAULT '-infinity',      -- until then somebody waits for what others hold
    granted      bigint NOT NULL DEFAULT 0,                     -- the last asker's units to spend at once
    advanced     bigint NOT NULL DEFAULT 0,                     -- and those to hold
    PRIMARY KEY (entity_id, entity, method)
) WITH (fillfactor = 50);
