BEGIN;

-- Seven roles (contracts/permissions.ts). Who could do everything at the desk is an admin from now on.
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
UPDATE staff SET role = 'admin' WHERE role = 'operator';
ALTER TABLE staff
  ALTER COLUMN role SET DEFAULT 'viewer',
  ADD CHECK (role IN ('viewer', 'dispatcher', 'support', 'crew_lead', 'finance', 'admin', 'crew')),
  -- Case-folded: two people never differ by a capital letter.
  ADD COLUMN log_in_name text UNIQUE CHECK (log_in_name = lower(log_in_name) AND length(log_in_name) BETWEEN 2 AND 100),
  -- argon2id with its parameters and salt, as one string (PHC).
  ADD COLUMN password_hash text,
  -- Secrets of the phone's codes are sealed (AES-256-GCM); one that is shown counts after its first code.
  ADD COLUMN totp_sealed bytea,
  ADD COLUMN totp_shown_sealed bytea,
  ADD COLUMN totp_shown_at timestamptz,
  -- The newest time step whose code was used: it and older ones are refused.
  ADD COLUMN totp_step bigint,
  ADD COLUMN seen_at timestamptz,
  -- Switched off: no session, no link.
  ADD COLUMN ended_at timestamptz;

-- Ten at a time, each works once.
CREATE TABLE staff_recovery_code (
  staff_id  uuid NOT NULL REFERENCES staff (staff_id),
  code_hash bytea NOT NULL,
  used_at   timestamptz,
  PRIMARY KEY (staff_id, code_hash)
);

-- Wrong tries by a keyed hash of the log-in name that was typed, so that a name nobody has is counted like any other.
CREATE TABLE staff_try (
  subject_index bytea PRIMARY KEY,
  tries         integer NOT NULL CHECK (tries >= 0),
  first_at      timestamptz NOT NULL,
  locked_until  timestamptz
);

-- For a lost phone: the link takes the old second factor away.
ALTER TABLE staff_link ADD COLUMN without_second_factor boolean NOT NULL DEFAULT false;
CREATE INDEX staff_link_of_person ON staff_link (staff_id) WHERE used_at IS NULL;

-- A session of the crew's app does not open the desk. Riders' sessions have neither app nor way of log-in.
ALTER TABLE session
  ADD COLUMN session_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN app text CHECK (app IN ('desk', 'crew')),
  ADD COLUMN began_by text CHECK (began_by IN ('link', 'password')),
  ADD COLUMN seen_at timestamptz,
  ADD COLUMN agent text CHECK (length(agent) <= 200);
-- Not seen yet: whoever is logged in stays so, and is idle from the next request on.
UPDATE session SET app = CASE WHEN p.role = 'crew' THEN 'crew' ELSE 'desk' END, began_by = 'link'
  FROM staff p WHERE p.staff_id = session.staff_id;
ALTER TABLE session ADD CHECK ((staff_id IS NULL) = (app IS NULL));
CREATE INDEX session_of_staff ON session (staff_id) WHERE staff_id IS NOT NULL;

-- What colleagues did: a row before each act, its status afterwards. No status: the server stopped in between.
CREATE TABLE audit (
  audit_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at           timestamptz NOT NULL,
  city_at      timestamptz NOT NULL,
  -- Null for a log-in that failed under no name we know.
  staff_id     uuid REFERENCES staff (staff_id),
  role         text,
  action       text NOT NULL CHECK (length(action) <= 120),
  subject_kind text,
  subject_id   text CHECK (length(subject_id) <= 200),
  reason       text CHECK (length(reason) <= 500),
  -- What was asked, without secrets.
  detail       jsonb NOT NULL,
  request_id   text NOT NULL,
  status       integer CHECK (status BETWEEN 100 AND 599),
  -- Of the refusal.
  code         text,
  -- What the act says of itself: who was made, how much was paid back.
  outcome      jsonb
);
CREATE INDEX audit_of_person ON audit (staff_id, audit_id DESC);
CREATE INDEX audit_of_subject ON audit (subject_id, audit_id DESC) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_of_action ON audit (action text_pattern_ops, audit_id DESC);
CREATE INDEX audit_by_time ON audit (at);

-- Rows are added, completed once, and forgotten by the retention alone, which says so within its transaction.
CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  completed CONSTANT text[] := ARRAY['status', 'code', 'outcome', 'subject_kind', 'subject_id'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.status IS NULL AND NEW.status IS NOT NULL
      AND (OLD.subject_id IS NULL OR (NEW.subject_kind, NEW.subject_id) = (OLD.subject_kind, OLD.subject_id))
      AND to_jsonb(NEW) - completed = to_jsonb(OLD) - completed THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a row of audit is not changed';
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('zwerm.audit_retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'rows of audit are kept';
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

COMMIT;
