import type { Logger } from 'pino'
import { asId, type BikeId, type LockId, type RiderId, type TripId } from '../contracts/ids.ts'
import type { DeskEvent } from '../contracts/live/desk-events.ts'
import type { StaffRole } from '../contracts/permissions.ts'
import { type AlarmsRoom, openAlarmsRoom } from './alarms/alarms-room.ts'
import { usualAlarmSettings } from './alarms/core/alarm-settings.ts'
import { appealsOfTrips } from './appeals/appeal-store.ts'
import { type Appeals, createAppeals } from './appeals/appeals-service.ts'
import { type Audit, createAudit } from './audit/audit-service.ts'
import { type Bikes, createBikes } from './bikes/bikes-service.ts'
import { createDemandCounter, type DemandCounter } from './city/demand-counter.ts'
import { createEmptyCells, type EmptyCells } from './city/empty-cells.ts'
import type { LocalTime } from './city/local-time.ts'
import type { PublicZoneReader } from './city/public-zones.ts'
import type { ZoneEdits } from './city/zone-edits-service.ts'
import type { ZoneStock } from './city/zone-stock.ts'
import type { Zones } from './city/zones-service.ts'
import type { OnTaken } from './fleet/bike-custody.ts'
import { whyNotRentable } from './fleet/core/bike-state.ts'
import { type Fleet, openFleet } from './fleet/fleet-service.ts'
import type { Schedule } from './fleet/schedule.ts'
import { createUplinkIngest, type IngestEvent, type UplinkIngest } from './fleet/uplink-ingest.ts'
import { type LockSettingsRoom, openLockSettings } from './lock-settings/lock-settings-service.ts'
import { createNoCoverageListener } from './no-coverage/no-coverage-listener.ts'
import type { NoCoverage, NoCoverageEvent } from './no-coverage/no-coverage-service.ts'
import { type NumbersRoom, openNumbers } from './numbers/numbers-room.ts'
import { openNoCoverage } from './open-no-coverage.ts'
import { openZones } from './open-zones.ts'
import type { PaymentMetrics, PaymentsDeps } from './payments/payments-deps.ts'
import { createPayments, type Payments } from './payments/payments-service.ts'
import type { PaymentProvider } from './payments/providers/payment-provider.ts'
import { createReceipts, type Receipts } from './payments/receipt-store.ts'
import { afterCommit, withAfterCommit } from './platform/after-commit.ts'
import type { LockBroker } from './platform/broker.ts'
import type { CertificateAuthority } from './platform/certificate-authority.ts'
import type { Clock } from './platform/clock.ts'
import type { Database, Queryable } from './platform/database.ts'
import type { Ids } from './platform/ids.ts'
import { createOutbox, type Outbox } from './platform/outbox.ts'
import type { Secrets } from './platform/secrets.ts'
import { openProvisioning, type ProvisioningRoom } from './provisioning/provisioning-room.ts'
import { type Crew, createCrew } from './rebalancing/crew-service.ts'
import { straightLineDistances } from './rebalancing/distances/straight-line.ts'
import { openRebalancing, type Rebalancing, type RebalancingDeps } from './rebalancing/rebalancing-room.ts'
import type { BikeToReserve, ReservationChange } from './reservations/reservation-mover.ts'
import { createReservations, type Reservations } from './reservations/reservations-service.ts'
import type { CodeSender } from './riders/code-sender.ts'
import { openRiders, type RidersRoom } from './riders/riders-room.ts'
import { isBlocked } from './riders/riders-store.ts'
import { createSessions, type Sessions } from './riders/sessions.ts'
import { createStaff, type Staff } from './staff/staff-service.ts'
import { createReports, type Reports } from './tasks/reports-service.ts'
import { createTasks, type Tasks } from './tasks/tasks-service.ts'
import { createGivingBack } from './trips/give-back.ts'
import { createLockListener } from './trips/lock-listener.ts'
import { createParkingAdvice, type ParkingAdviser } from './trips/parking-advice.ts'
import { createStaffActs, type StaffActs } from './trips/staff-acts.ts'
import { createStaffTrips, type StaffTripsRoom } from './trips/staff-trips.ts'
import { longTripHours, whereaboutsOf } from './trips/staff-trips-store.ts'
import type { TripChange } from './trips/trip-mover.ts'
import { createTrips, type Trips } from './trips/trips-service.ts'
import { type LockKeys, lockKeysFrom } from './unlocking/lock-keys.ts'
import { createRings, type Rings } from './unlocking/ring-service.ts'
import { createStaffCommands, type StaffCommands } from './unlocking/staff-commands.ts'
import { createUnlocking, type Unlocking } from './unlocking/unlocking-service.ts'

