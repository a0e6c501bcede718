import { personalRooms } from './personal-rooms.ts'
import type { RiderPhotos } from './photos/rider-photos.ts'
import type { Clock } from './platform/clock.ts'
import { everyWhile } from './platform/every-while.ts'
import { secureIds } from './platform/ids.ts'
import { inProcessJobs } from './platform/in-process-jobs.ts'
import type { RecurringJobs } from './platform/queue.ts'
import type { PlatformOrder } from './platform-order.ts'
import { type MyData, openMyData } from './riders/my-data.ts'
import type { Rooms } from './rooms.ts'

/** What is not done is looked for this often, real time: a job that was given up, or whose process died. */
const lookEveryMs = 30_000
/** A job that takes longer was given up. Adding it anew while it runs would change nothing. */
const givenUpAfterMs = 120_000

/** Copies and erasures, over every room that keeps something of a rider. */
export function myDataOf(
  { settings, secrets, logger }: PlatformOrder,
  { db, codes, addresses, sessions, reservations }: Rooms,
  clock: Clock,
  photos: RiderPhotos,
): Promise<MyData> {
  return openMyData({
    ...{ db, clock, ids: secureIds, logger, codes, addresses, sessions },
    ...{ dataDir: settings.DATA_DIR, masterKey: secrets.riderMaster },
    rooms: personalRooms({ addresses, reservations, photos }),
  })
}

/** Copies and erasures are jobs of the queue: whichever process is free makes them. */
export async function startMyDataJobs(jobs: RecurringJobs, myData: MyData): Promise<void> {
  const working = await jobs.once('my-data', myData.work)
  myData.handOverTo((key) => working.add(key))
  await myData.erasures.again()
  await myData.look(0)
  await jobs.every('my-data-look', lookEveryMs, () => myData.look(givenUpAfterMs))
}

/** Without a job store this process makes them itself. */
export async function startMyDataHere({ logger, closing }: PlatformOrder, myData: MyData): Promise<void> {
  const working = inProcessJobs(
    (job, error, attempt) => logger.warn({ job, attempt, err: error }, 'a job on a rider’s data failed'),
    myData.work,
  )
  myData.handOverTo((key) => working.add(key))
  await myData.erasures.again()
  await myData.look(0)
  const looking = everyWhile('my data', lookEveryMs, logger, () => myData.look(givenUpAfterMs))
  closing.push({ name: 'copies and erasures', close: () => working.close() })
  closing.push({ name: 'my data', close: () => looking.stop() })
}
