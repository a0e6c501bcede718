import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { cellToLatLng } from 'h3-js'
import { DemandCells, DemandQuery, DemandSummary } from '../../contracts/http/demand.ts'
import type { Database } from '../platform/database.ts'
import { localHalfHour } from '../rebalancing/core/demand/local-half-hour.ts'
import type { DemandCounter } from './demand-counter.ts'
import { cellSums, searchSum } from './demand-store.ts'
import type { LocalTime } from './local-time.ts'

const mostCells = 20_000

/** Where people take, leave and look for bikes. Counted up to the moment of the question. */
export const demandApi: (deps: {
  readonly db: Database
  readonly counter: Pick<DemandCounter, 'flush'>
  readonly localTime: LocalTime
}) => FastifyPluginAsyncTypebox =
  ({ db, counter, localTime }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'desk.see' } as const
    const tags = ['city']
    const halfHourOf = (atMs: number) => localHalfHour(atMs, localTime.offsetMinutes)
    const lastOf = (toMs: number) => halfHourOf(toMs - 1)

    app.get(
      '/v1/staff/demand',
      {
        config,
        schema: {
          tags,
          summary: 'Rides that began and ended, and searches, by cell',
          querystring: DemandQuery,
          response: { 200: DemandCells },
        },
      },
      async (request) => {
        await counter.flush()
        const { from, to } = request.query
        const sums = await cellSums(db, halfHourOf(from), lastOf(to), mostCells)
        return {
          cells: sums.map((sum) => {
            const [lat, lon] = cellToLatLng(sum.cell)
            return { ...sum, lon, lat }
          }),
        }
      },
    )

    app.get(
      '/v1/staff/demand/summary',
      {
        config,
        schema: {
          tags,
          summary: 'How many searches found no bike within 200 m',
          querystring: DemandQuery,
          response: { 200: DemandSummary },
        },
      },
      async (request) => {
        await counter.flush()
        return searchSum(db, halfHourOf(request.query.from), lastOf(request.query.to))
      },
    )
  }
