BEGIN;

-- Effects saved in the same transaction as the state that asks for them, performed at least once by the relay.
CREATE TABLE outbox (
  outbox_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL,
  payload     jsonb NOT NULL,
  ready_at    timestamptz NOT NULL,
  attempts    integer NOT NULL,
  last_error  text,
  created_at  timestamptz NOT NULL,
  done_at     timestamptz
);
CREATE INDEX outbox_ready ON outbox (ready_at) WHERE done_at IS NULL;

-- City time never goes back over restarts or changes of speed.
CREATE TABLE city_clock (
  only_row   boolean PRIMARY KEY CHECK (only_row),
  city_at    timestamptz NOT NULL,
  real_at    timestamptz NOT NULL,
  speed      double precision NOT NULL CHECK (speed > 0)
);

COMMIT;
