BEGIN;

-- The address itself is sealed; it is found again by a keyed hash of it.
CREATE TABLE rider (
  rider_id       uuid PRIMARY KEY,
  address_index  bytea NOT NULL UNIQUE,
  address_sealed bytea NOT NULL,
  language       text NOT NULL CHECK (language IN ('en', 'nl', 'zh')),
  blocked        boolean NOT NULL,
  created_at     timestamptz NOT NULL
);

CREATE TABLE login_code (
  address_index bytea PRIMARY KEY,
  code_hash     bytea NOT NULL,
  expires_at    timestamptz NOT NULL,
  tries_left    integer NOT NULL CHECK (tries_left >= 0),
  sent_at       timestamptz NOT NULL
);

CREATE TABLE staff (
  staff_id   uuid PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE TABLE staff_link (
  token_hash bytea PRIMARY KEY,
  staff_id   uuid NOT NULL REFERENCES staff (staff_id),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  rider_id   uuid REFERENCES rider (rider_id),
  staff_id   uuid REFERENCES staff (staff_id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CHECK ((rider_id IS NULL) <> (staff_id IS NULL))
);

-- The first answer to a request that costs something: a repeat gets it again and costs nothing.
CREATE TABLE idempotent_answer (
  rider_id     uuid NOT NULL REFERENCES rider (rider_id),
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  status       integer,
  body         jsonb,
  created_at   timestamptz NOT NULL,
  PRIMARY KEY (rider_id, key)
);

COMMIT;
