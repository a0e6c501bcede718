import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { present } from '../contracts/assert.ts'
import type { StaffRole } from '../contracts/permissions.ts'
import type { CityFile } from '../demo-city/city-files.ts'
import { buildApp } from './app.ts'
import { pagesApi, readCityFile } from './city/city-api.ts'
import { demandApi } from './city/demand-api.ts'
import { importFirstZones } from './city/first-zones.ts'
import { localTimeIn } from './city/local-time.ts'
import { zonesApi } from './city/zones-api.ts'
import { type AskCity, createAskCity } from './demo/ask-city.ts'
import { type CityClock, openCityClock, thisMorning } from './demo/city-clock.ts'
import { demoApi } from './demo/demo-api.ts'
import { demoDeskApi } from './demo/demo-desk-api.ts'
import { createPersonSpeed, type PersonSpeed } from './demo/person-speed.ts'
import { createLiveHub, type LiveHub } from './fleet/live-hub.ts'
import { type LocksTls, openLocksTls } from './locks-tls.ts'
import { noProvider } from './payments/providers/no-provider.ts'
import { photosApi } from './photos/photos-api.ts'
import { openRiderPhotos } from './photos/rider-photos.ts'
import { openAedesBroker } from './platform/aedes-broker.ts'
import type { LockBroker } from './platform/broker.ts'
import { healthApi } from './platform/health-api.ts'
import { secureIds } from './platform/ids.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { cityPerMinute, firstMorning, type PlatformOrder, personPerMinute, timeZoneOf } from './platform-order.ts'
import { crewApi } from './rebalancing/crew-api.ts'
import { openPhotos } from './rebalancing/crew-photos.ts'
import { type CodeSender, localOutbox } from './riders/code-sender.ts'
import { myDataApi } from './riders/my-data-api.ts'
import { sealedAddresses } from './riders/riders-store.ts'
import { addressBookFrom } from './riders/sealed-address.ts'
import { webhookSender } from './riders/webhook-sender.ts'
import { roomRoutes, watchedByDemo } from './room-routes.ts'
import { openRooms, type Rooms } from './rooms.ts'
import type { Settings } from './settings.ts'
import { myDataOf } from './start-my-data.ts'
import { nightPorts, usualCentre } from './start-night.ts'
import { startWork } from './start-work.ts'
import { activeRides } from './trips/trip-store.ts'
import { createTripStreams } from './trips/trip-streams.ts'
import { countTrips, watchDatabase } from './watch.ts'

export interface StartedPlatform {
  readonly addresses: {
    readonly url: string
    readonly port: number
    readonly mqttPort: number
    /** Null: no TLS for locks. */
    readonly mqttsPort: number | null
    readonly staffLink: string
    /** Of the crew's app; null outside of the demo, where an operator makes them. */
    readonly crewLink: string | null
    readonly nightUrl: string
  }
  readonly rooms: Rooms
  readonly clock: CityClock
  readonly app: Pick<FastifyInstance, 'declaredRoutes'>
  /** The simulated city listens there for the virtual-bike panel. */
  cityIsAt(url: string): void
}

