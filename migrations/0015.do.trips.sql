BEGIN;

ALTER TABLE trip
  -- Staff let the ride last until then: no alarm for being long before it.
  ADD COLUMN allowed_until    timestamptz,
  -- Lines of the price that staff dropped, and what they gave back of it: with the tariff and the ride's own times the
  -- price can be computed again at any time.
  ADD COLUMN waived           text[] NOT NULL DEFAULT '{}',
  ADD COLUMN given_back_minor bigint NOT NULL DEFAULT 0 CHECK (given_back_minor >= 0);
-- The desk's lists, newest first: what goes on, what is over, and the trips of a bike.
CREATE INDEX trip_going_on ON trip (created_at DESC, trip_id DESC)
  WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending');
CREATE INDEX trip_over ON trip (created_at DESC, trip_id DESC)
  WHERE state IN ('ended', 'charged', 'failed', 'cancelled');
CREATE INDEX trip_of_bike ON trip (bike_id, created_at DESC, trip_id DESC);
CREATE INDEX command_of_trip ON command (trip_id) WHERE trip_id IS NOT NULL;

CREATE INDEX payment_owed ON payment (created_at DESC, trip_id DESC) WHERE state = 'debt' AND trip_id IS NOT NULL;
CREATE INDEX payment_transaction ON payment (transaction_ref) WHERE transaction_ref IS NOT NULL;
-- Each later price looks for the one before it.
CREATE INDEX journal_of_payment ON journal (payment_id) WHERE payment_id IS NOT NULL;

-- What colleagues did to a trip, and who saw where its rider went. The page makes the id: a repeat finds the first answer.
CREATE TABLE trip_act (
  act_id       uuid PRIMARY KEY,
  trip_id      uuid NOT NULL REFERENCES trip (trip_id),
  staff_id     uuid NOT NULL REFERENCES staff (staff_id),
  act          text NOT NULL CHECK (act IN ('end', 'extend', 'refund', 'reprice', 'forgive', 'replay')),
  reason       text NOT NULL CHECK (length(reason) BETWEEN 3 AND 200),
  -- What was asked, to know a repeat from another act under the same id.
  asked        jsonb NOT NULL,
  result       jsonb NOT NULL,
  at           timestamptz NOT NULL,
  real_at      timestamptz NOT NULL
);
CREATE INDEX trip_act_of ON trip_act (trip_id, real_at);
-- How many trips a colleague has watched in the last hour.
CREATE INDEX trip_act_replays ON trip_act (staff_id, real_at) WHERE act = 'replay';

-- Why money went back: an act of staff, or nobody's.
ALTER TABLE refund
  ADD COLUMN act_id  uuid,
  ADD COLUMN done_at timestamptz;

COMMIT;
