BEGIN;

CREATE TABLE trip (
  trip_id           uuid PRIMARY KEY,
  rider_id          uuid NOT NULL REFERENCES rider (rider_id),
  bike_id           uuid NOT NULL REFERENCES bike (bike_id),
  lock_id           text NOT NULL,
  payment_id        uuid NOT NULL UNIQUE REFERENCES payment (payment_id),
  tariff_id         text NOT NULL REFERENCES tariff (tariff_id),
  state             text NOT NULL CHECK (state IN ('promised', 'unlocking', 'riding', 'paused', 'ending', 'ended',
                                                   'charged', 'failed', 'cancelled')),
  rider_free        boolean NOT NULL,
  command_id        uuid,
  created_at        timestamptz NOT NULL,
  started_at        timestamptz,
  ended_at          timestamptz,
  paused_ms         bigint NOT NULL CHECK (paused_ms >= 0),
  paused_since      timestamptz,
  pause_wanted_till timestamptz,
  due_at            timestamptz,
  failure           text,
  end_reason        text,
  free_exit_reason  text,
  price             jsonb,
  start_geom        geometry(Point, 4326),
  end_geom          geometry(Point, 4326),
  updated_at        timestamptz NOT NULL
);
CREATE UNIQUE INDEX trip_one_active_per_bike ON trip (bike_id)
  WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending');
CREATE UNIQUE INDEX trip_one_active_per_rider ON trip (rider_id)
  WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending') AND NOT rider_free;
CREATE INDEX trip_due ON trip (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX trip_history ON trip (rider_id, created_at DESC);
CREATE INDEX trip_of_lock ON trip (lock_id, created_at DESC);

CREATE TABLE command (
  command_id  uuid PRIMARY KEY,
  lock_id     text NOT NULL,
  trip_id     uuid REFERENCES trip (trip_id),
  op          text NOT NULL,
  counter     bigint NOT NULL,
  boot_id     bigint NOT NULL,
  state       text NOT NULL CHECK (state IN ('queued', 'sent', 'accepted', 'done', 'rejected', 'failed', 'expired',
                                             'unknown')),
  result_code text,
  payload     text NOT NULL,
  issued_at   timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  send_at     timestamptz,
  sends       integer NOT NULL CHECK (sends >= 0),
  ended_at    timestamptz,
  UNIQUE (lock_id, counter)
);
-- One actuation in flight per lock.
CREATE UNIQUE INDEX command_one_in_flight ON command (lock_id) WHERE state IN ('queued', 'sent', 'accepted');
CREATE INDEX command_alive ON command (command_id) WHERE ended_at IS NULL;

-- What staff must look at: proof of open after a release, a forced bolt, a lock that will not close.
CREATE TABLE incident (
  incident_id uuid PRIMARY KEY,
  kind        text NOT NULL,
  bike_id     uuid NOT NULL REFERENCES bike (bike_id),
  trip_id     uuid REFERENCES trip (trip_id),
  cause_key   text NOT NULL UNIQUE,
  detail      jsonb NOT NULL,
  at          timestamptz NOT NULL,
  closed_at   timestamptz
);
CREATE INDEX incident_open ON incident (bike_id) WHERE closed_at IS NULL;

COMMIT;
