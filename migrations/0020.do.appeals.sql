BEGIN;

-- Pictures of riders; their bytes are files. Sent first, then named by the report or the appeal that they belong to.
CREATE TABLE rider_photo (
  photo_id     uuid PRIMARY KEY,
  -- Null: whose it was is no longer known, the picture is kept for what it shows.
  rider_id     uuid REFERENCES rider (rider_id),
  content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'image/webp')),
  bytes        integer NOT NULL CHECK (bytes BETWEEN 1 AND 3145728),
  -- Of what was sent, before anything was taken out: knows a repeat.
  sha256       bytea NOT NULL,
  -- Real time, as all traces.
  kept_at      timestamptz NOT NULL,
  report_id    uuid REFERENCES rider_report (report_id),
  appeal_id    uuid,
  -- In the order in which the rider added them.
  place        smallint NOT NULL DEFAULT 0,
  CHECK (num_nonnulls(report_id, appeal_id) <= 1)
);
CREATE INDEX rider_photo_of_rider ON rider_photo (rider_id, kept_at) WHERE rider_id IS NOT NULL;
CREATE INDEX rider_photo_of_report ON rider_photo (report_id) WHERE report_id IS NOT NULL;
CREATE INDEX rider_photo_of_appeal ON rider_photo (appeal_id) WHERE appeal_id IS NOT NULL;
CREATE INDEX rider_photo_age ON rider_photo (kept_at);

-- "Was that price right?" Times are city time.
CREATE TABLE appeal (
  appeal_id      uuid PRIMARY KEY,
  trip_id        uuid NOT NULL REFERENCES trip (trip_id),
  -- Null: whose it was is no longer known.
  rider_id       uuid REFERENCES rider (rider_id),
  about          text NOT NULL CHECK (about IN ('wrong_place', 'price', 'lock', 'not_my_ride', 'other')),
  text           text NOT NULL CHECK (length(text) <= 1000),
  state          text NOT NULL CHECK (state IN ('open', 'accepted', 'partly', 'denied', 'withdrawn')),
  disputed_minor bigint NOT NULL CHECK (disputed_minor >= 0),
  refund_minor   bigint NOT NULL DEFAULT 0 CHECK (refund_minor BETWEEN 0 AND disputed_minor),
  created_at     timestamptz NOT NULL,
  decide_by      timestamptz NOT NULL,
  decided_at     timestamptz,
  -- Null of one that was decided: by the deadline, or the rider took it back.
  decided_by     uuid REFERENCES staff (staff_id),
  answer         text CHECK (length(answer) <= 500),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX appeal_one_open ON appeal (trip_id) WHERE state = 'open';
CREATE INDEX appeal_of_trip ON appeal (trip_id, created_at DESC);
CREATE INDEX appeal_of_rider ON appeal (rider_id, created_at DESC, appeal_id DESC) WHERE rider_id IS NOT NULL;
CREATE INDEX appeal_due ON appeal (decide_by, appeal_id) WHERE state = 'open';
CREATE INDEX appeal_decided ON appeal (decided_at DESC, appeal_id DESC) WHERE state <> 'open';

ALTER TABLE rider_photo ADD FOREIGN KEY (appeal_id) REFERENCES appeal (appeal_id);

COMMIT;
