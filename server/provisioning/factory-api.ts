import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  FactoryLocks,
  LockBatch,
  LockRenewal,
  LockRevocation,
  LockSecrets,
  NewLockBatch,
  RevokedLock,
} from '../../contracts/http/locks.ts'
import { asId, type LockId, LockIdSchema } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { Audit } from '../audit/audit-service.ts'
import type { Batches } from './batches.ts'
import type { Credentials } from './credentials.ts'
import { labelRoutes, OfBatch } from './label-routes.ts'

const OfLock = Type.Object({ lockId: LockIdSchema })

/** What the factory does with its token: batches of locks, their secrets and labels, and lost locks from the terminal. */
export const factoryApi: (deps: {
  readonly batches: Batches
  readonly credentials: Credentials
  readonly audit: Pick<Audit, 'write'>
}) => FastifyPluginAsyncTypebox =
  ({ batches, credentials, audit }) =>
  async (app) => {
    const config = { audience: 'factory' } as const
    const tags = ['factory']

    app.post(
      '/v1/factory/batches',
      {
        config,
        schema: {
          tags,
          summary: 'A batch of locks with their bikes; the same again makes what is missing',
          body: NewLockBatch,
          response: { 201: LockBatch, 409: Problem },
        },
      },
      async ({ body }, reply) => {
        const batch = await batches.make(body)
        return isRefusal(batch) ? reply.refuse(batch) : reply.code(201).send(batch)
      },
    )

    app.get(
      '/v1/factory/batches/:batchId/locks',
      {
        config,
        schema: {
          tags,
          summary: 'Locks of a batch with their secrets, fifty at a time',
          params: OfBatch,
          querystring: Type.Object({ after: Type.Optional(LockIdSchema) }, { additionalProperties: false }),
          response: { 200: FactoryLocks, 404: Problem },
        },
      },
      async ({ params, query }, reply) => {
        const locks = await batches.locksOf(params.batchId, query.after ?? null)
        return isRefusal(locks) ? reply.refuse(locks) : reply.header('cache-control', 'no-store').send(locks)
      },
    )

    await labelRoutes(app, { path: '/v1/factory/batches', config, tag: 'factory', batches, isSaved: false })

    app.post(
      '/v1/factory/locks/:lockId/revoke',
      {
        config,
        schema: {
          tags,
          summary: 'Cuts a lock off; its bike is taken out of service',
          params: OfLock,
          body: LockRevocation,
          response: { 200: RevokedLock, 404: Problem, 409: Problem },
        },
      },
      async ({ params, body, id }, reply) => {
        const revoked = await credentials.revoke(asId<LockId>(params.lockId), body, {
          staffId: null,
          note: (tx) => audit.write(entry('revoke', params.lockId, body, id), done, tx),
        })
        return isRefusal(revoked) ? reply.refuse(revoked) : revoked
      },
    )

    app.post(
      '/v1/factory/locks/:lockId/renew',
      {
        config,
        schema: {
          tags,
          summary: 'New secrets for a lock; the old ones are void',
          params: OfLock,
          body: LockRenewal,
          response: { 200: LockSecrets, 404: Problem, 409: Problem },
        },
      },
      async ({ params, body, id }, reply) => {
        const secrets = await credentials.renew(asId<LockId>(params.lockId), body, {
          staffId: null,
          note: (tx) => audit.write(entry('renew', params.lockId, body, id), done, tx),
        })
        if (isRefusal(secrets)) return reply.refuse(secrets)
        return reply.header('cache-control', 'no-store').send(secrets)
      },
    )
  }

const done = { status: 200, code: null, outcome: null } as const

/** Nobody's name: the factory token has none. */
const entry = (act: 'revoke' | 'renew', lockId: string, body: LockRevocation | LockRenewal, requestId: string) => ({
  ...{ staffId: null, role: null, action: `lock.${act}:factory`, subjectKind: 'lock', subjectId: lockId },
  ...{ reason: body.reason, detail: { body }, requestId },
})
