BEGIN;

-- What leaving a bike in the wrong place costs, what leaving it at a hotspot is worth, and how long after the end the
-- rider may still leave it right. Nothing in the tariff that rides until now keep.
ALTER TABLE tariff
  ADD COLUMN wrong_place_minor    bigint NOT NULL DEFAULT 0 CHECK (wrong_place_minor BETWEEN 0 AND 1000000),
  ADD COLUMN no_parking_minor     bigint NOT NULL DEFAULT 0 CHECK (no_parking_minor BETWEEN 0 AND 1000000),
  ADD COLUMN hotspot_reward_minor bigint NOT NULL DEFAULT 0 CHECK (hotspot_reward_minor BETWEEN 0 AND 1000000),
  ADD COLUMN put_right_ms         bigint NOT NULL DEFAULT 0 CHECK (put_right_ms BETWEEN 0 AND 86400000);
INSERT INTO tariff (tariff_id, currency, unlock_minor, per_minute_minor, pause_per_minute_minor, day_cap_minor,
                    free_exit_ms, hold_minor, vat_percent, valid_from, wrong_place_minor, no_parking_minor,
                    hotspot_reward_minor, put_right_ms)
VALUES ('city-2', 'CNY', 150, 30, 10, 4800, 180000, 9900, 9, '2026-01-01T00:00:00Z', 500, 800, 100, 1800000);

ALTER TABLE trip
  -- Where a ride was left and what that did to its price (server/trips/core/parking.ts).
  ADD COLUMN parking        jsonb,
  -- When a better fix than the closing's is looked for.
  ADD COLUMN parking_due_at timestamptz;
CREATE INDEX trip_parking_due ON trip (parking_due_at) WHERE parking_due_at IS NOT NULL;

COMMIT;
