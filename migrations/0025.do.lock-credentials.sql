BEGIN;

-- What the factory ordered at once. Its locks are named prefix + six digits, so that a repeat makes the same ones.
CREATE TABLE lock_batch (
  batch_id   text PRIMARY KEY CHECK (batch_id ~ '^[a-z0-9-]{3,40}$'),
  prefix     text NOT NULL CHECK (prefix ~ '^[a-z0-9-]{1,24}$'),
  first      integer NOT NULL CHECK (first >= 1),
  size       integer NOT NULL CHECK (size BETWEEN 1 AND 1000),
  model      text NOT NULL,
  credential text NOT NULL CHECK (credential IN ('password', 'certificate')),
  created_at timestamptz NOT NULL
);
CREATE INDEX lock_batch_by_time ON lock_batch (created_at DESC, batch_id);

-- Who may speak for a lock. A revoked one has the next key_epoch already: what was derived from the old one is void.
ALTER TABLE lock
  ADD COLUMN batch_id text REFERENCES lock_batch (batch_id),
  ADD COLUMN credential text NOT NULL DEFAULT 'password' CHECK (credential IN ('password', 'certificate')),
  -- The only certificate that is let in; null for a lock with a password.
  ADD COLUMN certificate_serial text,
  ADD COLUMN revoked_at timestamptz,
  ADD COLUMN revoked_reason text CHECK (length(revoked_reason) BETWEEN 3 AND 200),
  ADD CHECK ((revoked_at IS NULL) = (revoked_reason IS NULL)),
  ADD CHECK (revoked_at IS NULL OR certificate_serial IS NULL);
CREATE INDEX lock_by_id ON lock (lock_id COLLATE "C");
CREATE INDEX lock_of_batch ON lock (batch_id, lock_id COLLATE "C");
CREATE INDEX lock_revoked ON lock (lock_id COLLATE "C") WHERE revoked_at IS NOT NULL;
-- The few that differ from a new lock with a password: read into memory at each start.
CREATE INDEX lock_changed ON lock (lock_id)
  WHERE key_epoch <> 1 OR revoked_at IS NOT NULL OR credential = 'certificate';

-- Certificates as they were issued: a repeat tells the same one. Their keys are derived, like all of a lock's secrets.
CREATE TABLE lock_certificate (
  serial      text PRIMARY KEY CHECK (serial ~ '^[0-9a-f]{32}$'),
  lock_id     text NOT NULL REFERENCES lock (lock_id),
  key_epoch   integer NOT NULL,
  certificate bytea NOT NULL,
  issued_at   timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  revoked_at  timestamptz
);
CREATE INDEX lock_certificate_of ON lock_certificate (lock_id, issued_at DESC);

-- Which authority signed them: with another key file every lock with a certificate would be locked out, silently.
CREATE TABLE lock_authority (
  only_row    boolean PRIMARY KEY CHECK (only_row),
  fingerprint bytea NOT NULL
);

COMMIT;
