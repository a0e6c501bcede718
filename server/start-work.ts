import { type CityClock, saveEveryRealMs } from './demo/city-clock.ts'
import type { LiveHub } from './fleet/live-hub.ts'
import { everyWhile } from './platform/every-while.ts'
import { openQueue } from './platform/queue.ts'
import type { PlatformOrder } from './platform-order.ts'
import { forgetWhatIsOver } from './retention.ts'
import type { MyData } from './riders/my-data.ts'
import type { Rooms } from './rooms.ts'
import { startMyDataHere, startMyDataJobs } from './start-my-data.ts'
import { startNightHere, startNightJobs } from './start-night.ts'

/** Deadlines of commands and trips are looked at this often. */
const stepEveryMs = 200
/** What is over is not kept from anybody meanwhile: this only writes it down. Real time. */
const lookAtReservationsEveryMs = 1_000
const pollPaymentsEveryMs = 5_000
/** The rules of alarms look at the fleet, real time. */
const lookForAlarmsEveryMs = 3_000
/** Deadlines of two days, real time: a minute of them is seconds of a fast city. */
const lookForAppealsEveryMs = 1_000
const flushDemandEveryMs = 5_000
/** Of real time: often enough for five minutes of a city at a hundred times its speed. */
const lookForEmptyEveryMs = 1_000
const sampleEveryMs = 1_000
/** Days that are over are looked for this often, real time. */
const rollUpEveryMs = 30_000
const retentionEveryMs = 3_600_000

/** What goes on by itself, each part stopped before what it needs. */
export async function startWork(
  order: PlatformOrder,
  rooms: Rooms,
  clock: CityClock,
  hub: LiveHub,
  /** Pictures, each kind with its own time to be kept. */
  photos: ReadonlyArray<{ forget(): Promise<void> }>,
  myData: MyData,
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
  const grants = everyWhile('deadlines of grants', stepEveryMs, logger, () => rooms.noCoverage.tick())
  closing.push({ name: 'deadlines of grants', close: () => grants.stop() })
  const wishes = everyWhile('wishes of staff', stepEveryMs, logger, () => rooms.staffCommands.tick())
  closing.push({ name: 'wishes of staff', close: () => wishes.stop() })
  const settings = everyWhile('settings of locks', stepEveryMs, logger, () => rooms.lockSettings.tick())
  closing.push({ name: 'settings of locks', close: () => settings.stop() })
  const trips = everyWhile('deadlines of trips', stepEveryMs, logger, () => rooms.trips.tick())
  closing.push({ name: 'deadlines of trips', close: () => trips.stop() })
  const reservations = everyWhile('reservations', lookAtReservationsEveryMs, logger, () => rooms.reservations.tick())
  closing.push({ name: 'reservations', close: () => reservations.stop() })
  const appeals = everyWhile('deadlines of appeals', lookForAppealsEveryMs, logger, () => rooms.appeals.tick())
  closing.push({ name: 'deadlines of appeals', close: () => appeals.stop() })
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
    for (const kind of photos) await kind.forget()
  })
  closing.push({ name: 'retention', close: () => retention.stop() })
  if (order.queue === null) {
    const poller = everyWhile('payment poller', pollPaymentsEveryMs, logger, () => rooms.payments.pollDue())
    closing.push({ name: 'payment poller', close: () => poller.stop() })
    startNightHere(order, rooms.rebalancing)
    await startMyDataHere(order, myData)
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
  await startMyDataJobs(jobs, myData)
  await jobs.every('day-figures', rollUpEveryMs, () => rooms.numbers.rollUp.tick())
  closing.push({ name: 'jobs', close: () => jobs.close() })
}
