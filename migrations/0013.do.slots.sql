BEGIN;

-- A bike's place in the columns of the live feed. It is never given to another bike, so that open desks keep their rows
-- over a restart of the server.
ALTER TABLE bike ADD COLUMN slot integer;
UPDATE bike SET slot = placed.slot
  FROM (SELECT bike_id, row_number() OVER (ORDER BY length(number), number) - 1 AS slot FROM bike) AS placed
 WHERE placed.bike_id = bike.bike_id;
-- Only an insert that fails leaves a slot unused: columns by slot stay dense enough to be arrays.
CREATE SEQUENCE bike_slot AS integer MINVALUE 0 START 0 OWNED BY bike.slot;
SELECT setval('bike_slot', (SELECT coalesce(max(slot) + 1, 0) FROM bike), false);
ALTER TABLE bike
  ALTER COLUMN slot SET DEFAULT nextval('bike_slot'),
  ALTER COLUMN slot SET NOT NULL,
  ADD UNIQUE (slot),
  ADD CHECK (slot >= 0);

COMMIT;
