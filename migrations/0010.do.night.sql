BEGIN;

ALTER TABLE staff ADD COLUMN role text NOT NULL DEFAULT 'operator' CHECK (role IN ('operator', 'crew_lead', 'crew'));

CREATE TABLE night_settings (
  only_row   boolean PRIMARY KEY CHECK (only_row),
  body       jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  updated_by uuid REFERENCES staff (staff_id)
);

-- One plan under way and one that is driven for each night and depot, with everything that it was made from: it can be
-- made again.
CREATE TABLE night_plan (
  plan_id      uuid PRIMARY KEY,
  night        date NOT NULL,
  depot_id     text NOT NULL,
  state        text NOT NULL CHECK (state IN ('planning', 'draft', 'published', 'ended', 'failed', 'superseded')),
  revision     integer NOT NULL CHECK (revision >= 0),
  seed         bigint NOT NULL,
  plan_seconds real NOT NULL,
  iterations   bigint NOT NULL,
  settings     jsonb NOT NULL,
  -- What it was made from: the problem of server/rebalancing/core/night-problem.ts and the facts behind its numbers.
  problem      jsonb,
  facts        jsonb,
  -- What people change of the problem: vans, their shifts, the stops that are locked. The problem itself stays.
  vans         jsonb,
  plan         jsonb,
  proportional jsonb,
  progress     jsonb,
  failure      text,
  created_at   timestamptz NOT NULL,
  published_at timestamptz,
  published_by uuid REFERENCES staff (staff_id)
);
CREATE UNIQUE INDEX night_plan_one ON night_plan (night, depot_id) WHERE state IN ('planning', 'draft');
CREATE UNIQUE INDEX night_plan_one_published ON night_plan (night, depot_id) WHERE state IN ('published', 'ended');
CREATE INDEX night_plan_newest ON night_plan (created_at DESC);

-- Each edit with what was before it (vans, plan): it can be taken back.
CREATE TABLE plan_edit (
  plan_id        uuid NOT NULL REFERENCES night_plan (plan_id),
  revision       integer NOT NULL,
  edit           jsonb NOT NULL,
  vans_before    jsonb NOT NULL,
  plan_before    jsonb NOT NULL,
  change         double precision NOT NULL,
  made_by        uuid NOT NULL REFERENCES staff (staff_id),
  made_at        timestamptz NOT NULL,
  PRIMARY KEY (plan_id, revision)
);

-- A published route: what a crew claims and drives.
CREATE TABLE van_route (
  route_id   uuid PRIMARY KEY,
  plan_id    uuid NOT NULL REFERENCES night_plan (plan_id),
  van_id     text NOT NULL,
  van_name   text NOT NULL,
  capacity   integer NOT NULL CHECK (capacity BETWEEN 1 AND 100),
  start_at   timestamptz NOT NULL,
  end_at     timestamptz NOT NULL,
  distance_m double precision NOT NULL,
  state      text NOT NULL CHECK (state IN ('open', 'claimed', 'done')),
  claimed_by uuid REFERENCES staff (staff_id),
  claimed_at timestamptz,
  ended_at   timestamptz,
  revision   integer NOT NULL,
  UNIQUE (plan_id, van_id),
  -- A route that nobody took ends without a crew.
  CHECK (state <> 'open' OR claimed_by IS NULL),
  CHECK (state <> 'claimed' OR claimed_by IS NOT NULL)
);
-- A crew has one route at a time.
CREATE UNIQUE INDEX van_route_one_per_crew ON van_route (claimed_by) WHERE state = 'claimed';

CREATE TABLE route_stop (
  stop_id     uuid PRIMARY KEY,
  route_id    uuid NOT NULL REFERENCES van_route (route_id),
  position    integer NOT NULL,
  place_id    text NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('strays', 'hotspot', 'depot')),
  name        text NOT NULL,
  geom        geometry(Point, 4326) NOT NULL,
  arrive_at   timestamptz NOT NULL,
  leg_m       double precision NOT NULL,
  give        integer NOT NULL CHECK (give >= 0),
  give_broken integer NOT NULL CHECK (give_broken >= 0),
  value       double precision NOT NULL,
  state       text NOT NULL CHECK (state IN ('planned', 'done', 'skipped')),
  skip_reason text,
  ended_at    timestamptz
);
CREATE INDEX route_stop_of ON route_stop (route_id, position);

-- Bikes that a stop takes, planned or found on the way.
CREATE TABLE route_bike (
  stop_id   uuid NOT NULL REFERENCES route_stop (stop_id),
  bike_id   uuid NOT NULL REFERENCES bike (bike_id),
  is_broken boolean NOT NULL,
  state     text NOT NULL CHECK (state IN ('planned', 'loaded', 'left', 'not_found', 'blocked')),
  value     double precision NOT NULL,
  reasons   jsonb NOT NULL,
  PRIMARY KEY (stop_id, bike_id)
);
CREATE INDEX route_bike_of ON route_bike (bike_id);

-- Bikes that riders do not get now: a claimed route will take them, or they are in its van. One crew for each bike.
CREATE TABLE bike_custody (
  bike_id   uuid PRIMARY KEY REFERENCES bike (bike_id),
  route_id  uuid NOT NULL REFERENCES van_route (route_id),
  state     text NOT NULL CHECK (state IN ('claimed', 'in_van')),
  is_broken boolean NOT NULL,
  since     timestamptz NOT NULL
);
CREATE INDEX bike_custody_route ON bike_custody (route_id);

-- Every act of a crew as it arrived, once by its own id; refused ones too.
CREATE TABLE crew_act (
  act_id      uuid PRIMARY KEY,
  crew_id     uuid NOT NULL REFERENCES staff (staff_id),
  route_id    uuid NOT NULL REFERENCES van_route (route_id),
  body        jsonb NOT NULL,
  acted_at    timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  geom        geometry(Point, 4326),
  outcome     text NOT NULL CHECK (outcome IN ('applied', 'refused')),
  code        text,
  by_name     text
);
CREATE INDEX crew_act_route ON crew_act (route_id, acted_at);

-- A bike's way in a van: where it was taken and where it was put down.
CREATE TABLE bike_move (
  move_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bike_id   uuid NOT NULL REFERENCES bike (bike_id),
  route_id  uuid NOT NULL REFERENCES van_route (route_id),
  taken_at  timestamptz NOT NULL,
  taken_geom geometry(Point, 4326),
  left_at   timestamptz,
  left_geom geometry(Point, 4326),
  left_stop uuid REFERENCES route_stop (stop_id),
  is_broken boolean NOT NULL
);
CREATE UNIQUE INDEX bike_move_under_way ON bike_move (bike_id) WHERE left_at IS NULL;
CREATE INDEX bike_move_route ON bike_move (route_id);

CREATE TABLE crew_photo (
  photo_id     uuid PRIMARY KEY,
  crew_id      uuid NOT NULL REFERENCES staff (staff_id),
  content_type text NOT NULL CHECK (content_type IN ('image/jpeg', 'image/png', 'image/webp')),
  bytes        integer NOT NULL CHECK (bytes BETWEEN 1 AND 3145728),
  sha256       bytea NOT NULL,
  kept_at      timestamptz NOT NULL
);

CREATE TABLE morning_report (
  night    date NOT NULL,
  depot_id text NOT NULL,
  body     jsonb NOT NULL,
  made_at  timestamptz NOT NULL,
  PRIMARY KEY (night, depot_id)
);

COMMIT;
