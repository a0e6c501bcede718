import type { Lock } from '../../lock-simulator/body/lock.ts'
import type { VirtualClock } from '../../lock-simulator/body/virtual-clock.ts'
import type { GateOptions } from '../../lock-simulator/firmware/command-gate.ts'
import type { Payments } from '../../server/payments/payments-service.ts'
import type { UplinkSink } from '../../server/platform/broker.ts'
import type { Database } from '../../server/platform/database.ts'
import type { Rooms } from '../../server/rooms.ts'
import type { StatementWatch } from './world/mortal-database.ts'

/** A bug that is put into the running system on purpose: a checker that does not see it is worth nothing. */
export interface Plant {
  readonly gateOptions: GateOptions
  /** Once, before the run. */
  prepare(db: Database): Promise<void>
  /** After the run: the database is used again. */
  restore(db: Database): Promise<void>
  /** After each start of the server. */
  alter(rooms: Rooms): void
  readonly watch: StatementWatch
  sink(sink: UplinkSink): UplinkSink
  /** Something on the street that only this bug needs, to show itself. */
  trouble?(street: PlantedStreet): void
}

export interface PlantedStreet {
  readonly clock: VirtualClock
  readonly locks: readonly Lock[]
}

/** Nothing is planted. */
export const sound: Plant = {
  gateOptions: {},
  prepare: async () => undefined,
  restore: async () => undefined,
  alter: () => undefined,
  watch: () => null,
  sink: (sink) => sink,
}

const oneTripPerBike = `CREATE UNIQUE INDEX trip_one_active_per_bike ON trip (bike_id)
  WHERE state IN ('promised', 'unlocking', 'riding', 'paused', 'ending')`

