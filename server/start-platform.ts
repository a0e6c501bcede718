import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { assert, present } from '../contracts/assert.ts'
import type { LockId } from '../contracts/ids.ts'
import type { StaffRole } from '../contracts/permissions.ts'
import { minor } from '../contracts/units.ts'
import type { CityFile } from '../demo-city/city-files.ts'
import { alarmsApi } from './alarms/alarms-api.ts'
import { buildApp } from './app.ts'
import { auditApi } from './audit/audit-api.ts'
import { bikesApi } from './bikes/bikes-api.ts'
import { cityApi, pagesApi, readCityFile } from './city/city-api.ts'
import { demandApi } from './city/demand-api.ts'
import { importFirstZones } from './city/first-zones.ts'
import { localTimeIn } from './city/local-time.ts'
import { zonesApi } from './city/zones-api.ts'
import type { Closing } from './closing.ts'
import { createAskCity } from './demo/ask-city.ts'
import { type CityClock, openCityClock, saveEveryRealMs, thisMorning } from './demo/city-clock.ts'
import { demoApi } from './demo/demo-api.ts'
import { demoDeskApi } from './demo/demo-desk-api.ts'
import { createPersonSpeed, type PersonSpeed } from './demo/person-speed.ts'
import { deskApi } from './desk/desk-api.ts'
import { createDesk } from './desk/desk-service.ts'
import { firstKeyEpoch } from './fleet/add-bike.ts'
import { fleetApi } from './fleet/fleet-api.ts'
import { createLiveHub, type LiveHub } from './fleet/live-hub.ts'
import { numbersApi } from './numbers/numbers-api.ts'
import { openPromiseOf } from './payments/open-promise.ts'
import { paymentsApi } from './payments/payments-api.ts'
import { noProvider } from './payments/providers/no-provider.ts'
import type { PaymentProvider } from './payments/providers/payment-provider.ts'
import { receiptApi } from './payments/receipt-api.ts'
import { openAedesBroker } from './platform/aedes-broker.ts'
import type { LockBroker } from './platform/broker.ts'
import type { Database } from './platform/database.ts'
import { everyWhile } from './platform/every-while.ts'
import { healthApi } from './platform/health-api.ts'
import { secureIds } from './platform/ids.ts'
import { createMetrics } from './platform/metrics.ts'
import { openQueue, type QueueAddress } from './platform/queue.ts'
import type { Secrets } from './platform/secrets.ts'
import { crewApi } from './rebalancing/crew-api.ts'
import { type CrewPhotos, openPhotos } from './rebalancing/crew-photos.ts'
import { planApi } from './rebalancing/plan-api.ts'
import { reportApi } from './rebalancing/report-api.ts'
import { forgetWhatIsOver } from './retention.ts'
import { type CodeSender, localOutbox } from './riders/code-sender.ts'
import { ridersApi } from './riders/riders-api.ts'
import { sealedAddresses } from './riders/riders-store.ts'
import { addressBookFrom } from './riders/sealed-address.ts'
import { webhookSender } from './riders/webhook-sender.ts'
import { openRooms, type Rooms } from './rooms.ts'
import type { Settings } from './settings.ts'
import { staffApi } from './staff/staff-api.ts'
import { nightPorts, startNightHere, startNightJobs, usualCentre } from './start-night.ts'
import { tasksApi } from './tasks/tasks-api.ts'
import { offerApi } from './trips/offer-api.ts'
import { staffTripsApi } from './trips/staff-trips-api.ts'
import { activeRides, tariffAt } from './trips/trip-store.ts'
import { createTripStreams, type TripStreams } from './trips/trip-streams.ts'
import { tripsApi } from './trips/trips-api.ts'
import { staffCommandsApi } from './unlocking/staff-commands-api.ts'
import { countTrips, watchDatabase } from './watch.ts'

