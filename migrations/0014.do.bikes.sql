BEGIN;

-- What staff ask of a lock, before and after it can be sent: a silent lock has given no stamp to sign a deadline with.
-- Once it is issued there is a row of the same id in `command`, and the state here follows that one.
CREATE TABLE staff_command (
  command_id  uuid PRIMARY KEY,
  bike_id     uuid NOT NULL REFERENCES bike (bike_id),
  lock_id     text NOT NULL,
  op          text NOT NULL CHECK (op IN ('beep', 'locate', 'reboot', 'unlock')),
  reason      text NOT NULL CHECK (length(reason) BETWEEN 3 AND 200),
  state       text NOT NULL CHECK (state IN ('queued', 'sent', 'accepted', 'done', 'rejected', 'failed', 'expired',
                                             'unknown', 'cancelled')),
  result_code text,
  -- [{state, at}], each state that it has been in, oldest first.
  steps       jsonb NOT NULL,
  asked_by    uuid NOT NULL REFERENCES staff (staff_id),
  asked_at    timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  -- When its silent lock is asked for a sign of life again.
  ask_at      timestamptz
);
CREATE INDEX staff_command_waiting ON staff_command (asked_at) WHERE state = 'queued';
CREATE INDEX staff_command_of_bike ON staff_command (bike_id, asked_at DESC, command_id DESC);
CREATE INDEX command_of_lock ON command (lock_id, issued_at DESC, command_id DESC);

-- Out of service and back, with who and why; the newest row is what holds. `bike.in_service` says it to the fleet.
CREATE TABLE bike_service (
  service_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bike_id    uuid NOT NULL REFERENCES bike (bike_id),
  state      text NOT NULL CHECK (state IN ('in', 'out', 'retired')),
  reason     text CHECK (reason IN ('broken', 'stolen', 'stored', 'cleaning', 'other')),
  note       text,
  -- Taken out while somebody rode it: riders feel it when the ride ends.
  in_ride    boolean NOT NULL,
  staff_id   uuid REFERENCES staff (staff_id),
  at         timestamptz NOT NULL,
  CHECK ((state = 'out') = (reason IS NOT NULL))
);
CREATE INDEX bike_service_of ON bike_service (bike_id, at DESC, service_id DESC);
-- A bike that is gone for good keeps its history and its number.
ALTER TABLE bike ADD COLUMN retired_at timestamptz, ADD CHECK (retired_at IS NULL OR NOT in_service);

-- What colleagues tell each other of a bike. A deleted note leaves who deleted it, without its text.
CREATE TABLE bike_note (
  note_id    uuid PRIMARY KEY,
  bike_id    uuid NOT NULL REFERENCES bike (bike_id),
  text       text,
  written_by uuid NOT NULL REFERENCES staff (staff_id),
  at         timestamptz NOT NULL,
  real_at    timestamptz NOT NULL,
  edited_at  timestamptz,
  deleted_at timestamptz,
  deleted_by uuid REFERENCES staff (staff_id),
  CHECK ((deleted_at IS NULL) = (text IS NOT NULL) AND (deleted_at IS NULL) = (deleted_by IS NULL))
);
CREATE INDEX bike_note_of ON bike_note (bike_id, at DESC, note_id DESC);

-- A bike's timeline asks each of these for a page. The first takes the place of an index on openings alone.
CREATE INDEX lock_report_by_time ON lock_report (lock_id, made_at DESC, report_id DESC);
DROP INDEX lock_report_of_lock;
CREATE INDEX position_of_lock ON position (lock_id, made_at DESC);
CREATE INDEX bike_move_of ON bike_move (bike_id, taken_at DESC, move_id DESC);
-- Locks have always said it; a battery that ages shows it first.
ALTER TABLE position ADD COLUMN milli_volts integer;

COMMIT;
