BEGIN;

-- Opening a lock without coverage through the rider's phone. Times are city time. The rider is the trip's.
CREATE TABLE no_coverage_grant (
  grant_id          uuid PRIMARY KEY,
  trip_id           uuid NOT NULL REFERENCES trip (trip_id),
  lock_id           text NOT NULL REFERENCES lock (lock_id),
  -- The lock's challenge that it answers.
  nonce             text NOT NULL,
  boot_id           bigint NOT NULL,
  challenged_uptime bigint NOT NULL,
  -- From the lock's one counter, which commands have as well.
  counter           bigint NOT NULL,
  ttl_ms            integer NOT NULL CHECK (ttl_ms > 0),
  -- unanswered: no receipt came in time, the lock may have opened; dead: it is proven that it did not.
  state             text NOT NULL CHECK (state IN ('outstanding', 'unanswered', 'opened', 'failed', 'dead')),
  -- The signed frame, given again as it is.
  frame             jsonb NOT NULL,
  issued_at         timestamptz NOT NULL,
  expires_at        timestamptz NOT NULL,
  ended_at          timestamptz,
  CHECK ((state = 'outstanding') = (ended_at IS NULL)),
  UNIQUE (lock_id, nonce),
  UNIQUE (lock_id, counter)
);
CREATE UNIQUE INDEX no_coverage_grant_one_outstanding ON no_coverage_grant (lock_id) WHERE state = 'outstanding';
CREATE INDEX no_coverage_grant_of_trip ON no_coverage_grant (trip_id);
CREATE INDEX no_coverage_grant_due ON no_coverage_grant (expires_at) WHERE state = 'outstanding';
CREATE INDEX no_coverage_grant_unsettled ON no_coverage_grant (lock_id) WHERE state IN ('outstanding', 'unanswered');

-- Keys of paid rides for a phone without network. Their codes are derived, never stored.
CREATE TABLE no_coverage_key (
  key_id     uuid PRIMARY KEY,
  trip_id    uuid NOT NULL REFERENCES trip (trip_id),
  lock_id    text NOT NULL REFERENCES lock (lock_id),
  counter    bigint NOT NULL,
  frame      jsonb NOT NULL,
  issued_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  UNIQUE (lock_id, counter)
);
CREATE INDEX no_coverage_key_of_trip ON no_coverage_key (trip_id, counter DESC);

COMMIT;