export interface PlatformOrder {
  readonly settings: Settings
  readonly db: Database
  /** Null: no job store; what recurs then runs in this process alone. */
  readonly queue: QueueAddress | null
  readonly logger: Logger
  readonly secrets: Secrets
  /** What is opened here is added; the caller closes it. */
  readonly closing: Closing[]
  readonly isStopping: () => boolean
  readonly isDemo: boolean
  readonly port: number
  readonly root: string
  readonly publicUrl: string
  readonly cityDir: string | null
  readonly provider: PaymentProvider | null
}

export interface StartedPlatform {
  readonly addresses: {
    readonly url: string
    readonly port: number
    readonly mqttPort: number
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
const firstMorning = { hour: 9, minute: 20, timeZone: 'Europe/Amsterdam' } as const
/** Deadlines of commands and trips are looked at this often. */
const stepEveryMs = 200
const pollPaymentsEveryMs = 5_000
/** The rules of alarms look at the fleet, real time. */
const lookForAlarmsEveryMs = 3_000
const flushDemandEveryMs = 5_000
/** Of real time: often enough for five minutes of a city at a hundred times its speed. */
const lookForEmptyEveryMs = 1_000
const sampleEveryMs = 1_000
/** Days that are over are looked for this often, real time. */
const rollUpEveryMs = 30_000
const retentionEveryMs = 3_600_000
/** Requests a minute from one caller: a person; and a whole simulated city behind one address. */
const personPerMinute = 600
const cityPerMinute = 60_000

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

  const rooms = await openRooms({
    db,
    clock,
    logger,
    ids: secureIds,
    random: Math.random,
    publish: (topic, payload, options) =>
      present(broker, 'nothing is published before the broker is open').publish(topic, payload, options),
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
    tellDesk: (event) => hub?.tell(event),
    needsSecondFactor: (role) => settings.STAFF_SECOND_FACTOR === 'required' && rolesOfSecrets.has(role),
    paymentMetrics: { count: (event) => metrics.paymentEventsTotal.inc({ event }) },
    onIngest: (event, amount) => {
      if (event === 'stored') metrics.uplinkRecordsTotal.inc({ kind: 'all' }, amount)
      if (event === 'unreadable') metrics.refusedUplinksTotal.inc(amount)
    },
  })
  // Closed when nobody rides or searches any more.
  closing.push({ name: 'demand counts', close: () => rooms.demand.flush() })
  if (isDemo) {
    const addresses = addressBookFrom(secrets.riderMaster)
    for (const { riderId, sealed } of await sealedAddresses(db)) personSpeed.loggedIn(riderId, addresses.open(sealed))
    for (const ride of await activeRides(db)) personSpeed.tripChanged(ride)
  }
  const openedBroker = await openAedesBroker({
    port: settings.MQTT_PORT,
    host: settings.HOST,
    clock,
    logger,
    passwordOf: (lockId) =>
      rooms.fleet.bikeOfLock(lockId) === null ? null : rooms.lockKeys.mqttPassword(lockId, firstKeyEpoch),
    sink: rooms.ingest.sink,
  })
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
      demandApi({ db, counter: rooms.demand, localTime }),
      zonesApi({
        zones: rooms.zones,
        edits: rooms.zoneEdits,
        stock: rooms.zoneStock,
        centre: city?.centre ?? null,
      }),
      ...roomRoutes(order, isDemo ? watchedByDemo(rooms, personSpeed) : rooms, clock, openedHub, streams),
      ...(isDemo
        ? [demoApi({ clock, outbox, staff: rooms.staff, askCity }), demoDeskApi({ clock, speed: personSpeed, askCity })]
        : []),
      pagesApi(join(order.root, 'dist')),
    ],
  })
  closing.push({ name: 'streams', close: () => streams.closeAll() })
  await app.listen({ port: order.port, host: settings.HOST })
  closing.push({ name: 'http', close: () => app.close() })

  await startWork(order, rooms, clock, openedHub, photos)
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
      staffLink: `${order.publicUrl}/ops/?link=${link}`,
      crewLink: crew?.url ?? null,
      nightUrl: `${order.publicUrl}/ops/night`,
    },
    cityIsAt: (url) => {
      cityUrl = url
    },
  }
}