export const plants = {
  'no-boot-binding': { ...sound, gateOptions: { withoutBootBinding: true } },
  'no-deadline': { ...sound, gateOptions: { withoutDeadline: true } },
  // The boot id alone covers for a counter in RAM, so both must go for a command to be obeyed twice.
  'counter-in-ram': { ...sound, gateOptions: { ramCounter: true, withoutBootBinding: true } },
  /** Settles as soon as the bolt is open, for the unlock fee. */
  'capture-at-open': {
    ...sound,
    alter: (rooms: Rooms) => {
      rooms.ingest.onReport(async (tx, { kind, body }) => {
        if (kind !== 'evt' || body.k !== 'bolt' || body.to !== 'unlocked' || body.cid === undefined) return undefined
        const { rows } = await tx.query<{ paymentId: string; tripId: string }>(
          `SELECT payment_id AS "paymentId", trip_id AS "tripId" FROM trip WHERE command_id::text = $1
           AND state = 'riding'`,
          [body.cid],
        )
        for (const ride of rows) {
          await rooms.payments.settle(tx, { ...ride, totalMinor: 150, vatPercent: 9, reason: 'planted' })
        }
        return undefined
      })
    },
  },
  /** Read, check free, write: with the check read from a stale copy, and no index to catch it. */
  'two-trips-on-a-bike': {
    ...sound,
    prepare: async (db: Database) => void (await db.query('DROP INDEX trip_one_active_per_bike')),
    restore: async (db: Database) => {
      for (const table of ['trip_act', 'rider_report', 'task', 'alarm']) await db.query(`DELETE FROM ${table}`)
      await db.query('DELETE FROM command')
      await db.query('DELETE FROM trip')
      await db.query(oneTripPerBike)
    },
    watch: (text: string) => (/^SELECT 1 FROM trip WHERE bike_id/.test(text) ? { rows: [] } : null),
  },
  /** The PUBACK leaves before the commit. */
  'puback-before-commit': {
    ...sound,
    sink:
      (sink: UplinkSink): UplinkSink =>
      (uplink, done) => {
        done('stored')
        sink(uplink, () => undefined)
      },
  },
  /** The time of arrival is billed instead of the lock's own. */
  'bill-by-arrival': {
    ...sound,
    watch: (_text: string, values: readonly unknown[]) => {
      const [madeAt, receivedAt] = [values[4], values[5]]
      if (/INSERT INTO lock_report/.test(_text) && Array.isArray(madeAt) && Array.isArray(receivedAt)) {
        madeAt.splice(0, madeAt.length, ...receivedAt)
      }
      return null
    },
  },
  /** A failed unlock costs the unlock fee. */
  'charge-for-nothing': {
    ...sound,
    alter: ({ payments }: Rooms) =>
      replace(payments, 'release', async (tx, { paymentId }) => {
        const { rows } = await tx.query<{ trip_id: string }>('SELECT trip_id FROM payment WHERE payment_id = $1', [
          paymentId,
        ])
        const tripId = rows[0]?.trip_id ?? ''
        await payments.settle(tx, { paymentId, tripId, totalMinor: 150, vatPercent: 9, reason: 'planted' })
      }),
  },
  /** Nobody gives the hold of a failed unlock back. */
  'forgotten-hold': {
    ...sound,
    alter: ({ payments }: Rooms) => replace(payments, 'release', async () => undefined),
  },
  /** What the bank took is booked for one fen too much, in balance with itself. */
  'wrong-booking': {
    ...sound,
    watch: (text: string, values: readonly unknown[]) => {
      const amounts = values[4]
      if (text.startsWith('INSERT INTO entry') && Array.isArray(amounts) && amounts.length === 2) {
        amounts[0] = Number(amounts[0]) + 1
        amounts[1] = Number(amounts[1]) - 1
      }
      return null
    },
  },
  /** Nobody is told of a forced or forgotten bike. */
  'no-alarms': {
    ...sound,
    alter: ({ alarms }: Rooms) => replace(alarms, 'raise', async () => null),
  },
  /** Every birth is taken for a farewell. */
  'births-are-wills': {
    ...sound,
    alter: ({ fleet }: Rooms) => {
      const { present } = fleet.listener
      Object.assign(fleet.listener, {
        present: (...[lockId, , sessionId]: Parameters<typeof present>) => present(lockId, false, sessionId),
      })
    },
  },
  /** What city time was is not remembered over a kill. */
  'forgetful-clock': {
    ...sound,
    watch: (text: string) => (text.startsWith('SELECT city_at') ? { rows: [] } : null),
  },
  /** One lock never finds its network again. */
  'lost-lock': {
    ...sound,
    trouble: ({ locks: [lock] }: PlantedStreet) => {
      lock?.setAntenna(false)
      if (lock) Object.assign(lock, { setAntenna: () => undefined })
    },
  },
  /** One lock says yes to everything and opens nothing. */
  'bolt-stuck-for-good': {
    ...sound,
    trouble: ({ locks: [lock] }: PlantedStreet) => {
      lock?.jam(true)
      if (lock) Object.assign(lock, { jam: () => undefined })
    },
  },
  /** The lever falls into a turning wheel. */
  'lever-while-riding': {
    ...sound,
    trouble: ({ clock, locks }: PlantedStreet) => {
      const look = (): void => {
        for (const lock of locks) if (lock.whereabouts().speedMps > 1) lock.pushLever()
        clock.schedule(clock.nowMs() + 7_000, look)
      }
      look()
    },
  },
  /** Closes by motor whatever the wheel does: also when somebody rolls the bike away as it is told to. */
  'no-wheel-guard': {
    ...sound,
    gateOptions: { withoutWheelGuard: true },
    trouble: ({ clock, locks }: PlantedStreet) => {
      for (const lock of locks) {
        const roll = (speedMps: number): void => lock.setPosition({ ...lock.whereabouts(), speedMps })
        lock.onMessage(({ direction, channel, payload }) => {
          const isToClose = direction === 'down' && channel === 'cmd' && payload.includes('"op":"lock"')
          if (!isToClose || lock.boltPosition() !== 'open' || lock.whereabouts().speedMps > 0) return
          roll(3)
          clock.schedule(clock.nowMs() + 3_000, () => roll(0))
        })
      }
    },
  },
  /** A phone's grant does not end, however late it is said. */
  'endless-grants': { ...sound, gateOptions: { withoutGrantLife: true } },
  /** A cell runs empty, and its lock does not say so. */
  'no-last-word': { ...sound, gateOptions: { withoutLastWord: true } },
  /** A broker that answers for itself: now and then nobody else ever hears of an event. */
  'events-lost': {
    ...sound,
    sink: (sink: UplinkSink): UplinkSink => {
      return (uplink, done) => {
        const isLost =
          uplink.topic.kind === 'uplink' && uplink.topic.uplink === 'evt' && uplink.payload.length % 16 === 0
        if (isLost) done('nobody knows' as 'stored')
        else sink(uplink, done)
      }
    },
  },
  /** Telemetry is stored, and nobody says so. */
  'telemetry-unanswered': {
    ...sound,
    sink:
      (sink: UplinkSink): UplinkSink =>
      (uplink, done) =>
        sink(uplink, uplink.topic.kind === 'uplink' && uplink.topic.uplink === 'tel' ? () => undefined : done),
  },
  /** A full outbox lets events go before telemetry. */
  'telemetry-first': { ...sound, gateOptions: { telemetryFirst: true } },
  /** A grant that a phone has used opens the bike again, whoever says it. */
  'grants-for-ever': { ...sound, gateOptions: { grantsForEver: true } },
  /** What bolts say of their closing is stored, and not believed. */
  'deaf-shadow': {
    ...sound,
    alter: ({ fleet }: Rooms) => {
      const { heard } = fleet.listener
      Object.assign(fleet.listener, {
        heard: (...[lockId, word, atMs]: Parameters<typeof heard>) => {
          const { bolt } = fleet.shadowOf(lockId)
          if (bolt !== 'unlocked') heard(lockId, word, atMs)
          else if (word.kind === 'tel') {
            const r = word.body.r.map((record) => ({ ...record, bolt }))
            heard(lockId, { ...word, body: { ...word.body, r } }, atMs)
          } else if (word.kind !== 'evt') {
            heard(lockId, { ...word, body: { ...word.body, bolt } } as typeof word, atMs)
          }
        },
      })
    },
  },
  /** A cell counts below empty. */
  'endless-cell': {
    ...sound,
    trouble: ({ clock, locks: [lock] }: PlantedStreet) => {
      if (lock === undefined) return
      const truth = lock.truth.bind(lock)
      clock.schedule(clock.nowMs() + 600_000, () => Object.assign(lock, { truth: () => ({ ...truth(), percent: -1 }) }))
    },
  },
  /** Something happens that no seed decides. */
  'chance-of-its-own': {
    ...sound,
    trouble: ({ clock, locks: [lock] }: PlantedStreet) => {
      clock.schedule(clock.nowMs() + 1 + Math.floor(Math.random() * 600_000), () => lock?.reboot('panic'))
    },
  },
  /** Commands that are not answered wait for ever. */
  'no-giving-up': {
    ...sound,
    alter: ({ unlocking }: Rooms) => replace(unlocking, 'tick', async () => undefined),
  },
} as const satisfies Readonly<Record<string, Plant>>

export type PlantName = keyof typeof plants

export const isPlantName = (name: string): name is PlantName => Object.hasOwn(plants, name)

/** Rooms call each other's services by name at the time of the call, so a changed one is the one that is called. */
function replace<T extends Payments | Rooms['alarms'] | Rooms['unlocking'], Key extends keyof T>(
  room: T,
  key: Key,
  act: T[Key],
): void {
  Object.assign(room, { [key]: act })
}
