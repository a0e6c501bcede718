BEGIN;

-- Each opening asks whether its lock has closed since.
CREATE INDEX lock_report_of_lock ON lock_report (lock_id, made_at) WHERE kind = 'evt';

-- What the master keys of this database look like: other keys would lock every lock and every rider out.
CREATE TABLE key_fingerprint (
  only_row boolean PRIMARY KEY CHECK (only_row),
  digest   bytea NOT NULL
);

COMMIT;