/** What the made city says of itself; a demo city comes with zones of its own. */
/** The made city has a time zone of its own. */
const timeZoneOf = ({ isDemo, settings }: PlatformOrder): string =>
  isDemo ? firstMorning.timeZone : settings.TIME_ZONE

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

function roomRoutes(order: PlatformOrder, rooms: Rooms, clock: CityClock, hub: LiveHub, streams: TripStreams) {
  const { isDemo, db } = order
  const secureCookies = order.publicUrl.startsWith('https:')
  const { fleet, payments, trips, sessions, receipts } = rooms
  const promiseTerms = async () => {
    const tariff = await tariffAt(db, clock.nowMs())
    assert(tariff, 'a tariff holds at any time')
    return { amountMinor: minor(tariff.holdMinor), currency: tariff.currency }
  }
  const lockSecrets = (lockId: LockId) => ({
    mqttPassword: rooms.lockKeys.mqttPassword(lockId, firstKeyEpoch),
    commandKeyHex: Buffer.from(rooms.lockKeys.commandKey(lockId, firstKeyEpoch, 1)).toString('hex'),
    keyVersion: 1,
  })
  const city =
    order.cityDir === null
      ? []
      : [
          cityApi({
            cityDir: order.cityDir,
            demo: isDemo,
            mapboxToken: order.settings.MAPBOX_TOKEN ?? null,
            currency: 'CNY',
            citySpeed: () => clock.speed(),
          }),
        ]
  return [
    ridersApi({
      logIn: rooms.logIn,
      sessions,
      secureCookies,
      standingOf: async (riderId) => {
        if (await rooms.riderBlocked(riderId)) return 'blocked'
        return (await payments.riderInDebt(riderId)) ? 'in_debt' : 'good'
      },
      activeTripOf: (riderId) => trips.activeTripOf(riderId),
      openPromiseOf: (riderId) => openPromiseOf(db, riderId),
      logInsPerMinute: isDemo ? cityPerMinute : 20,
    }),
    offerApi({
      db,
      clock,
      bikeByCode: (code) => fleet.bikeByCode(code),
      lookUpsPerMinute: isDemo ? cityPerMinute : 60,
      scannedInVain: rooms.demand.scannedInVain,
    }),
    deskApi(createDesk({ db, clock, fleet })),
    fleetApi({
      ...{ fleet, hub, lockSecrets, searched: rooms.demand.searched },
      ownerOf: (token) => sessions.ownerOf(token),
    }),
    async (app: Parameters<typeof paymentsApi>[0]) => paymentsApi(app, { payments, promiseTerms }),
    async (app: Parameters<typeof receiptApi>[0]) => receiptApi(app, { receipts, timeZone: timeZoneOf(order) }),
    tripsApi({ trips, streams }),
    staffTripsApi({ staffTrips: rooms.staffTrips, staffActs: rooms.staffActs }),
    staffCommandsApi(rooms.staffCommands),
    bikesApi(rooms.bikes),
    numbersApi({ numbers: rooms.numbers.reader }),
    alarmsApi(rooms.alarmsRoom),
    tasksApi({ tasks: rooms.tasks, reports: rooms.reports }),
    planApi(rooms.rebalancing),
    reportApi({ ...rooms.rebalancing, timeZone: timeZoneOf(order) }),
    auditApi({ audit: rooms.audit }),
    staffApi({
      staff: rooms.staff,
      sessions,
      secureCookies,
      ...(isDemo ? { crewLogInsPerMinute: cityPerMinute } : {}),
    }),
    ...city,
  ]
}

