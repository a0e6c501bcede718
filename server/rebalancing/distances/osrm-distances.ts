import type { Logger } from 'pino'
import type { Place } from '../core/street-matrix.ts'
import { checkPlaces } from './check-places.ts'
import { type Distances, DistancesFault } from './distances.ts'
import { askOsrm, type OsrmLimits } from './osrm-request.ts'
import { estimatedWay } from './straight-line.ts'

const defaultLimits: OsrmLimits & { readonly requestsAtOnce: number; readonly tableTimeoutMs: number } = {
  // The public server's, and that of `osrm-routed` as it comes (--max-table-size).
  coordinatesPerRequest: 100,
  requestTimeoutMs: 15_000,
  maxTries: 3,
  retryBaseMs: 500,
  requestsAtOnce: 2,
  tableTimeoutMs: 300_000,
}

/** More pairs than this share without a way: the service does not know this city. */
const maxUnknownShare = 0.5

/**
 * Ways from a service that speaks OSRM's table API (project-osrm.org, `/table/v1/driving/…`), in blocks of sources and
 * destinations below its limit of coordinates. A pair that it finds no way for gets a straight line, and a note.
 */
export function osrmDistances(baseUrl: string, logger: Logger, changed: Partial<typeof defaultLimits> = {}): Distances {
  const limits = { ...defaultLimits, ...changed }
  const closing = new AbortController()
  return {
    table: async (places) => {
      checkPlaces(places)
      const failed = new AbortController()
      const signal = AbortSignal.any([closing.signal, failed.signal, AbortSignal.timeout(limits.tableTimeoutMs)])
      const count = places.length
      const distanceM = new Array<number>(count * count).fill(0)
      const driveS = new Array<number>(count * count).fill(0)
      let unknown = 0
      const fill = async ({ from, to }: Block): Promise<void> => {
        const answer = await askOsrm(baseUrl, places, from, to, limits, signal)
        from.forEach((i, row) => {
          to.forEach((j, column) => {
            if (i === j) return
            const [metres, seconds] = [answer.distances[row]?.[column], answer.durations[row]?.[column]]
            const isKnown = typeof metres === 'number' && typeof seconds === 'number'
            if (!isKnown) unknown++
            const way = isKnown ? null : estimatedWay(places[i] as Place, places[j] as Place)
            distanceM[i * count + j] = way?.distanceM ?? Math.round(metres as number)
            driveS[i * count + j] = way?.driveS ?? Math.round(seconds as number)
          })
        })
      }
      const startMs = performance.now()
      const blocks = blocksOf(count, limits.coordinatesPerRequest)
      const next = blocks.values()
      const takeBlocks = async (): Promise<void> => {
        for (const block of next) await fill(block)
      }
      try {
        await Promise.all(Array.from({ length: limits.requestsAtOnce }, takeBlocks))
      } finally {
        failed.abort()
      }
      if (unknown > maxUnknownShare * count * (count - 1)) {
        throw new DistancesFault(
          'outside',
          `the OSRM service knows no way between ${unknown} of ${count * (count - 1)} pairs`,
        )
      }
      const tookMs = Math.round(performance.now() - startMs)
      logger.info({ places: count, requests: blocks.length, unknown, tookMs }, 'ways from the OSRM service')
      const note = `No way known between ${unknown} pairs of places: straight lines times a usual detour for them.`
      return { distanceM, driveS, source: 'osrm', ...(unknown > 0 ? { note } : {}) }
    },
    close: async () => closing.abort(),
  }
}

interface Block {
  readonly from: readonly number[]
  readonly to: readonly number[]
}

/** One request where everything fits, else half of the coordinates as sources and half as destinations. */
function blocksOf(count: number, coordinatesPerRequest: number): readonly Block[] {
  const all = Array.from({ length: count }, (_, k) => k)
  if (count < 2) return []
  if (count <= coordinatesPerRequest) return [{ from: all, to: all }]
  const half = Math.max(1, Math.floor(coordinatesPerRequest / 2))
  const parts: number[][] = []
  for (let start = 0; start < count; start += half) parts.push(all.slice(start, start + half))
  return parts.flatMap((from) => parts.map((to) => ({ from, to })))
}
