BEGIN;

-- What is allowed where, and where bikes should stand. A change is a new version with a time from which it holds;
-- nothing is overwritten, so that what held at any moment can still be asked.
CREATE TABLE zone_version (
  zone_id       uuid NOT NULL,
  version       integer NOT NULL CHECK (version >= 1),
  kind          text NOT NULL CHECK (kind IN ('service_area', 'no_parking', 'no_ride', 'slow', 'hotspot')),
  name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  geom          geometry(MultiPolygon, 4326) NOT NULL,
  centre        geometry(Point, 4326) NOT NULL,
  radius_m      real,
  capacity      integer CHECK (capacity BETWEEN 0 AND 500),
  min_bikes     integer CHECK (min_bikes BETWEEN 0 AND 500),
  max_bikes     integer CHECK (max_bikes BETWEEN 0 AND 500),
  max_speed_kmh integer CHECK (max_speed_kmh BETWEEN 3 AND 25),
  removed       boolean NOT NULL,
  holds_from    timestamptz NOT NULL,
  made_at       timestamptz NOT NULL,
  made_by       uuid REFERENCES staff (staff_id),
  PRIMARY KEY (zone_id, version),
  CHECK (kind <> 'hotspot' OR capacity IS NOT NULL),
  CHECK (min_bikes IS NULL OR max_bikes IS NULL OR min_bikes <= max_bikes)
);
CREATE INDEX zone_version_geom ON zone_version USING gist (geom);
CREATE INDEX zone_version_holds ON zone_version (zone_id, holds_from DESC);

-- How often people took, left and looked for a bike, by H3 cell (resolution 9) and half hour of the operator's day.
-- Counts only: who it was is never here.
CREATE TABLE demand_count (
  cell          text NOT NULL CHECK (cell ~ '^[0-9a-f]{15}$'),
  local_day     date NOT NULL,
  slot          smallint NOT NULL CHECK (slot BETWEEN 0 AND 47),
  pickups       integer NOT NULL DEFAULT 0 CHECK (pickups >= 0),
  dropoffs      integer NOT NULL DEFAULT 0 CHECK (dropoffs >= 0),
  searches      integer NOT NULL DEFAULT 0 CHECK (searches >= 0),
  unmet         integer NOT NULL DEFAULT 0 CHECK (unmet >= 0),
  empty_minutes real NOT NULL DEFAULT 0 CHECK (empty_minutes BETWEEN 0 AND 30),
  PRIMARY KEY (cell, local_day, slot)
);
CREATE INDEX demand_count_day ON demand_count (local_day);

COMMIT;
