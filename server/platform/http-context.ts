import '@fastify/cookie'
import '@fastify/rate-limit'
import '@fastify/swagger'
import type { RiderId, StaffId } from '../../contracts/ids.ts'
import type { Permission, StaffRole } from '../../contracts/permissions.ts'
import type { Refusal } from '../../contracts/refusals.ts'

/**
 * Who a route is for. `rider`, `staff` and `crew` need their session, `factory` the provisioning token, `provider` proves
 * itself by its own signature, `demo` exists only beside a simulated city. `staff` is the desk, closed to crews, and each
 * of its routes names the permission that it needs; `crew` asks for `crew.drive` at every route. A route without an audience, or of
 * the desk without a permission, does not start.
 */
export const audiences = ['public', 'rider', 'staff', 'crew', 'factory', 'provider', 'demo'] as const
export type Audience = (typeof audiences)[number]

export interface AuditNote {
  /** Where the path names nothing: what came to be. */
  readonly subject?: { readonly kind: string; readonly id: string }
  readonly [name: string]: unknown
}

declare module 'fastify' {
  interface FastifyContextConfig {
    audience?: Audience
    /** What the role of a colleague must allow; every `staff` route has one. */
    permission?: Permission
    /**
     * Colleagues' unsafe requests are all written down, and looks where this is true. False: the route cannot change
     * anything, whatever it is sent. `unless_dry_run`: with `dryRun: true` in its body it cannot. Refusals always are.
     */
    audited?: boolean | 'unless_dry_run'
    /** The request costs something: an Idempotency-Key header is needed and a repeat gets the first answer. */
    idempotent?: boolean
  }
  interface FastifyRequest {
    /** Set on `rider` routes. */
    riderId: RiderId
    /** This request claimed its Idempotency-Key: its answer will be the first one. */
    holdsAnswer: boolean
    /** Set on `staff` and `crew` routes. */
    staffId: StaffId
    staffRole: StaffRole
    /** The row of the audit log that was begun for this request. */
    auditId: number | null
    /** What a handler has to say for the audit log: whom it made, how much it paid back. Never a secret. */
    auditNote: AuditNote | null
  }
  interface FastifyReply {
    /** An expected no: its status and application/problem+json. */
    refuse(refusal: Refusal): FastifyReply
  }
}
