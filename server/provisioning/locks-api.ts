import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  LockBatches,
  LockBatchQuery,
  LockQuery,
  LockRenewal,
  LockRevocation,
  LockRows,
  LockSecrets,
  RevokedLock,
} from '../../contracts/http/locks.ts'
import { asId, type LockId, LockIdSchema } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { Batches } from './batches.ts'
import type { Credentials } from './credentials.ts'
import { labelRoutes } from './label-routes.ts'

const OfLock = Type.Object({ lockId: LockIdSchema })
const usualBatches = 20
const usualLocks = 50

/** The desk's look at locks: batches and labels, who may still speak, and an end to that. */
export const locksApi: (deps: {
  readonly batches: Batches
  readonly credentials: Credentials
}) => FastifyPluginAsyncTypebox =
  ({ batches, credentials }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'lock.revoke' } as const
    const tags = ['locks']

    app.get(
      '/v1/staff/lock-batches',
      {
        config,
        schema: {
          tags,
          summary: 'Batches of locks, newest first',
          querystring: LockBatchQuery,
          response: { 200: LockBatches },
        },
      },
      async ({ query }) => batches.list(query.before, query.limit ?? usualBatches),
    )

    app.get(
      '/v1/staff/locks',
      {
        config,
        schema: {
          tags,
          summary: 'Locks with the state of their credential, by id',
          querystring: LockQuery,
          response: { 200: LockRows },
        },
      },
      async ({ query: { limit = usualLocks, ...filter } }) => batches.locks(filter, limit),
    )

    await labelRoutes(app, { path: '/v1/staff/lock-batches', config, tag: 'locks', batches, isSaved: true })

    app.post(
      '/v1/staff/locks/:lockId/revoke',
      {
        config,
        schema: {
          tags,
          summary: 'Cuts a lock off at once; its bike is taken out of service',
          params: OfLock,
          body: LockRevocation,
          response: { 200: RevokedLock, 404: Problem, 409: Problem },
        },
      },
      async ({ params, body, staffId }, reply) => {
        const revoked = await credentials.revoke(asId<LockId>(params.lockId), body, { staffId })
        return isRefusal(revoked) ? reply.refuse(revoked) : revoked
      },
    )

    app.post(
      '/v1/staff/locks/:lockId/renew',
      {
        config: { audience: 'staff', permission: 'lock.renew' },
        schema: {
          tags,
          summary: 'New secrets for a lock, told once; the old ones are void',
          params: OfLock,
          body: LockRenewal,
          response: { 200: LockSecrets, 404: Problem, 409: Problem },
        },
      },
      async ({ params, body, staffId }, reply) => {
        const secrets = await credentials.renew(asId<LockId>(params.lockId), body, { staffId })
        return isRefusal(secrets) ? reply.refuse(secrets) : reply.header('cache-control', 'no-store').send(secrets)
      },
    )
  }
