BEGIN;

-- What a person must look at. One alarm of a kind at a time for a bike: told again while it is open, it counts up.
-- Rows are alarms of kinds in server/alarms/core/alarm-kinds.ts; times are city time unless a name says `real`.
CREATE TABLE alarm (
  alarm_id      uuid PRIMARY KEY,
  kind          text NOT NULL,
  bike_id       uuid NOT NULL REFERENCES bike (bike_id),
  trip_id       uuid REFERENCES trip (trip_id),
  -- The newest cause that was told: told twice, it counts once.
  cause_key     text NOT NULL UNIQUE,
  state         text NOT NULL CHECK (state IN ('open', 'acknowledged', 'snoozed', 'resolved')),
  severity      text NOT NULL CHECK (severity IN ('urgent', 'warning', 'notice')),
  -- Until it is resolved nobody can rent the bike.
  blocks_rental boolean NOT NULL,
  raised_at     timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  times         integer NOT NULL DEFAULT 1 CHECK (times > 0),
  assigned_to   uuid REFERENCES staff (staff_id),
  snoozed_until timestamptz,
  resolved_at   timestamptz,
  -- How it ended; 'by_itself' when no person did.
  resolution    text,
  -- Counts what persons did to it and every end: an act on another version comes too late.
  version       integer NOT NULL DEFAULT 1,
  detail        jsonb NOT NULL,
  CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL)),
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL) AND (state = 'resolved') = (resolution IS NOT NULL))
);
CREATE UNIQUE INDEX alarm_one_open ON alarm (bike_id, kind) WHERE state <> 'resolved';
CREATE INDEX alarm_of_bike ON alarm (bike_id, raised_at DESC);
CREATE INDEX alarm_inbox ON alarm (raised_at DESC, alarm_id) WHERE state <> 'resolved';
CREATE INDEX alarm_history ON alarm (raised_at DESC, alarm_id);
CREATE INDEX alarm_snoozed ON alarm (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- The history of an alarm: what became of it by itself has no staff.
CREATE TABLE alarm_act (
  act_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alarm_id uuid NOT NULL REFERENCES alarm (alarm_id) ON DELETE CASCADE,
  at       timestamptz NOT NULL,
  real_at  timestamptz NOT NULL,
  staff_id uuid REFERENCES staff (staff_id),
  act      text NOT NULL,
  note     text,
  -- Whom it was given to, until when it sleeps, how it ended.
  detail   jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX alarm_act_of ON alarm_act (alarm_id, act_id);

-- From when on rules raise an alarm; the newest row holds.
CREATE TABLE alarm_settings (
  settings_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  settings    jsonb NOT NULL,
  real_at     timestamptz NOT NULL,
  staff_id    uuid REFERENCES staff (staff_id)
);

-- Where a bike was last left on purpose, and since when it stands there: it must not be elsewhere without a ride.
CREATE TABLE bike_anchor (
  bike_id    uuid PRIMARY KEY REFERENCES bike (bike_id),
  lon        double precision NOT NULL,
  lat        double precision NOT NULL,
  accuracy_m double precision NOT NULL CHECK (accuracy_m >= 0),
  at         timestamptz NOT NULL
);

CREATE TABLE task (
  task_id     uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('look', 'repair', 'collect', 'swap_battery', 'move', 'other')),
  bike_id     uuid REFERENCES bike (bike_id),
  alarm_id    uuid REFERENCES alarm (alarm_id),
  title       text NOT NULL,
  note        text,
  priority    text NOT NULL CHECK (priority IN ('now', 'today', 'later')),
  state       text NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')),
  assigned_to uuid REFERENCES staff (staff_id),
  due_at      timestamptz,
  created_at  timestamptz NOT NULL,
  created_by  uuid REFERENCES staff (staff_id),
  ended_at    timestamptz,
  ended_by    uuid REFERENCES staff (staff_id),
  version     integer NOT NULL DEFAULT 1,
  CHECK ((state IN ('done', 'dropped')) = (ended_at IS NOT NULL))
);
CREATE INDEX task_open ON task (created_at DESC, task_id) WHERE state IN ('open', 'doing');
CREATE INDEX task_history ON task (created_at DESC, task_id);
CREATE INDEX task_of_bike ON task (bike_id, created_at DESC) WHERE bike_id IS NOT NULL;
CREATE INDEX task_of_alarm ON task (alarm_id) WHERE alarm_id IS NOT NULL;

CREATE TABLE task_act (
  act_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  task_id  uuid NOT NULL REFERENCES task (task_id) ON DELETE CASCADE,
  at       timestamptz NOT NULL,
  real_at  timestamptz NOT NULL,
  staff_id uuid REFERENCES staff (staff_id),
  act      text NOT NULL,
  note     text,
  detail   jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX task_act_of ON task_act (task_id, act_id);

-- What riders say of a bike. Who said it is never shown; it is kept a while so that one rider counts as one.
CREATE TABLE rider_report (
  report_id uuid PRIMARY KEY,
  bike_id   uuid NOT NULL REFERENCES bike (bike_id),
  trip_id   uuid REFERENCES trip (trip_id),
  rider_id  uuid REFERENCES rider (rider_id),
  kind      text NOT NULL CHECK (kind IN ('brakes', 'tyre', 'chain', 'saddle', 'lock', 'lights', 'parked_badly',
                                          'sticker', 'other')),
  -- By hand, or made from what the rider answered when a ride ended.
  source    text NOT NULL CHECK (source IN ('rider', 'free_exit', 'ended_ride')),
  text      text,
  at        timestamptz NOT NULL,
  state     text NOT NULL CHECK (state IN ('new', 'seen', 'closed')),
  closed_at timestamptz,
  closed_by uuid REFERENCES staff (staff_id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX rider_report_one_open ON rider_report (rider_id, bike_id, kind) WHERE state <> 'closed';
CREATE INDEX rider_report_open ON rider_report (at DESC, report_id) WHERE state <> 'closed';
CREATE INDEX rider_report_history ON rider_report (at DESC, report_id);
CREATE INDEX rider_report_of_bike ON rider_report (bike_id, at DESC);

-- Incidents become alarms. Of several open ones of a kind on a bike the oldest goes on and counts them all.
INSERT INTO alarm (alarm_id, kind, bike_id, trip_id, cause_key, state, severity, blocks_rental, raised_at, last_seen_at,
                   times, resolved_at, resolution, detail)
SELECT incident_id, kind, bike_id, trip_id, cause_key,
       CASE WHEN is_open AND turn = 1 THEN 'open' ELSE 'resolved' END,
       CASE WHEN kind IN ('forced', 'opened_after_release') THEN 'urgent' ELSE 'warning' END,
       true, at, CASE WHEN is_open AND turn = 1 THEN newest ELSE at END,
       CASE WHEN is_open AND turn = 1 THEN amount::int ELSE 1 END,
       CASE WHEN is_open AND turn = 1 THEN NULL ELSE coalesce(closed_at, at) END,
       CASE WHEN is_open AND turn = 1 THEN NULL ELSE 'by_itself' END,
       detail
  FROM (SELECT *, closed_at IS NULL AS is_open,
               row_number() OVER same AS turn,
               count(*) OVER (PARTITION BY bike_id, kind, closed_at IS NULL) AS amount,
               max(at) OVER (PARTITION BY bike_id, kind, closed_at IS NULL) AS newest
          FROM incident WINDOW same AS (PARTITION BY bike_id, kind, closed_at IS NULL ORDER BY at, incident_id)) AS i;
DROP TABLE incident;

COMMIT;
