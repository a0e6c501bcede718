BEGIN;

-- A bike and its lock. public_id is what strangers see: it changes after each trip, so that nobody can follow a bike.
CREATE TABLE bike (
  bike_id    uuid PRIMARY KEY,
  number     text NOT NULL UNIQUE CHECK (number ~ '^[0-9]{4,8}$'),
  code       text NOT NULL UNIQUE,
  public_id  text NOT NULL UNIQUE,
  lock_id    text NOT NULL UNIQUE CHECK (lock_id ~ '^[a-z0-9-]{6,32}$'),
  model      text NOT NULL,
  in_service boolean NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE SEQUENCE bike_number_seed START 1001;

-- Keys are derived from the master key (lock id, key epoch); nothing secret is stored here.
CREATE TABLE lock (
  lock_id         text PRIMARY KEY REFERENCES bike (lock_id),
  key_epoch       integer NOT NULL,
  key_version     integer NOT NULL,
  command_counter bigint NOT NULL CHECK (command_counter >= 0)
);

-- Server time at uptime 0 of a boot, fixed when the boot is first heard: a record's derived time never changes again.
CREATE TABLE lock_boot (
  lock_id        text NOT NULL,
  boot_id        bigint NOT NULL,
  uptime_zero_at timestamptz NOT NULL,
  first_heard_at timestamptz NOT NULL,
  PRIMARY KEY (lock_id, boot_id)
);

-- Every word of a lock that a decision may hang on. Written before the PUBACK; applied right after, in order per lock.
CREATE TABLE lock_report (
  report_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lock_id     text NOT NULL,
  boot_id     bigint NOT NULL,
  sequence    bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('hello', 'evt', 'ack')),
  made_at     timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  body        jsonb NOT NULL,
  applied_at  timestamptz,
  UNIQUE (lock_id, boot_id, sequence)
);
CREATE INDEX lock_report_unapplied ON lock_report (report_id) WHERE applied_at IS NULL;

-- One row a telemetry record, partitioned by day of the record's own time: a day is dropped whole when its time is over.
CREATE TABLE position (
  lock_id     text NOT NULL,
  boot_id     bigint NOT NULL,
  sequence    bigint NOT NULL,
  made_at     timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  geom        geometry(Point, 4326),
  accuracy_m  real,
  speed_mps   real,
  heading_deg real,
  soc         smallint NOT NULL,
  bolt        text NOT NULL,
  PRIMARY KEY (lock_id, boot_id, sequence, made_at)
) PARTITION BY RANGE (made_at);
CREATE TABLE position_other PARTITION OF position DEFAULT;

-- The newest that is known of each bike, written coalesced from memory.
CREATE TABLE bike_latest (
  bike_id       uuid PRIMARY KEY REFERENCES bike (bike_id),
  geom          geometry(Point, 4326),
  accuracy_m    real,
  heading_deg   real,
  soc           smallint,
  bolt          text,
  boot_id       bigint,
  firmware      text,
  last_heard_at timestamptz
);
CREATE INDEX bike_latest_geom ON bike_latest USING gist (geom);

COMMIT;
