import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { BikesNear, BikesNearQuery } from '../../contracts/http/bikes.ts'
import { BikeDetails, FleetSnapshot, NewBikes, ProvisionedBikes } from '../../contracts/http/staff.ts'
import { asId, type BikeId, type LockId, Uuid } from '../../contracts/ids.ts'
import { Problem, refuse } from '../../contracts/refusals.ts'
import { type Search, walkM } from '../city/demand-counter.ts'
import type { Fleet, FleetBike } from './fleet-service.ts'
import type { LiveHub, LiveReader } from './live-hub.ts'

/** What a lock must know to be one of ours. */
export interface LockSecrets {
  readonly mqttPassword: string
  readonly commandKeyHex: string
  readonly keyVersion: number
}

export interface FleetApiDeps {
  readonly fleet: Pick<Fleet, 'bikesNear' | 'bikeDetails' | 'addBike'>
  readonly hub: Pick<LiveHub, 'snapshot' | 'join'>
  readonly lockSecrets: (lockId: LockId) => LockSecrets
  readonly searched: (search: Search) => void
}

const defaultRadiusM = 800
const defaultLimit = 50
/** RFC 6455, 7.4.1: try again later. */
const tryAgainLater = 1_013

/** Routes about bikes: those near a place, the staff's fleet, and new bikes from the factory. */
export const fleetApi: (deps: FleetApiDeps) => FastifyPluginAsyncTypebox =
  ({ fleet, hub, lockSecrets, searched }) =>
  async (app) => {
    app.get(
      '/v1/bikes',
      {
        config: { audience: 'public' },
        schema: {
          tags: ['bikes'],
          summary: 'Bikes that can be rented near a place, nearest first',
          querystring: BikesNearQuery,
          response: { 200: BikesNear },
        },
      },
      async (request) => {
        const { lon, lat, radiusM = defaultRadiusM, limit = defaultLimit, search } = request.query
        const bikes = await fleet.bikesNear(lon, lat, radiusM, limit)
        if (search !== undefined) {
          // Nearest first; who asks for less than a walk is asked for again.
          const [nearest] = bikes.length > 0 || radiusM >= walkM ? bikes : await fleet.bikesNear(lon, lat, walkM, 1)
          searched({ searchId: search, lon, lat, isMet: nearest !== undefined && nearest.distanceM <= walkM })
        }
        return { bikes: [...bikes] }
      },
    )

    app.get(
      '/v1/staff/fleet',
      {
        config: { audience: 'staff', permission: 'desk.see' },
        schema: { tags: ['staff'], summary: 'The whole fleet now', response: { 200: FleetSnapshot } },
      },
      async () => hub.snapshot(),
    )

    app.get(
      '/v1/staff/live',
      {
        websocket: true,
        config: { audience: 'staff', permission: 'desk.see' },
        schema: {
          tags: ['staff'],
          summary: 'Changes of the fleet once a second, binary (contracts/live/fleet-frame.ts)',
        },
      },
      (socket) => {
        const reader: LiveReader = {
          get bufferedAmount() {
            return socket.bufferedAmount
          },
          send: (frame) => socket.send(frame),
          terminate: () => socket.terminate(),
        }
        const leave = hub.join(reader)
        if (leave === null) return socket.close(tryAgainLater, 'too many readers')
        socket.on('close', leave)
        socket.on('error', leave)
      },
    )

    app.get(
      '/v1/staff/bikes/:bikeId',
      {
        config: { audience: 'staff', permission: 'desk.see' },
        schema: {
          tags: ['staff'],
          summary: 'What is known of a bike',
          params: Type.Object({ bikeId: Uuid }),
          response: { 200: BikeDetails, 404: Problem },
        },
      },
      async (request, reply) => {
        const bike = await fleet.bikeDetails(asId<BikeId>(request.params.bikeId))
        return bike ?? reply.refuse(refuse('not_found'))
      },
    )

    app.post(
      '/v1/staff/bikes',
      {
        config: { audience: 'factory' },
        schema: {
          tags: ['staff'],
          summary: "New bikes and their locks' secrets; a known lock gets its own again",
          body: NewBikes,
          response: { 201: ProvisionedBikes },
        },
      },
      async (request, reply) => {
        const added: FleetBike[] = []
        for (const bike of request.body.bikes) added.push(await fleet.addBike(bike))
        const bikes = added.map(({ bikeId, lockId, number, code }) => ({
          ...{ bikeId, lockId, number, code },
          ...lockSecrets(lockId),
        }))
        return reply.code(201).send({ bikes })
      },
    )
  }
