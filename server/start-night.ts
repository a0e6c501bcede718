import { join } from 'node:path'
import type { Logger } from 'pino'
import { readCityFile } from './city/city-api.ts'
import type { Closing } from './closing.ts'
import { everyWhile } from './platform/every-while.ts'
import { inProcessJobs } from './platform/in-process-jobs.ts'
import type { RecurringJobs } from './platform/queue.ts'
import { openDistances } from './rebalancing/distances/open-distances.ts'
import type { Rebalancing, RebalancingDeps } from './rebalancing/rebalancing-room.ts'
import type { Settings } from './settings.ts'

export interface NightOrder {
  readonly settings: Settings
  readonly logger: Logger
  readonly closing: Closing[]
  readonly isDemo: boolean
  readonly cityDir: string | null
}

/** The night's clock is looked at this often, real time: some minutes of a fast city. */
const nightEveryMs = 5_000
/** Where no city was made. */
export const usualCentre = { lon: 4.9, lat: 52.37 } as const

/** Ways between places by the best that is given, and where a first depot may stand. */
export async function nightPorts({
  settings,
  logger,
  closing,
  isDemo,
  cityDir,
}: NightOrder): Promise<Pick<RebalancingDeps, 'distances' | 'centre' | 'isDemo'>> {
  const distances = openDistances({
    osrmUrl: settings.OSRM_URL,
    roadFile: settings.ROAD_FILE,
    cityStreetsFile: cityDir === null ? undefined : join(cityDir, 'streets.json'),
    logger,
  })
  closing.push({ name: 'distances', close: () => distances.close() })
  const centre = cityDir === null ? usualCentre : (await readCityFile(cityDir)).centre
  return { distances, centre, isDemo }
}

/** Plans are jobs of the queue: whichever process is free makes them, and a process that dies is followed by another. */
export async function startNightJobs(jobs: RecurringJobs, rebalancing: Rebalancing): Promise<void> {
  const planning = await jobs.once('night-plan', rebalancing.makePlan)
  rebalancing.handOverTo((planId) => planning.add(planId))
  await jobs.every('night', nightEveryMs, () => rebalancing.tick())
}

/** Without a job store this process makes them itself. */
export function startNightHere({ logger, closing }: NightOrder, rebalancing: Rebalancing): void {
  const planning = inProcessJobs(
    (planId, error, attempt) => logger.warn({ planId, attempt, err: error }, 'planning failed'),
    rebalancing.makePlan,
  )
  rebalancing.handOverTo((planId) => planning.add(planId))
  const night = everyWhile('night', nightEveryMs, logger, () => rebalancing.tick())
  closing.push({ name: 'planning', close: () => planning.close() })
  closing.push({ name: 'night', close: () => night.stop() })
}