/** They see money and make colleagues: an operator may ask a second factor of them. */
const rolesOfSecrets: ReadonlySet<StaffRole> = new Set(['admin', 'finance'])
/** Whose one-time link the start of the demo prints. */
const firstCrew = 'Crew 1'
/** Opens everything that has a socket or a timer around the rooms. */
export async function startPlatform(order: PlatformOrder): Promise<StartedPlatform> {
  const { settings, db, logger, secrets, closing, isDemo } = order
  const speed = settings.CITY_SPEED ?? 1
  const begin = isDemo
    ? thisMorning(Date.now(), firstMorning.timeZone, firstMorning.hour, firstMorning.minute)
    : Date.now()
  const clock = await openCityClock(db, speed, begin, !isDemo && speed === 1)
  // Closed last of all: what closes before it may still use the clock.
  closing.push({ name: 'city time', close: () => clock.save(db) })
  const localTime = localTimeIn(timeZoneOf(order))
  const metrics = createMetrics()
  const personSpeed = createPersonSpeed(clock, speed)
  const streams = createTripStreams((error) => logger.error({ err: error }, 'a trip could not be read for its stream'))
  const count = countTrips(metrics, () => clock.realNowMs())
  const outbox = localOutbox()
  // The broker needs the rooms' sink and the rooms need the broker's publish: one of them comes a moment later.
  let broker: LockBroker | null = null
  let hub: LiveHub | null = null

  const locksTls = await openLocksTls(settings, order.publicUrl, clock.realNowMs())
  const rooms = await openRooms({
    db,
    clock,
    logger,
    ids: secureIds,
    random: Math.random,
    publish: (topic, payload, options) =>
      present(broker, 'nothing is published before the broker is open').publish(topic, payload, options),
    grant: (lockId, messages) => broker?.grant(lockId, messages) ?? 0,
    kick: (lockId) => broker?.kick(lockId),
    authority: locksTls?.authority ?? null,
    provider: order.provider ?? noProvider,
    codeSender: isDemo ? outbox : codeSender(settings, logger, outbox),
    publicUrl: order.publicUrl,
    secrets,
    localTime,
    night: await nightPorts(order),
    onTripChanged: (change) => {
      count(change)
      streams.changed(change.tripId)
      if (isDemo) personSpeed.tripChanged(change)
    },
    ...(isDemo ? { onReservationChanged: personSpeed.reservationChanged } : {}),
    onTripTold: (tripId) => streams.changed(tripId),
    tellDesk: (event) => hub?.tell(event),
    needsSecondFactor: (role) => settings.STAFF_SECOND_FACTOR === 'required' && rolesOfSecrets.has(role),
    onNoCoverage: (event) => metrics.noCoverageEventsTotal.inc({ event }),
    paymentMetrics: { count: (event) => metrics.paymentEventsTotal.inc({ event }) },
    onIngest: (event, amount) => {
      if (event === 'stored') metrics.uplinkRecordsTotal.inc({ kind: 'all' }, amount)
      if (event === 'unreadable') metrics.refusedUplinksTotal.inc(amount)
    },
  })
  // Closed when nobody rides or searches any more.
  closing.push({ name: 'demand counts', close: () => rooms.demand.flush() })
  if (isDemo) await rememberPeople(order, rooms, personSpeed)
  // Closed after the broker, whose last messages it takes in.
  closing.push({ name: 'reports of locks', close: () => rooms.ingest.stop() })
  const openedBroker = await openBroker(order, rooms, clock, metrics, locksTls)
  broker = openedBroker
  closing.push({ name: 'broker', close: () => openedBroker.close() })
  watchDatabase(metrics, db, () => clock.nowMs())
  metrics.gauges('zwerm_alarms_open', 'Alarms that are not resolved', 'kind', async () =>
    rooms.alarmsRoom.countByKind(),
  )
  metrics.gauge('zwerm_locks_connected', 'Open connections of locks', () => openedBroker.connectedCount())
  closing.push({ name: 'metrics', close: () => metrics.close() })

  const city = await openCity(order, rooms)
  const openedHub = createLiveHub({
    bikes: () => rooms.fleet.bikes(),
    clock,
    logger,
    centre: city?.centre ?? usualCentre,
  })
  hub = openedHub
  const photos = await openPhotos({ db, clock, folder: join(settings.DATA_DIR, 'photos') })
  const riderPhotos = await openRiderPhotos({ db, clock, folder: join(settings.DATA_DIR, 'rider-photos') })
  const myData = await myDataOf(order, rooms, clock, riderPhotos)
  let cityUrl: string | null = null
  const askCity = createAskCity(() => cityUrl)
  const app = await buildApp({
    db,
    clock,
    logger,
    guard: {
      ownerOf: (token) => rooms.sessions.ownerOf(token),
      factoryToken: secrets.factoryToken,
      publicUrl: order.publicUrl,
    },
    audit: rooms.audit,
    requestsPerMinute: isDemo ? cityPerMinute : personPerMinute,
    mapHosts: settings.MAPBOX_TOKEN === undefined ? [] : ['https://*.mapbox.com'],
    routes: [
      healthApi({ db, metrics, isStopping: order.isStopping }),
      crewApi({ crew: rooms.crew, photos }),
      photosApi(riderPhotos),
      myDataApi({ db: rooms.db, sessions: rooms.sessions, myData }),
      demandApi({ db, counter: rooms.demand, localTime }),
      zonesApi({
        zones: rooms.zones,
        edits: rooms.zoneEdits,
        stock: rooms.zoneStock,
        centre: city?.centre ?? null,
      }),
      ...roomRoutes(order, isDemo ? watchedByDemo(rooms, personSpeed) : rooms, clock, openedHub, streams),
      ...(isDemo ? demoRoutes({ clock, outbox, rooms, personSpeed, askCity }) : []),
      pagesApi(join(order.root, 'dist')),
    ],
  })
  closing.push({ name: 'streams', close: () => streams.closeAll() })
  await app.listen({ port: order.port, host: settings.HOST })
  closing.push({ name: 'http', close: () => app.close() })

  await startWork(order, rooms, clock, openedHub, [photos, riderPhotos], myData)
  const link = await rooms.staff.newLink()
  const crew = isDemo ? await rooms.staff.crewNamed(firstCrew) : null
  return {
    rooms,
    clock,
    app,
    addresses: {
      url: order.publicUrl,
      port: order.port,
      mqttPort: openedBroker.port,
      mqttsPort: openedBroker.tlsPort,
      staffLink: `${order.publicUrl}/ops/?link=${link}`,
      crewLink: crew?.url ?? null,
      nightUrl: `${order.publicUrl}/ops/night`,
    },
    cityIsAt: (url) => {
      cityUrl = url
    },
  }
}

