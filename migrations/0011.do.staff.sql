BEGIN;

-- Seven roles (contracts/permissions.ts). Who could do everything at the desk is an admin from now on.
ALTER TABLE staff DROP CONSTRAINT staff_role_check;
UPDATE staff SET role = 'admin' WHERE role = 'operator';
ALTER TABLE staff
  ALTER COLUMN role SET DEFAULT 'viewer',
  ADD CHECK (role IN ('viewer', 'dispatcher', 'support', 'crew_lead', 'finance', 'admin', 'crew'));

COMMIT;
