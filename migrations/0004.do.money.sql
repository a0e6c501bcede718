BEGIN;

CREATE TABLE tariff (
  tariff_id               text PRIMARY KEY,
  currency                text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  unlock_minor            bigint NOT NULL CHECK (unlock_minor BETWEEN 0 AND 1000000),
  per_minute_minor        bigint NOT NULL CHECK (per_minute_minor BETWEEN 0 AND 1000000),
  pause_per_minute_minor  bigint NOT NULL CHECK (pause_per_minute_minor BETWEEN 0 AND 1000000),
  day_cap_minor           bigint NOT NULL CHECK (day_cap_minor BETWEEN 0 AND 10000000),
  free_exit_ms            bigint NOT NULL CHECK (free_exit_ms BETWEEN 0 AND 3600000),
  hold_minor              bigint NOT NULL CHECK (hold_minor BETWEEN 1 AND 10000000),
  vat_percent             integer NOT NULL CHECK (vat_percent BETWEEN 0 AND 100),
  valid_from              timestamptz NOT NULL
);
INSERT INTO tariff VALUES ('city-1', 'CNY', 150, 30, 10, 4800, 180000, 9900, 9, '2020-01-01T00:00:00Z');

-- A promise of money and what became of it. Keys are stored before the first call to the provider that uses them.
CREATE TABLE payment (
  payment_id      uuid PRIMARY KEY,
  rider_id        uuid NOT NULL REFERENCES rider (rider_id),
  trip_id         uuid UNIQUE,
  provider        text NOT NULL,
  state           text NOT NULL,
  currency        text NOT NULL,
  held_minor      bigint NOT NULL CHECK (held_minor > 0),
  due_minor       bigint NOT NULL DEFAULT 0 CHECK (due_minor >= 0),
  captured_minor  bigint NOT NULL DEFAULT 0 CHECK (captured_minor >= 0),
  refunded_minor  bigint NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
  hold_key        text NOT NULL UNIQUE,
  provider_ref    text,
  transaction_ref text,
  next_action     jsonb NOT NULL,
  expires_at      timestamptz NOT NULL,
  poll_at         timestamptz,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  CHECK (captured_minor <= held_minor),
  CHECK (refunded_minor <= captured_minor)
);
CREATE UNIQUE INDEX payment_one_open_promise ON payment (rider_id)
  WHERE trip_id IS NULL AND state IN ('hold_pending', 'held');
CREATE INDEX payment_to_poll ON payment (poll_at) WHERE poll_at IS NOT NULL;

CREATE TABLE refund (
  refund_id    uuid PRIMARY KEY,
  payment_id   uuid NOT NULL REFERENCES payment (payment_id),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  reason       text NOT NULL,
  state        text NOT NULL CHECK (state IN ('pending', 'done')),
  created_at   timestamptz NOT NULL
);

-- A provider's messages, stored as they came, before they are believed.
CREATE TABLE provider_message (
  provider    text NOT NULL,
  event_id    text NOT NULL,
  body        bytea NOT NULL,
  received_at timestamptz NOT NULL,
  applied_at  timestamptz,
  PRIMARY KEY (provider, event_id)
);

-- Double entry, append-only. Every journal sums to zero per currency, checked at commit.
CREATE TABLE account (
  account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  kind       text NOT NULL CHECK (kind IN ('asset', 'liability', 'income', 'expense'))
);
CREATE TABLE journal (
  journal_id uuid PRIMARY KEY,
  idem_key   text NOT NULL UNIQUE,
  event      text NOT NULL,
  trip_id    uuid,
  payment_id uuid,
  reverses   uuid UNIQUE REFERENCES journal (journal_id),
  posted_at  timestamptz NOT NULL
);
CREATE TABLE entry (
  journal_id   uuid NOT NULL REFERENCES journal (journal_id),
  line         smallint NOT NULL,
  account_id   bigint NOT NULL REFERENCES account (account_id),
  amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
  currency     text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (journal_id, line)
);
CREATE INDEX entry_by_account ON entry (account_id);

CREATE FUNCTION journal_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  id uuid := NEW.journal_id;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM entry WHERE journal_id = id) THEN
    RAISE EXCEPTION 'journal % has no entries', id USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM entry WHERE journal_id = id GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
    RAISE EXCEPTION 'journal % does not sum to zero', id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_sums_to_zero();
CREATE CONSTRAINT TRIGGER entry_balanced AFTER INSERT ON entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_sums_to_zero();

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: post a reversing journal', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE SEQUENCE receipt_number_seed START 1;
CREATE TABLE receipt (
  token     text PRIMARY KEY,
  trip_id   uuid NOT NULL UNIQUE,
  number    text NOT NULL UNIQUE,
  body      jsonb NOT NULL,
  issued_at timestamptz NOT NULL
);

COMMIT;