function openBroker(
  { settings, logger }: PlatformOrder,
  { credentials, ingest }: Rooms,
  clock: CityClock,
  { brokerEventsTotal }: Metrics,
  locksTls: LocksTls | null,
) {
  return openAedesBroker({
    ...{ port: settings.MQTT_PORT, host: settings.HOST, clock, logger, sink: ingest.sink },
    passwordOf: credentials.passwordOf,
    certificateHolds: credentials.certificateHolds,
    onEvent: (event) => brokerEventsTotal.inc({ event }),
    ...(locksTls === null ? {} : { tls: locksTls.tls }),
  })
}

/** Who is a person, and who of them is under way, as an earlier process has left it. */
async function rememberPeople({ db, secrets }: PlatformOrder, rooms: Rooms, personSpeed: PersonSpeed): Promise<void> {
  const addresses = addressBookFrom(secrets.riderMaster)
  for (const { riderId, sealed } of await sealedAddresses(db)) personSpeed.loggedIn(riderId, addresses.open(sealed))
  for (const ride of await activeRides(db)) personSpeed.tripChanged(ride)
  for (const kept of await rooms.reservations.open()) personSpeed.reservationChanged(kept)
}

function demoRoutes(demo: {
  readonly clock: CityClock
  readonly outbox: ReturnType<typeof localOutbox>
  readonly rooms: Rooms
  readonly personSpeed: PersonSpeed
  readonly askCity: AskCity
}) {
  const { clock, outbox, askCity } = demo
  const { staff, account } = demo.rooms
  return [demoApi({ clock, outbox, staff, account, askCity }), demoDeskApi({ clock, speed: demo.personSpeed, askCity })]
}

/** What the made city says of itself; a demo city comes with zones of its own. */
async function openCity({ cityDir, db, isDemo }: PlatformOrder, rooms: Rooms): Promise<CityFile | null> {
  if (cityDir === null) return null
  if (isDemo) await importFirstZones(db, rooms.zones, cityDir)
  return readCityFile(cityDir)
}

/** Without a gateway nobody but the demo can be logged in to; a start without one says so. */
function codeSender(settings: Settings, logger: Logger, outbox: CodeSender): CodeSender {
  if (settings.CODE_WEBHOOK_URL !== undefined) return webhookSender(settings.CODE_WEBHOOK_URL, logger)
  logger.warn('no gateway for log-in codes: set CODE_WEBHOOK_URL; until then no rider can log in')
  return outbox
}