/** What the rooms stand on: real in `main.ts`, virtual clock and faulty air in the simulation. */
export interface Ports extends Partial<Pick<LockBroker, 'grant' | 'kick'>> {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
  /** Uniform in [0, 1): spreads retries. */
  readonly random: () => number
  readonly publish: LockBroker['publish']
  /** Signs locks' certificates; none where there is no TLS port. */
  readonly authority?: CertificateAuthority | null
  readonly provider: PaymentProvider
  readonly codeSender: CodeSender
  readonly publicUrl: string
  readonly secrets: Pick<Secrets, 'lockMaster' | 'riderMaster'>
  /** Of the operator. */
  readonly localTime: LocalTime
  /** Roles that may do nothing at the desk without a second factor; nobody where nothing is given. */
  readonly needsSecondFactor?: (role: StaffRole) => boolean
  /** Ways of the vans, and what a first night is like; straight lines where nothing is given. */
  readonly night?: Pick<RebalancingDeps, 'distances' | 'centre' | 'isDemo'>
  readonly schedule?: Schedule
  readonly onReservationChanged?: (change: ReservationChange) => void
  readonly onTripChanged?: (change: TripChange) => void
  /** Something beside the trip itself that its rider's page shows has changed. */
  readonly onTripTold?: (tripId: TripId) => void
  readonly onNoCoverage?: (event: NoCoverageEvent) => void
  readonly onIngest?: (event: IngestEvent, count: number) => void
  readonly paymentMetrics?: PaymentMetrics
  /** Told after the commit; open desks hear of it at once. */
  readonly tellDesk?: (event: DeskEvent) => void
}

export interface Rooms {
  readonly db: Database
  readonly fleet: Fleet
  readonly alarms: AlarmsRoom['alarms']
  readonly alarmsRoom: AlarmsRoom
  readonly reports: Reports
  readonly tasks: Tasks
  readonly appeals: Appeals
  readonly ingest: UplinkIngest
  readonly unlocking: Unlocking
  readonly noCoverage: NoCoverage
  readonly staffCommands: StaffCommands
  readonly lockSettings: LockSettingsRoom
  readonly bikes: Bikes
  readonly trips: Trips
  readonly reservations: Reservations
  readonly rings: Rings
  readonly staffTrips: StaffTripsRoom
  readonly staffActs: StaffActs
  readonly payments: Payments
  readonly receipts: Receipts
  readonly outbox: Outbox
  readonly sessions: Sessions
  readonly logIn: RidersRoom['logIn']
  readonly account: RidersRoom['account']
  readonly codes: RidersRoom['codes']
  readonly addresses: RidersRoom['addresses']
  readonly staff: Staff
  readonly audit: Audit
  readonly zones: Zones
  readonly zoneEdits: ZoneEdits
  readonly zoneStock: ZoneStock
  readonly publicZones: PublicZoneReader
  readonly parkingAdvice: ParkingAdviser
  readonly demand: DemandCounter
  readonly emptyCells: EmptyCells
  readonly numbers: NumbersRoom
  readonly crew: Crew
  readonly rebalancing: Rebalancing
  readonly lockKeys: LockKeys
  readonly credentials: ProvisioningRoom['credentials']
  readonly batches: ProvisioningRoom['batches']
  riderBlocked(riderId: RiderId): Promise<boolean>
}

