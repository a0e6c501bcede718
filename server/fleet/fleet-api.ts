import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { BikesNear, BikesNearQuery } from '../../contracts/http/bikes.ts'
import {
  BikeDetails,
  FleetSnapshot,
  NewBikes,
  type ProvisionedBike,
  ProvisionedBikes,
} from '../../contracts/http/staff.ts'
import { asId, type BikeId, type LockId, Uuid } from '../../contracts/ids.ts'
import { closeCodes } from '../../contracts/live/live-close.ts'
import { may } from '../../contracts/permissions.ts'
import { Problem, refuse } from '../../contracts/refusals.ts'
import { type Search, walkM } from '../city/demand-counter.ts'
import { staffCookie, type TokenOwner, tokenOf } from '../platform/audience-guard.ts'
import type { Fleet, FleetBike } from './fleet-service.ts'
import type { LiveHub } from './live-hub.ts'
import { type LiveReader, maxWordLength } from './live-reader.ts'
import { createSnapshotBodies } from './live-snapshot.ts'

/** What a lock must know to be one of ours; null: it was revoked. */
type LockSecrets = Pick<ProvisionedBike, 'commandKeyHex' | 'phoneKeyHex' | 'keyVersion'> & {
  readonly mqttPassword: string | null
}

export interface FleetApiDeps {
  readonly fleet: Pick<Fleet, 'bikesNear' | 'bikeDetails' | 'addBike'>
  readonly hub: Pick<LiveHub, 'snapshot' | 'join'>
  readonly lockSecrets: (lockIds: readonly LockId[]) => Promise<ReadonlyMap<LockId, LockSecrets | null>>
  readonly searched: (search: Search) => void
  /** Asked again for each open desk: a session may end while its socket is open. */
  readonly ownerOf: (token: string) => Promise<TokenOwner | null>
}

const defaultRadiusM = 800
const defaultLimit = 50

/** Routes about bikes: those near a place, the staff's fleet, and new bikes from the factory. */
export const fleetApi: (deps: FleetApiDeps) => FastifyPluginAsyncTypebox =
  ({ fleet, hub, lockSecrets, searched, ownerOf }) =>
  async (app) => {
    const bodies = createSnapshotBodies(hub.snapshot)
    const mayStay = async (token: string | undefined): Promise<string | null> => {
      const owner = token === undefined ? null : await ownerOf(token)
      if (owner === null) return 'session_ended'
      return owner.kind === 'staff' && may(owner.role, 'desk.see') ? null : 'not_allowed'
    }

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
      async (request, reply) => {
        const wantsZip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
        void reply.header('cache-control', 'no-store').header('vary', 'accept-encoding').type('application/json')
        // made by hand: a hundred thousand rows through the serialiser would hold everybody else up
        if (!wantsZip) return reply.send(bodies.plain() as unknown as FleetSnapshot)
        return reply.header('content-encoding', 'gzip').send((await bodies.zipped()) as unknown as FleetSnapshot)
      },
    )

    app.get(
      '/v1/staff/live',
      {
        websocket: true,
        config: { audience: 'staff', permission: 'desk.see' },
        schema: {
          tags: ['staff'],
          summary:
            'Changes of the fleet once a second, binary (contracts/live/live-frame.ts), and what happens, as text',
        },
      },
      (socket, request) => {
        const token = tokenOf(request, staffCookie)
        const reader: LiveReader = {
          get bufferedAmount() {
            return socket.bufferedAmount
          },
          send: (message) => socket.send(message),
          close: (code, reason) => socket.close(code, reason),
          terminate: () => socket.terminate(),
          mayStay: () => mayStay(token),
        }
        const joined = hub.join(reader)
        if (joined === null) return socket.close(closeCodes.full, 'too many readers')
        socket.on('message', (data, isBinary) => joined.said(isBinary ? '' : wordOf(data)))
        socket.on('close', joined.left)
        socket.on('error', joined.left)
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
          response: { 201: ProvisionedBikes, 409: Problem },
        },
      },
      async (request, reply) => {
        const added: FleetBike[] = []
        for (const bike of request.body.bikes) added.push(await fleet.addBike(bike))
        const secrets = await lockSecrets(added.map(({ lockId }) => lockId))
        const bikes: ProvisionedBike[] = []
        for (const { bikeId, lockId, number, code } of added) {
          const told = secrets.get(lockId)
          if (!told) return reply.refuse(refuse('lock_revoked', lockId))
          // A lock that has a certificate has no password.
          const { mqttPassword, commandKeyHex, phoneKeyHex, keyVersion } = told
          const mqtt = mqttPassword ?? ''
          const phone = phoneKeyHex === undefined ? {} : { phoneKeyHex }
          bikes.push({ bikeId, lockId, number, code, mqttPassword: mqtt, commandKeyHex, ...phone, keyVersion })
        }
        return reply.code(201).send({ bikes })
      },
    )
  }

/** Longer ones are refused unread. */
const wordOf = (data: Buffer | ArrayBuffer | Buffer[]): string =>
  data instanceof Buffer && data.length <= maxWordLength ? data.toString() : ''
