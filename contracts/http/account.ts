import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { type Permission, permissions } from '../permissions.ts'
import { StaffRole } from './crews.ts'

const names = Object.keys(permissions) as readonly Permission[]
const PermissionName = Type.Unsafe<Permission>(Type.Union(names.map((name) => Type.Literal(name))))

/** GET /v1/staff/me: who is logged in at the desk, and what this person may do. */
export const Me = Type.Object({
  staffId: Uuid,
  name: Type.String(),
  role: StaffRole,
  permissions: Type.Array(PermissionName, { maxItems: 100 }),
  hasPassword: Type.Boolean(),
  hasSecondFactor: Type.Boolean(),
})
export type Me = Type.Static<typeof Me>