/** Every room, each given the others' services: the only place where they meet. */
export async function openRooms(ports: Ports): Promise<Rooms> {
  const { clock, ids, logger, publicUrl, localTime, publish, grant } = ports
  const db = withAfterCommit(ports.db)
  const schedule = ports.schedule === undefined ? {} : { schedule: ports.schedule }
  const outbox = createOutbox({ db, clock, logger, random: ports.random })
  const lockKeys = lockKeysFrom(ports.secrets.lockMaster)
  const receipts = createReceipts({ db, clock, ids, publicUrl })
  const onTaken: OnTaken = (tx, bikeIds, by) => reservations.takenBack(tx, bikeIds, by)
  const fleet = await openFleet({ db, clock, ids, logger, publish, grant, onTaken, ...schedule })
  const tellDesk = (event: DeskEvent) => ports.tellDesk?.(event)
  const alarmsRoom = await openAlarmsRoom({ db, clock, ids, logger, fleet, localTime, tellDesk })
  const { alarms } = alarmsRoom
  const provisioning = await openProvisioning({
    ...{ db, clock, logger, publicUrl, fleet, tellDesk, keys: lockKeys, masterKey: ports.secrets.lockMaster },
    ...{ kick: ports.kick, authority: ports.authority },
  })
  const ingest = createUplinkIngest({
    ...{ db, clock, logger },
    listener: fleet.listener,
    ...schedule,
    ...(ports.onIngest ? { onEvent: ports.onIngest } : {}),
  })
  const unlocking = createUnlocking({
    ...{ db, clock, ids, logger, keys: lockKeys },
    broker: { publish },
    shadowOf: (lockId: LockId) => fleet.shadowOf(lockId),
  })
  const staffCommands = openCommands({ db, clock, logger, unlocking, fleet, alarms, tellDesk })
  unlocking.onChange((tx, change) => staffCommands.onChange(tx, change))
  const lockSettings = await openLockSettings({
    ...{ db, clock, logger, fleet, tellDesk },
    ...{ keys: lockKeys, publish: ports.publish },
  })
  const payments = createPayments({
    db,
    clock,
    ids,
    outbox,
    logger,
    publicUrl,
    provider: ports.provider,
    activeTripOf: (riderId) => trips.activeTripOf(riderId),
    ...(ports.paymentMetrics ? { metrics: ports.paymentMetrics } : {}),
    onSettled: async (tx, { tripId, outcome }) => {
      // A debt is paid later; until then the ride is ended and not charged.
      if (outcome !== 'debt') afterCommit(tx, await trips.settled(tx, asId<TripId>(tripId)))
    },
    onMoved: tellOfMoney(tellDesk),
  })
  const bikes = () => fleet.bikes()
  const placeOf = (lockId: LockId) => fleet.shadowOf(lockId).position
  const demand = createDemandCounter({ db, clock, logger, localTime, placeOf, bikes })
  const riderBlocked = (riderId: RiderId) => isBlocked(db, riderId)
  const reports = createReports({ db, clock, ids, alarms, tellDesk, bikeByCode: (text) => fleet.bikeByCode(text) })
  const reservations: Reservations = createReservations({
    ...{ db, clock, ids, logger, riderBlocked, tellDesk },
    fleet: bikesToReserve(fleet, clock),
    onChanged: (change) => ports.onReservationChanged?.(change),
    riderInDebt: (riderId) => payments.riderInDebt(riderId),
    activeTripOf: (riderId) => trips.activeTripOf(riderId),
  })
  const trips: Trips = createTrips({
    ...{ db, clock, ids, logger, unlocking, payments, fleet, alarms, reports, receipts, riderBlocked },
    tripBegins: reservations.tripBegins,
    appeals: { ofTrips: (tripIds) => appealsOfTrips(db, tripIds) },
    wakeOutbox: () => outbox.wake(),
    onChanged: (change) => {
      ports.onTripChanged?.(change)
      const { tripId, bikeId, state } = change
      if (change.isNewState) tellDesk({ kind: 'trip', tripId, bikeId, state })
    },
    onRide: ({ kind, lockId, atMs }) =>
      kind === 'began' ? demand.rideBegan(lockId, atMs) : demand.rideEnded(lockId, atMs),
  })

  const replanRest = (routeId: string) => rebalancing.replanRest(routeId)
  const crew = createCrew({ db, clock, logger, fleet, alarms, unlocking, localTime, replanRest })
  const rebalancing = openRebalancing({
    ...{ db, clock, ids, logger, random: ports.random, localTime, fleet },
    keeper: crew,
    ...(ports.night ?? { distances: straightLineDistances(), centre: { lon: 0, lat: 0 }, isDemo: false }),
  })

  const noCoverage = openNoCoverage({ ...ports, db, trips, ingest, keys: lockKeys })
  listenToLocks({ clock, trips, alarmsRoom, fleet, unlocking, ingest, noCoverage, lockSettings })
  const needsSecondFactor = ports.needsSecondFactor ?? (() => false)
  const sessions = createSessions({ db, clock, ids, needsSecondFactor })
  const audit = createAudit({ db, clock })
  const staff = createStaff({
    ...{ db, clock, ids, sessions, publicUrl, audit, needsSecondFactor },
    masterKey: ports.secrets.riderMaster,
  })
  return {
    db,
    fleet,
    alarms,
    alarmsRoom,
    reports,
    tasks: createTasks({ db, clock, ids, tellDesk, alarms: alarmsRoom.desk }),
    ingest,
    unlocking,
    noCoverage,
    staffCommands,
    lockSettings,
    bikes: createBikes({ db, clock, logger, publicUrl, fleet, tellDesk, credentials: provisioning.credentials }),
    trips,
    reservations,
    rings: openRings({ db, clock, logger, unlocking, fleet, reservations }),
    ...openStaffTrips({ db, clock, trips, payments, fleet, outbox, tellDesk }),
    appeals: createAppeals({
      ...{ db, clock, logger, tellDesk },
      money: createGivingBack({ clock, trips, payments }),
      wakeOutbox: () => outbox.wake(),
      tellRider: (tripId) => ports.onTripTold?.(tripId),
    }),
    payments,
    receipts,
    outbox,
    sessions,
    ...openRiders({ ...ports, db, sessions }),
    staff,
    audit,
    ...openZones(ports, db, fleet),
    parkingAdvice: createParkingAdvice({ db, clock, shadowOf: (lockId) => fleet.shadowOf(lockId) }),
    demand,
    emptyCells: createEmptyCells({ db, clock, localTime, counter: demand, bikes }),
    numbers: openNumbers({ db, clock, localTime, bikes, flushDemand: () => demand.flush() }),
    crew,
    rebalancing,
    lockKeys,
    ...provisioning,
    riderBlocked,
  }
}

