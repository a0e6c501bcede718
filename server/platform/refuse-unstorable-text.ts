import type { FastifyInstance } from 'fastify'
import { refuse } from '../../contracts/refusals.ts'
import { isStorable } from '../../contracts/storable-text.ts'
import './http-context.ts'

/** Deeper than any request of ours. */
const deepest = 32

/**
 * Refuses a request with a text that no database of ours can keep: it would end as a fault in the middle of an act.
 * The crews' app is let through: what waits on a phone must never be stuck there, and is cleaned where it is read.
 */
export function refuseUnstorableText(app: FastifyInstance): void {
  app.addHook('preValidation', async (request, reply) => {
    const parts = [request.params, request.query, request.body]
    const isCrew = request.routeOptions.config.audience === 'crew'
    if (!isCrew && parts.some((part) => hasUnstorable(part, 0))) {
      await reply.refuse(refuse('bad_request', 'The text contains characters that cannot be stored.'))
    }
  })
}

function hasUnstorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !isStorable(value)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  if (depth >= deepest) return true
  return Object.entries(value).some(([name, field]) => !isStorable(name) || hasUnstorable(field, depth + 1))
}
