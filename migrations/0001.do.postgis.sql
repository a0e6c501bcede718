BEGIN;

-- Geometry types and functions for zones, streets and positions. Creating it needs the rights of the database's owner
-- (PostgreSQL ≥ 13 with postgis marked trusted) or of a superuser.
CREATE EXTENSION IF NOT EXISTS postgis;

COMMIT;
