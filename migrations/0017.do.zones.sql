BEGIN;

-- A change of a zone that has not begun yet can be called off. It stays written down and never holds.
ALTER TABLE zone_version
  ADD COLUMN called_off_at timestamptz,
  ADD COLUMN called_off_by uuid REFERENCES staff (staff_id);
CREATE INDEX zone_version_later ON zone_version (holds_from);

COMMIT;
