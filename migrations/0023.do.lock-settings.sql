BEGIN;

ALTER TABLE staff_command DROP CONSTRAINT staff_command_op_check;
ALTER TABLE staff_command ADD CHECK (op IN ('beep', 'locate', 'reboot', 'unlock', 'lock', 'selftest'));
-- The one who asked a lock to close knows that a ride ends by it.
ALTER TABLE staff_command ADD COLUMN ends_ride boolean NOT NULL DEFAULT false;

-- What is wanted of locks: of all of them (no bike), or of one bike's beside that. The newest row of each is what holds, and
-- the higher of the two numbers is the version of a lock's configuration. Seconds of real time when that is more: a database
-- that was put back from a copy must not hand out a number again that locks have seen.
CREATE TABLE lock_settings_change (
  change_id bigint PRIMARY KEY CHECK (change_id BETWEEN 1 AND 4294967295),
  bike_id   uuid REFERENCES bike (bike_id),
  -- only what is set; a bike's null: nothing of its own any more
  settings  jsonb,
  reason    text NOT NULL CHECK (length(reason) BETWEEN 3 AND 200),
  staff_id  uuid NOT NULL REFERENCES staff (staff_id),
  -- city time
  at        timestamptz NOT NULL,
  CHECK (bike_id IS NOT NULL OR settings IS NOT NULL)
);
CREATE INDEX lock_settings_change_of ON lock_settings_change (bike_id, change_id DESC);

ALTER TABLE bike_latest
  -- what its lock told of itself that no query asks for: mode, parts, network, configuration in use
  ADD COLUMN told        jsonb,
  -- how often a lock in this mode speaks
  ADD COLUMN heartbeat_s integer;

COMMIT;
