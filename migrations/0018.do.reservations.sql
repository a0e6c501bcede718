BEGIN;

-- A free bike kept for one rider for some minutes. Times are city time.
CREATE TABLE reservation (
  reservation_id uuid PRIMARY KEY,
  rider_id       uuid NOT NULL REFERENCES rider (rider_id),
  bike_id        uuid NOT NULL REFERENCES bike (bike_id),
  state          text NOT NULL CHECK (state IN ('open', 'used', 'cancelled', 'expired')),
  -- Why it was cancelled.
  reason         text CHECK (reason IN ('rider', 'other_bike', 'crew', 'out_of_service')),
  -- It kept the bike from others for nothing, and that was the rider's doing.
  is_unused      boolean NOT NULL DEFAULT false,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  trip_id        uuid REFERENCES trip (trip_id),
  CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX reservation_one_open_per_bike ON reservation (bike_id) WHERE state = 'open';
CREATE UNIQUE INDEX reservation_one_open_per_rider ON reservation (rider_id) WHERE state = 'open';
CREATE INDEX reservation_of_rider ON reservation (rider_id, created_at DESC);
CREATE INDEX reservation_due ON reservation (expires_at) WHERE state = 'open';

-- Who made which bike ring, for its limits; real time. The command is in `command`.
CREATE TABLE rider_ring (
  command_id uuid PRIMARY KEY,
  rider_id   uuid NOT NULL REFERENCES rider (rider_id),
  bike_id    uuid NOT NULL REFERENCES bike (bike_id),
  rung_at    timestamptz NOT NULL
);
CREATE INDEX rider_ring_of_bike ON rider_ring (bike_id, rung_at DESC);
CREATE INDEX rider_ring_of_rider ON rider_ring (rider_id, rung_at DESC);

COMMIT;
