import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RiderId } from '../../contracts/ids.ts'
import { refuse } from '../../contracts/refusals.ts'
import type { Clock } from './clock.ts'
import type { Database } from './database.ts'

const keyPattern = /^[A-Za-z0-9_-]{8,64}$/
/** A request whose first try died half-way may be tried again after this long. */
const abandonedAfterMs = 60_000

/**
 * Routes with `idempotent: true` need an Idempotency-Key. The first success is kept per rider and key; a repeat
 * of the same request gets it again, another request under the same key is refused.
 */
export function keepFirstAnswers(app: FastifyInstance, deps: { readonly db: Database; readonly clock: Clock }): void {
  const { db, clock } = deps
  app.decorateRequest('holdsAnswer', false)
  app.addHook('preHandler', async (request, reply) => {
    if (!request.routeOptions.config.idempotent) return
    const key = keyOf(request)
    if (key === null) return reply.refuse(refuse('idempotency_key_missing'))
    const nowMs = clock.realNowMs()
    const hash = requestHash(request)
    const { rowCount } = await db.query(
      `INSERT INTO idempotent_answer (rider_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (rider_id, key) DO UPDATE SET created_at = $4
         WHERE idempotent_answer.status IS NULL AND idempotent_answer.created_at < $5
           AND idempotent_answer.request_hash = $3`,
      [request.riderId, key, hash, new Date(nowMs), new Date(nowMs - abandonedAfterMs)],
    )
    if (rowCount === 1) {
      request.holdsAnswer = true
      return
    }
    const first = await firstAnswer(db, request.riderId, key)
    if (first === null || !hash.equals(first.hash)) return reply.refuse(refuse('idempotency_key_reused'))
    if (first.status === null) {
      return reply.refuse(refuse('too_many_requests', 'The same request is still being worked on.'))
    }
    return reply.code(first.status).type('application/json').send(first.body)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const key = request.routeOptions.config.idempotent ? keyOf(request) : null
    // Only whoever claimed the key says what its answer is: a repeat that is turned away must not free it.
    if (key === null || typeof payload !== 'string' || !request.holdsAnswer) return payload
    const hash = requestHash(request)
    // A refusal changed nothing: the same request may succeed later.
    if (reply.statusCode >= 300) {
      await db.query(
        'DELETE FROM idempotent_answer WHERE rider_id = $1 AND key = $2 AND request_hash = $3 AND status IS NULL',
        [request.riderId, key, hash],
      )
      return payload
    }
    await db.query(
      `UPDATE idempotent_answer SET status = $4, body = $5
       WHERE rider_id = $1 AND key = $2 AND request_hash = $3 AND status IS NULL`,
      [request.riderId, key, hash, reply.statusCode, payload],
    )
    return payload
  })
}

async function firstAnswer(
  db: Database,
  riderId: RiderId,
  key: string,
): Promise<{ hash: Buffer; status: number | null; body: string } | null> {
  const { rows } = await db.query<{ request_hash: Uint8Array; status: number | null; body: string | null }>(
    'SELECT request_hash, status, body::text AS body FROM idempotent_answer WHERE rider_id = $1 AND key = $2',
    [riderId, key],
  )
  const row = rows[0]
  return row ? { hash: Buffer.from(row.request_hash), status: row.status, body: row.body ?? '' } : null
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key']
  return typeof key === 'string' && keyPattern.test(key) ? key : null
}

const requestHash = (request: FastifyRequest): Buffer =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest()
