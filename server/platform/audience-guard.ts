import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { assert } from '../../contracts/assert.ts'
import type { RiderId, StaffId } from '../../contracts/ids.ts'
import { may, type StaffRole } from '../../contracts/permissions.ts'
import { type RefusalCode, refuse } from '../../contracts/refusals.ts'
import { type Audience, audiences } from './http-context.ts'

export const riderCookie = 'zwerm_rider'
export const staffCookie = 'zwerm_staff'
export const crewCookie = 'zwerm_crew'

export type TokenOwner =
  | { readonly kind: 'rider'; readonly riderId: RiderId }
  | {
      readonly kind: 'staff'
      readonly staffId: StaffId
      readonly role: StaffRole
      /** A session of the crew's app; or one that has only its own account until there is a second factor. */
      readonly confinedTo?: 'crew' | 'self'
    }

export interface GuardDeps {
  readonly ownerOf: (token: string) => Promise<TokenOwner | null>
  /** Opens the factory routes (provisioning of locks). */
  readonly factoryToken: string
  /** Own address: pages of any other may not use our cookies. */
  readonly publicUrl: string
}

/**
 * Deny by default: a route without a declared audience stops the start, and each request is let in by its route's
 * audience only. A token is a bearer token or, in browsers, a cookie; a cookie counts on unsafe methods only when the
 * request carries our own header, which no other site can send.
 */
export function guardAudiences(app: FastifyInstance, deps: GuardDeps): void {
  app.decorateRequest('riderId', '' as RiderId)
  app.decorateRequest('staffId', '' as StaffId)
  app.decorateRequest('staffRole', 'crew')
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route: RouteOptions) => void routes.push(route))
  // Asked at the end of the start: a plugin may declare the audience of the routes that it registers for others.
  app.addHook('onReady', async () => {
    for (const { url, config } of routes) {
      assert(config?.audience && audiences.includes(config.audience), `route ${url} declares its audience`)
      assert(config.audience !== 'staff' || config.permission, `route ${url} of the desk declares its permission`)
    }
  })
  app.addHook('onRequest', async (request, reply) => {
    const audience = request.routeOptions.config.audience
    if (audience !== undefined) await letIn(audience, request, reply, deps)
  })
}

async function letIn(audience: Audience, request: FastifyRequest, reply: FastifyReply, deps: GuardDeps): Promise<void> {
  switch (audience) {
    case 'public':
    case 'provider':
    case 'demo':
      return
    case 'factory':
      if (!sameText(bearerOf(request) ?? '', deps.factoryToken)) await reply.refuse(refuse('log_in_first'))
      return
    case 'rider':
    case 'staff':
    case 'crew': {
      const bearer = bearerOf(request)
      const token = tokenOf(request, cookieOf[audience])
      if (token === undefined) return void (await reply.refuse(refuse('log_in_first')))
      if (bearer === undefined && comesFromElsewhere(request, deps.publicUrl)) {
        return void (await reply.refuse(refuse('cross_site')))
      }
      const owner = await deps.ownerOf(token)
      if (owner === null) return void (await reply.refuse(refuse('session_ended')))
      // Set for whom is refused, too: the audit log names who tried.
      if (owner.kind === 'staff') {
        request.staffId = owner.staffId
        request.staffRole = owner.role
      }
      const no = refusalOf(owner, audience, request)
      if (no !== null) return void (await reply.refuse(refuse(no)))
      if (owner.kind === 'rider') request.riderId = owner.riderId
    }
  }
}

const cookieOf = { rider: riderCookie, staff: staffCookie, crew: crewCookie } as const

function refusalOf(
  owner: TokenOwner,
  audience: 'rider' | 'staff' | 'crew',
  request: FastifyRequest,
): RefusalCode | null {
  if (audience === 'rider') return owner.kind === 'rider' ? null : 'not_allowed'
  if (owner.kind !== 'staff') return 'not_allowed'
  const isSelf = owner.confinedTo === 'self'
  if (audience === 'crew') {
    if (!may(owner.role, 'crew.drive')) return 'not_allowed'
    return isSelf ? 'second_factor_needed' : null
  }
  const { permission } = request.routeOptions.config
  if (permission === undefined || owner.confinedTo === 'crew' || !may(owner.role, permission)) return 'not_allowed'
  return isSelf && permission !== 'self.manage' ? 'second_factor_needed' : null
}

/**
 * A cookie travels with every request, whoever's page makes it. Unsafe ones need our own header; and where the browser
 * names the page's origin (always for a WebSocket, which is a GET), it must be ours.
 */
function comesFromElsewhere(request: FastifyRequest, publicUrl: string): boolean {
  if (!safeMethods.has(request.method) && request.headers['x-zwerm-app'] === undefined) return true
  const { origin, host } = request.headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || ![host, new URL(publicUrl).host].includes(new URL(origin).host)
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The token of a request: a bearer's, or a browser's cookie of this name. */
export const tokenOf = (request: FastifyRequest, cookie: string): string | undefined =>
  bearerOf(request) ?? request.cookies[cookie]

const bearerOf = (request: FastifyRequest): string | undefined => {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined
}

const sameText = (given: string, wanted: string): boolean => {
  const a = Buffer.from(given)
  const b = Buffer.from(wanted)
  return a.length === b.length && b.length > 0 && timingSafeEqual(a, b)
}
