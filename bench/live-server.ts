import fastifyCookie from '@fastify/cookie'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { asId, type StaffId } from '../contracts/ids.ts'
import { fleetApi } from '../server/fleet/fleet-api.ts'
import { createLiveHub, type LiveHub } from '../server/fleet/live-hub.ts'
import { realClock } from '../server/platform/clock.ts'
import { type LiveWorld, liveCentre } from './live-world.ts'

/** The desk's own routes over a made fleet, on a free port; who asks is always staff. Ticks are the caller's. */
export async function openLiveServer(world: LiveWorld): Promise<{
  readonly app: FastifyInstance
  readonly hub: LiveHub
  readonly listen: () => Promise<string>
  readonly close: () => Promise<void>
}> {
  const hub = createLiveHub({
    ...{ bikes: () => world.bikes, clock: realClock, logger: pino({ level: 'error' }), centre: liveCentre },
    schedule: () => undefined,
  })
  const app = Fastify({ forceCloseConnections: true })
  await app.register(fastifyCookie)
  await app.register(fastifyWebsocket, { options: { maxPayload: 4_096 } })
  const none = () => {
    throw new Error('the bench has no bikes but moving ones')
  }
  await app.register(
    fleetApi({
      ...{ hub, lockSecrets: none, searched: none, fleet: { bikesNear: none, bikeDetails: none, addBike: none } },
      ownerOf: async () => ({ kind: 'staff', staffId: asId<StaffId>('bench'), role: 'admin' }),
    }),
  )
  return {
    ...{ app, hub },
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    close: async () => {
      hub.stop()
      await app.close()
    },
  }
}
