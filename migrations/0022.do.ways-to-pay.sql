BEGIN;

ALTER TABLE payment
  -- how the rider gets to the payer's question
  ADD COLUMN way                  text NOT NULL DEFAULT 'page' CHECK (way IN ('page', 'qr', 'app')),
  -- why a promise holds nothing, when no trip relied on it
  ADD COLUMN closed_why           text CHECK (closed_why IN ('declined', 'cancelled', 'expired')),
  -- real time since when the provider does not answer
  ADD COLUMN unanswered_at        timestamptz,
  -- it pays what is owed on that payment, for that trip
  ADD COLUMN debt_of              uuid REFERENCES payment (payment_id),
  ADD COLUMN debt_trip_id         uuid,
  -- such a payment is being made: nothing is taken here until it has ended
  ADD COLUMN waits_for_other      boolean NOT NULL DEFAULT false,
  -- what such a payment took, and what it gives back of it
  ADD COLUMN elsewhere_minor      bigint NOT NULL DEFAULT 0 CHECK (elsewhere_minor >= 0),
  ADD COLUMN elsewhere_back_minor bigint NOT NULL DEFAULT 0 CHECK (elsewhere_back_minor BETWEEN 0 AND elsewhere_minor),
  ADD CHECK ((debt_of IS NULL) = (debt_trip_id IS NULL)),
  ADD CHECK (debt_of IS NULL OR trip_id IS NULL);

-- One open promise for a ride and, apart from it, one try to pay a debt.
DROP INDEX payment_one_open_promise;
CREATE UNIQUE INDEX payment_one_open_promise ON payment (rider_id)
  WHERE trip_id IS NULL AND debt_of IS NULL AND state IN ('hold_pending', 'held');
CREATE UNIQUE INDEX payment_one_try_per_debt ON payment (debt_of)
  WHERE debt_of IS NOT NULL AND state IN ('hold_pending', 'held', 'capture_pending');
CREATE INDEX payment_of_debt ON payment (debt_of) WHERE debt_of IS NOT NULL;

COMMIT;
