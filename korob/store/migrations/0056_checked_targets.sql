-- Whether the target has accepted a PING at this URL, or was excused from it: else it is asked when it is to be enabled.
ALTER TABLE subscriptions ADD COLUMN checked boolean NOT NULL DEFAULT true;