/** What goes on by itself, each part stopped before what it needs. */
async function startWork(
  order: PlatformOrder,
  rooms: Rooms,
  clock: CityClock,
  hub: LiveHub,
  photos: CrewPhotos,
): Promise<void> {
  const { closing, logger, db } = order
  await rooms.ingest.start()
  rooms.fleet.start()
  closing.push({ name: 'fleet', close: () => rooms.fleet.stop() })
  hub.start()
  closing.push({ name: 'live hub', close: () => hub.stop() })
  rooms.outbox.start()
  closing.push({ name: 'outbox', close: () => rooms.outbox.stop() })
  const save = everyWhile('save city time', saveEveryRealMs, logger, () => clock.save(db))
  closing.push({ name: 'saving city time', close: () => save.stop() })
  const commands = everyWhile('deadlines of commands', stepEveryMs, logger, () => rooms.unlocking.tick())
  closing.push({ name: 'deadlines of commands', close: () => commands.stop() })
  const wishes = everyWhile('wishes of staff', stepEveryMs, logger, () => rooms.staffCommands.tick())
  closing.push({ name: 'wishes of staff', close: () => wishes.stop() })
  const trips = everyWhile('deadlines of trips', stepEveryMs, logger, () => rooms.trips.tick())
  closing.push({ name: 'deadlines of trips', close: () => trips.stop() })
  const alarms = everyWhile('rules of alarms', lookForAlarmsEveryMs, logger, () => rooms.alarmsRoom.watch.look())
  closing.push({ name: 'rules of alarms', close: () => alarms.stop() })
  const demand = everyWhile('demand counts', flushDemandEveryMs, logger, () => rooms.demand.flush())
  closing.push({ name: 'counting demand', close: () => demand.stop() })
  const empty = everyWhile('cells without a bike', lookForEmptyEveryMs, logger, () => rooms.emptyCells.look())
  closing.push({ name: 'cells without a bike', close: () => empty.stop() })
  const samples = everyWhile('looks at hotspots', sampleEveryMs, logger, () => rooms.numbers.sampler.look())
  closing.push({ name: 'looks at hotspots', close: () => samples.stop() })
  const retention = everyWhile('retention', retentionEveryMs, logger, async () => {
    await forgetWhatIsOver(db, clock)
    await photos.forget()
  })
  closing.push({ name: 'retention', close: () => retention.stop() })
  if (order.queue === null) {
    const poller = everyWhile('payment poller', pollPaymentsEveryMs, logger, () => rooms.payments.pollDue())
    closing.push({ name: 'payment poller', close: () => poller.stop() })
    startNightHere(order, rooms.rebalancing)
    const days = everyWhile('figures of days', rollUpEveryMs, logger, () => rooms.numbers.rollUp.tick())
    closing.push({ name: 'figures of days', close: () => days.stop() })
    return
  }
  const jobs = await openQueue(order.queue, {
    onFailure: (job, error, attempt) => logger.warn({ job, attempt, err: error }, 'a job failed'),
  })
  await jobs.every('payment-poller', pollPaymentsEveryMs, async () => {
    await rooms.payments.pollDue()
  })
  await startNightJobs(jobs, rooms.rebalancing)
  await jobs.every('day-figures', rollUpEveryMs, () => rooms.numbers.rollUp.tick())
  closing.push({ name: 'jobs', close: () => jobs.close() })
}

/** The demo must know its simulated riders from people, whose rides slow its clock. */
function watchedByDemo(rooms: Rooms, personSpeed: PersonSpeed): Rooms {
  const { logIn, trips } = rooms
  return {
    ...rooms,
    logIn: {
      sendCode: (to, language) => logIn.sendCode(to, language),
      logIn: async (to, code) => {
        const session = await logIn.logIn(to, code)
        if ('riderId' in session) personSpeed.loggedIn(session.riderId, to)
        return session
      },
    },
    trips: {
      ...trips,
      start: (riderId, wanted) => personSpeed.atRidingSpeed(riderId, () => trips.start(riderId, wanted)),
    },
  }
}
