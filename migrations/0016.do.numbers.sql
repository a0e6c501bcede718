BEGIN;

-- What was counted on one day of the operator: raw sums (server/numbers/core/day-counts.ts), from which every figure is
-- derived. Made again while late words of locks change it; the day that still goes on is never here.
CREATE TABLE day_figures (
  local_day date PRIMARY KEY,
  counts    jsonb NOT NULL,
  made_at   timestamptz NOT NULL
);

-- Money by the day on which the ledger has it. Integer minor units.
CREATE TABLE day_money (
  local_day         date NOT NULL,
  currency          text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  net_minor         bigint NOT NULL,
  vat_minor         bigint NOT NULL,
  refunded_minor    bigint NOT NULL,
  written_off_minor bigint NOT NULL,
  PRIMARY KEY (local_day, currency)
);

-- Unlocks of each lock that was asked to open that day.
CREATE TABLE day_lock (
  local_day  date NOT NULL,
  lock_id    text NOT NULL,
  asked      integer NOT NULL CHECK (asked > 0),
  opened     integer NOT NULL CHECK (opened >= 0),
  refused    integer NOT NULL CHECK (refused >= 0),
  jammed     integer NOT NULL CHECK (jammed >= 0),
  unanswered integer NOT NULL CHECK (unanswered >= 0),
  opening_ms bigint NOT NULL CHECK (opening_ms >= 0),
  PRIMARY KEY (local_day, lock_id)
);

-- Each hotspot, looked at every five minutes of city time: the sums of a local hour.
CREATE TABLE hotspot_hour (
  zone_id   uuid NOT NULL,
  local_day date NOT NULL,
  hour      smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  samples   integer NOT NULL CHECK (samples > 0),
  with_bike integer NOT NULL CHECK (with_bike BETWEEN 0 AND samples),
  stock     integer NOT NULL CHECK (stock >= 0),
  least     integer NOT NULL CHECK (least >= 0),
  most      integer NOT NULL CHECK (most >= 0),
  PRIMARY KEY (local_day, zone_id, hour)
);
-- The whole fleet at the same moments.
CREATE TABLE fleet_hour (
  local_day  date NOT NULL,
  hour       smallint NOT NULL CHECK (hour BETWEEN 0 AND 23),
  samples    integer NOT NULL CHECK (samples > 0),
  in_service bigint NOT NULL CHECK (in_service >= 0),
  available  bigint NOT NULL CHECK (available >= 0),
  PRIMARY KEY (local_day, hour)
);

-- How far sampling and counting have come: no moment is sampled twice, whoever restarts.
CREATE TABLE numbers_mark (
  only_row      boolean PRIMARY KEY CHECK (only_row),
  sampled_step  bigint NOT NULL,
  trips_seen_at timestamptz NOT NULL
);
INSERT INTO numbers_mark VALUES (true, 0, '2020-01-01T00:00:00Z');

-- Bikes that somebody scanned and could not take.
ALTER TABLE demand_count ADD COLUMN failed_scans integer NOT NULL DEFAULT 0 CHECK (failed_scans >= 0);
CREATE INDEX demand_count_unmet ON demand_count (local_day) INCLUDE (cell, slot, unmet, failed_scans)
  WHERE unmet > 0 OR failed_scans > 0;

-- A day of each is read by its time.
CREATE INDEX trip_by_time ON trip (created_at);
CREATE INDEX trip_by_change ON trip (updated_at);
CREATE INDEX command_by_time ON command (issued_at) WHERE op = 'unlock';
CREATE INDEX journal_by_time ON journal (posted_at);

COMMIT;