/** What locks say, to whom it concerns, in the transaction that stores it. */
function listenToLocks(rooms: {
  readonly clock: Clock
  readonly trips: Trips
  readonly alarmsRoom: AlarmsRoom
  readonly fleet: Fleet
  readonly unlocking: Unlocking
  readonly ingest: UplinkIngest
  readonly noCoverage: NoCoverage
  readonly lockSettings: LockSettingsRoom
}): void {
  const { clock, trips, alarmsRoom, fleet, unlocking, ingest } = rooms
  const { alarms } = alarmsRoom
  const locks = createLockListener({ trips, alarms, bikeOfLock: (lockId) => fleet.bikeOfLock(lockId), clock })
  const phones = createNoCoverageListener(rooms)
  unlocking.onOutcome(async (tx, outcome) => {
    const later = await locks.onCommandOutcome(tx, outcome)
    if (later) afterCommit(tx, later)
  })
  ingest.onReport(async (tx, report) => {
    await unlocking.onReport(tx, report)
    await phones.onReport(tx, report)
    await rooms.lockSettings.onReport(tx, report)
    await alarmsRoom.onReport(tx, report)
    return locks.onReport(tx, report)
  })
}

function openCommands(rooms: {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly unlocking: Unlocking
  readonly fleet: Fleet
  readonly alarms: AlarmsRoom['alarms']
  readonly tellDesk: (event: DeskEvent) => void
}) {
  const { fleet, alarms, ...rest } = rooms
  return createStaffCommands({
    ...rest,
    bikes: {
      lockOf: (bikeId) => fleet.lockOf(bikeId),
      hold: (tx, bikeId) => fleet.holdBikes(tx, [bikeId]),
      requestStamp: (lockId) => fleet.requestStamp(lockId),
      partsOf: (lockId) => fleet.shadowOf(lockId).told.parts,
      raise: (tx, alarm) => alarms.raise(tx, alarm),
    },
  })
}

