BEGIN;

-- What a repeat of a provider call must carry again, and when the provider was last asked.
ALTER TABLE payment
  -- the amount in the capture request, stored before it is first sent
  ADD COLUMN capture_minor      bigint,
  ADD COLUMN refund_asked_minor bigint NOT NULL DEFAULT 0 CHECK (refund_asked_minor >= 0),
  -- the provider holds nothing any more
  ADD COLUMN hold_gone          boolean NOT NULL DEFAULT false,
  -- the rate that the trip was priced with: a later price uses the same
  ADD COLUMN vat_percent        integer CHECK (vat_percent BETWEEN 0 AND 100),
  ADD COLUMN polls              integer NOT NULL DEFAULT 0 CHECK (polls >= 0),
  ADD COLUMN polled_at          timestamptz,
  ADD CHECK (capture_minor BETWEEN 1 AND held_minor),
  ADD CHECK (refunded_minor <= refund_asked_minor AND refund_asked_minor <= captured_minor);
CREATE INDEX payment_promise_to_expire ON payment (expires_at)
  WHERE trip_id IS NULL AND state IN ('hold_pending', 'held');
CREATE INDEX payment_in_debt ON payment (rider_id) WHERE state = 'debt';
CREATE INDEX refund_of_payment ON refund (payment_id);

-- Receipts are numbered without gaps, from 1 in every year.
DROP SEQUENCE receipt_number_seed;
CREATE TABLE receipt_year (
  year        integer PRIMARY KEY,
  last_number integer NOT NULL CHECK (last_number > 0)
);

COMMIT;
