BEGIN;

-- Nobody: whose trips and payments are kept without anybody's name stands here (contracts/nobody.ts).
ALTER TABLE rider
  ALTER COLUMN address_index DROP NOT NULL,
  ALTER COLUMN address_sealed DROP NOT NULL,
  ADD CHECK ((address_index IS NULL) = (address_sealed IS NULL));
INSERT INTO rider (rider_id, address_index, address_sealed, language, blocked, created_at)
VALUES ('00000000-0000-7000-8000-000000000000', NULL, NULL, 'en', true, '2020-01-01T00:00:00Z');

-- Of the page that asked for the code: a new rider's language.
ALTER TABLE login_code ADD COLUMN language text CHECK (language IN ('en', 'nl', 'zh'));
CREATE INDEX session_of_rider ON session (rider_id) WHERE rider_id IS NOT NULL;
CREATE INDEX rider_report_of_rider ON rider_report (rider_id) WHERE rider_id IS NOT NULL;
CREATE INDEX payment_of_rider ON payment (rider_id, created_at DESC, payment_id);

-- A copy of everything that is kept of one rider, as a file outside of the database. Real time, as all traces.
CREATE TABLE data_export (
  export_id  uuid PRIMARY KEY,
  rider_id   uuid NOT NULL REFERENCES rider (rider_id),
  state      text NOT NULL CHECK (state IN ('asked', 'ready', 'failed', 'gone')),
  asked_at   timestamptz NOT NULL,
  ready_at   timestamptz,
  -- The file is deleted then.
  expires_at timestamptz,
  bytes      integer CHECK (bytes > 0),
  CHECK ((state IN ('ready', 'gone')) = (expires_at IS NOT NULL))
);
CREATE INDEX data_export_of_rider ON data_export (rider_id, asked_at DESC);
CREATE INDEX data_export_asked ON data_export (asked_at) WHERE state = 'asked';
CREATE INDEX data_export_ready ON data_export (expires_at) WHERE state = 'ready';
CREATE INDEX data_export_over ON data_export (asked_at) WHERE state IN ('failed', 'gone');

-- Riders who had themselves deleted: a keyed hash of their id, to delete them again when a backup brings them back. The id
-- itself stands here only as long as there is something left to forget.
CREATE TABLE erasure (
  erasure_id uuid PRIMARY KEY,
  rider_hash bytea NOT NULL UNIQUE,
  rider_id   uuid UNIQUE REFERENCES rider (rider_id),
  asked_at   timestamptz NOT NULL,
  done_at    timestamptz,
  CHECK ((rider_id IS NULL) = (done_at IS NOT NULL))
);
CREATE INDEX erasure_asked ON erasure (asked_at) WHERE done_at IS NULL;

-- Where a ride began and ended becomes a square of about a hundred metres after a while, and its rider nobody later on.
ALTER TABLE trip ADD COLUMN places_rounded boolean NOT NULL DEFAULT false;
CREATE INDEX trip_exact_places ON trip (created_at) WHERE NOT places_rounded;
CREATE INDEX trip_of_somebody ON trip (created_at) WHERE rider_id <> '00000000-0000-7000-8000-000000000000';
CREATE INDEX payment_of_somebody ON payment (created_at) WHERE rider_id <> '00000000-0000-7000-8000-000000000000';

COMMIT;
