import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { storable } from '../../contracts/storable-text.ts'
import type { Audit } from './audit-service.ts'
import type { AuditEntry } from './audit-store.ts'
import { nameAct } from './core/name-act.ts'
import { redact } from './core/redact.ts'
import '../platform/http-context.ts'

/**
 * A row before the handler of every unsafe request of a colleague, and of every look that its route calls `audited`;
 * its status when the answer goes out. A try that cannot change anything, as its route says, leaves none: whoever draws
 * a zone makes hundreds of them. What a colleague was refused is in it too, also a look or a try. A request beyond the
 * allowance is not: nothing was asked, and a flood of them must not become a flood of rows.
 */
export function traceColleagues(app: FastifyInstance, audit: Audit): void {
  app.decorateRequest('auditId', null)
  app.decorateRequest('auditNote', null)
  // Bodies are read by now and not yet judged: a wrong one leaves a trace as well.
  app.addHook('preValidation', async (request) => {
    if (isTraced(request)) request.auditId = await audit.begin(entryOf(request))
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const { auditId } = request
    const isRefused = reply.statusCode === 401 || reply.statusCode === 403
    const isMissing = auditId === null && request.staffId !== '' && (isTraced(request) || isRefused)
    const wasAsked = reply.statusCode !== 429 && request.method !== 'HEAD'
    if (auditId === null && !(isMissing && wasAsked)) return payload
    const { subject = null, ...outcome } = request.auditNote ?? {}
    const end = {
      status: reply.statusCode,
      code: codeOf(reply, payload),
      outcome: Object.keys(outcome).length === 0 ? null : (redact(outcome) as Readonly<Record<string, unknown>>),
    }
    try {
      if (auditId === null) await audit.write(entryOf(request), end)
      else await audit.complete(auditId, end, subject)
    } catch (error) {
      // The act is done and its row is there, without a status. The answer must not say that it failed.
      request.log.error({ err: error, auditId }, 'a row of the audit log could not be completed')
    }
    return payload
  })
}

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

function isTraced(request: FastifyRequest): boolean {
  const { audience, audited } = request.routeOptions.config
  if (request.staffId === '' || (audience !== 'staff' && audience !== 'crew')) return false
  if (audited === true) return true
  if (safeMethods.has(request.method) || audited === false) return false
  return audited !== 'unless_dry_run' || !isDryRun(request.body)
}

/** As it was sent: what only later becomes `true` is written down. */
const isDryRun = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'dryRun' in body && body.dryRun === true

function entryOf(request: FastifyRequest): AuditEntry {
  const { permission = 'crew' } = request.routeOptions.config
  const params = (request.params ?? {}) as Readonly<Record<string, unknown>>
  const body = request.body as { readonly reason?: unknown } | null | undefined
  const query = request.query as object | undefined
  const reason =
    typeof body === 'object' && body !== null && typeof body.reason === 'string' ? storable(body.reason) : null
  const detail = {
    // Copied: the router's own objects are of a class of its own, and only plain ones are kept.
    ...(Object.keys(params).length > 0 ? { params: { ...params } } : {}),
    ...(query !== undefined && Object.keys(query).length > 0 ? { query: { ...query } } : {}),
    ...(body === undefined || body === null ? {} : { body }),
  }
  return {
    ...nameAct(permission, request.method, request.routeOptions.url ?? request.url, params),
    staffId: request.staffId,
    role: request.staffRole,
    reason,
    detail: redact(detail),
    requestId: request.id,
  }
}

/** The code of a refusal. */
function codeOf(reply: FastifyReply, payload: unknown): string | null {
  if (reply.statusCode < 400 || typeof payload !== 'string') return null
  return /"code":"([a-z_]{1,60})"/.exec(payload)?.[1] ?? null
}