function bikesToReserve(fleet: Fleet, clock: Clock) {
  const byId = (bikeId: BikeId): BikeToReserve | null => {
    const bike = fleet.bikeOf(bikeId)
    if (bike === null) return null
    const { number, model, shadow } = bike
    const refusal = whyNotRentable(bike, clock.nowMs())
    return { bikeId, number, model, batteryPercent: shadow.soc ?? 0, position: shadow.position, refusal }
  }
  const byCode = (text: string): BikeToReserve | null => {
    const bike = fleet.bikeByCode(text)
    return bike && byId(bike.bikeId)
  }
  return { byId, byCode, hold: (tx: Queryable, bikeId: BikeId) => fleet.holdBikes(tx, [bikeId]) }
}

function openRings(rooms: {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly unlocking: Unlocking
  readonly fleet: Fleet
  readonly reservations: Reservations
}): Rings {
  const { fleet, reservations, ...rest } = rooms
  return createRings({
    ...rest,
    bikeByCode: (text) => {
      const { bikeId } = fleet.bikeByCode(text) ?? {}
      const bike = bikeId === undefined ? null : fleet.bikeOf(bikeId)
      return bike && { ...bike, isInVan: bike.custody === 'in_van', isConnected: bike.shadow.connected }
    },
    reservedBy: reservations.reservedBy,
    requestStamp: (lockId) => fleet.requestStamp(lockId),
  })
}

function openStaffTrips(rooms: {
  readonly db: Database
  readonly clock: Clock
  readonly trips: Trips
  readonly payments: Payments
  readonly fleet: Pick<Fleet, 'shadowOf'>
  readonly outbox: Outbox
  readonly tellDesk: (event: DeskEvent) => void
}) {
  const { db, clock, trips, payments, fleet, outbox, tellDesk } = rooms
  const boltOf = (lockId: LockId) => fleet.shadowOf(lockId).bolt
  const longTripMs = async () => ((await longTripHours(db)) ?? usualAlarmSettings.longTripHours) * 3_600_000
  return {
    staffTrips: createStaffTrips({ db, clock, boltOf, longTripMs }),
    staffActs: createStaffActs({ db, clock, trips, payments, boltOf, wakeOutbox: () => outbox.wake(), tellDesk }),
  }
}

/** Debts and refunds: the rest of a payment's life moves its trip, which tells by itself. */
const toldOfMoney: ReadonlySet<string> = new Set(['debt', 'refund_pending', 'partially_refunded', 'refunded'])

const tellOfMoney =
  (tellDesk: (event: DeskEvent) => void): NonNullable<PaymentsDeps['onMoved']> =>
  async (tx, { tripId, status }) => {
    if (tripId === null || !toldOfMoney.has(status)) return
    const where = await whereaboutsOf(tx, asId<TripId>(tripId))
    if (where) afterCommit(tx, () => tellDesk({ kind: 'trip', tripId, ...where }))
  }
