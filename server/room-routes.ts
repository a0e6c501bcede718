import { assert } from '../contracts/assert.ts'
import { minor } from '../contracts/units.ts'
import { alarmsApi } from './alarms/alarms-api.ts'
import { appealsApi } from './appeals/appeals-api.ts'
import { auditApi } from './audit/audit-api.ts'
import { bikesApi } from './bikes/bikes-api.ts'
import { cityApi } from './city/city-api.ts'
import { publicZonesApi } from './city/public-zones-api.ts'
import type { CityClock } from './demo/city-clock.ts'
import type { PersonSpeed } from './demo/person-speed.ts'
import { deskApi } from './desk/desk-api.ts'
import { createDesk } from './desk/desk-service.ts'
import { fleetApi } from './fleet/fleet-api.ts'
import type { LiveHub } from './fleet/live-hub.ts'
import { lockSettingsApi } from './lock-settings/lock-settings-api.ts'
import { mqttDocsApi } from './mqtt-docs/mqtt-docs-api.ts'
import { noCoverageApi } from './no-coverage/no-coverage-api.ts'
import { numbersApi } from './numbers/numbers-api.ts'
import { openPromiseOf } from './payments/open-promise.ts'
import { paymentsApi } from './payments/payments-api.ts'
import { receiptApi } from './payments/receipt-api.ts'
import { riderCookie, tokenOf } from './platform/audience-guard.ts'
import { cityPerMinute, type PlatformOrder, timeZoneOf } from './platform-order.ts'
import { factoryApi } from './provisioning/factory-api.ts'
import { locksApi } from './provisioning/locks-api.ts'
import { planApi } from './rebalancing/plan-api.ts'
import { reportApi } from './rebalancing/report-api.ts'
import { reservationsApi } from './reservations/reservations-api.ts'
import { ridersApi } from './riders/riders-api.ts'
import type { Rooms } from './rooms.ts'
import { staffApi } from './staff/staff-api.ts'
import { tasksApi } from './tasks/tasks-api.ts'
import { offerApi } from './trips/offer-api.ts'
import { staffTripsApi } from './trips/staff-trips-api.ts'
import { tariffAt } from './trips/trip-store.ts'
import type { TripStreams } from './trips/trip-streams.ts'
import { tripsApi } from './trips/trips-api.ts'
import { ringApi } from './unlocking/ring-api.ts'
import { staffCommandsApi } from './unlocking/staff-commands-api.ts'

/** The routes of every room. */
export function roomRoutes(order: PlatformOrder, rooms: Rooms, clock: CityClock, hub: LiveHub, streams: TripStreams) {
  const { isDemo, db } = order
  const secureCookies = order.publicUrl.startsWith('https:')
  const { fleet, payments, trips, sessions, receipts } = rooms
  const promiseTerms = async () => {
    const tariff = await tariffAt(db, clock.nowMs())
    assert(tariff, 'a tariff holds at any time')
    return { amountMinor: minor(tariff.holdMinor), currency: tariff.currency }
  }
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
      account: rooms.account,
      secureCookies,
      standingOf: async (riderId) => {
        if (await rooms.riderBlocked(riderId)) return 'blocked'
        return (await payments.riderInDebt(riderId)) ? 'in_debt' : 'good'
      },
      activeTripOf: (riderId) => trips.activeTripOf(riderId),
      openPromiseOf: (riderId) => openPromiseOf(db, riderId),
      reservationOf: (riderId) => rooms.reservations.current(riderId),
      logInsPerMinute: isDemo ? cityPerMinute : 20,
    }),
    offerApi({
      db,
      clock,
      bikeByCode: (code) => fleet.bikeByCode(code),
      lookUpsPerMinute: isDemo ? cityPerMinute : 60,
      reservedBy: rooms.reservations.reservedBy,
      riderOf: async (request) => {
        const token = tokenOf(request, riderCookie)
        const owner = token === undefined ? null : await sessions.ownerOf(token)
        return owner?.kind === 'rider' ? owner.riderId : null
      },
      scannedInVain: rooms.demand.scannedInVain,
    }),
    reservationsApi(rooms.reservations),
    ringApi(rooms.rings),
    deskApi(createDesk({ db, clock, fleet })),
    fleetApi({
      ...{ fleet, hub, lockSecrets: rooms.credentials.secretsOf, searched: rooms.demand.searched },
      ownerOf: (token) => sessions.ownerOf(token),
    }),
    async (app: Parameters<typeof paymentsApi>[0]) => paymentsApi(app, { payments, promiseTerms }),
    async (app: Parameters<typeof receiptApi>[0]) => receiptApi(app, { receipts, timeZone: timeZoneOf(order) }),
    tripsApi({ trips, streams, parking: rooms.parkingAdvice, isAlive: (token) => sessions.isAlive(token) }),
    publicZonesApi({ zones: rooms.publicZones }),
    noCoverageApi(rooms.noCoverage),
    staffTripsApi({ staffTrips: rooms.staffTrips, staffActs: rooms.staffActs }),
    staffCommandsApi(rooms.staffCommands),
    lockSettingsApi(rooms.lockSettings),
    factoryApi(rooms),
    mqttDocsApi,
    locksApi(rooms),
    bikesApi(rooms.bikes),
    numbersApi({ numbers: rooms.numbers.reader }),
    alarmsApi(rooms.alarmsRoom),
    appealsApi(rooms.appeals),
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

/** The demo must know its simulated riders from people, whose rides slow its clock, as their walks to a kept bike do. */
export function watchedByDemo(rooms: Rooms, personSpeed: PersonSpeed): Rooms {
  const { logIn, trips, reservations } = rooms
  return {
    ...rooms,
    logIn: {
      sendCode: (to, language) => logIn.sendCode(to, language),
      logIn: async (to, code, agent) => {
        const session = await logIn.logIn(to, code, agent)
        if ('riderId' in session) personSpeed.loggedIn(session.riderId, to)
        return session
      },
    },
    reservations: {
      ...reservations,
      reserve: (riderId, bike) => personSpeed.atRidingSpeed(riderId, () => reservations.reserve(riderId, bike)),
    },
    trips: {
      ...trips,
      start: (riderId, wanted) => personSpeed.atRidingSpeed(riderId, () => trips.start(riderId, wanted)),
    },
  }
}
