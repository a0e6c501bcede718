import { setTimeout as wait } from 'node:timers/promises'
import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Place } from '../core/street-matrix.ts'
import { DistancesFault } from './distances.ts'

export interface OsrmLimits {
  readonly coordinatesPerRequest: number
  readonly requestTimeoutMs: number
  readonly maxTries: number
  /** The first wait between tries; doubled each time, jittered, capped at `maxRetryWaitMs`. */
  readonly retryBaseMs: number
}

const maxRetryWaitMs = 5_000
/** A hundred by a hundred pairs take some 200 kB. */
const maxAnswerBytes = 8_000_000
/** Six decimals are 11 cm. */
const coordinateDecimals = 6
/** A place that the service moves farther than this is outside what it knows. */
const outsideM = 2_000

/** Earth has no longer road; null where the service finds no way. */
const Cell = Type.Union([Type.Number({ minimum: 0, maximum: 100_000_000 }), Type.Null()])
const Waypoint = Type.Union([Type.Object({ distance: Type.Optional(Type.Number({ minimum: 0 })) }), Type.Null()])
const OsrmTable = Type.Object({
  code: Type.Literal('Ok'),
  distances: Type.Array(Type.Array(Cell)),
  durations: Type.Array(Type.Array(Cell)),
  /** Where each place met its streets, and how far from the place. */
  sources: Type.Optional(Type.Array(Waypoint)),
  destinations: Type.Optional(Type.Array(Waypoint)),
})
export type OsrmTable = Static<typeof OsrmTable>
const table = Compile(OsrmTable)

/**
 * One block of the table: rows are `from`, columns `to`, both indices of places. Tries again after a broken connection,
 * a time-out, 429 or 5xx. Throws `DistancesFault` `service`.
 */
export async function askOsrm(
  baseUrl: string,
  places: readonly Place[],
  from: readonly number[],
  to: readonly number[],
  limits: OsrmLimits,
  signal: AbortSignal,
): Promise<OsrmTable> {
  const url = tableUrl(baseUrl, places, from, to)
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(url, limits.requestTimeoutMs, signal)
    if (outcome.kind === 'answer') return checked(outcome.body, from.length, to.length)
    if (outcome.kind === 'no' || attempt >= limits.maxTries || signal.aborted) {
      throw new DistancesFault('service', `the OSRM service ${outcome.reason}`, outcome.cause)
    }
    const waitMs = Math.min(maxRetryWaitMs, limits.retryBaseMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2)
    await wait(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw new DistancesFault('service', 'the OSRM service was given up', cause)
    })
  }
}

function tableUrl(baseUrl: string, places: readonly Place[], from: readonly number[], to: readonly number[]): string {
  const used = [...new Set([...from, ...to])]
  const position = new Map(used.map((place, k) => [place, k]))
  const coordinates = used
    .map((k) => places[k] as Place)
    .map(({ lon, lat }) => `${lon.toFixed(coordinateDecimals)},${lat.toFixed(coordinateDecimals)}`)
  const isWhole = from.length === used.length && to.length === used.length
  const positions = (list: readonly number[]): string => list.map((place) => position.get(place)).join(';')
  const parts = isWhole ? '' : `&sources=${positions(from)}&destinations=${positions(to)}`
  const query = `annotations=duration,distance${parts}`
  return `${baseUrl.replace(/\/+$/, '')}/table/v1/driving/${coordinates.join(';')}?${query}`
}

type Outcome =
  | { readonly kind: 'answer'; readonly body: string }
  /** `again`: another try may help. */
  | { readonly kind: 'no' | 'again'; readonly reason: string; readonly cause?: unknown }

async function tryOnce(url: string, timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const answer = await fetch(url, { signal: limit, headers: { accept: 'application/json' } })
    const body = await boundedText(answer)
    if (body === null) return { kind: 'no', reason: `answers with more than ${maxAnswerBytes} bytes` }
    if (answer.ok) return { kind: 'answer', body }
    const mayPass = answer.status === 429 || answer.status >= 500
    return { kind: mayPass ? 'again' : 'no', reason: `says ${answer.status} ${refusalIn(body)}`.trimEnd() }
  } catch (cause) {
    const isLate = cause instanceof Error && cause.name === 'TimeoutError'
    return { kind: 'again', reason: isLate ? 'does not answer in time' : 'cannot be reached', cause }
  }
}

/** Null for a body above the limit. */
async function boundedText(answer: Response): Promise<string | null> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of answer.body ?? []) {
    bytes += part.length
    if (bytes > maxAnswerBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** OSRM's own word for an error, such as `TooBig` or `NoSegment`. */
function refusalIn(body: string): string {
  return /"code"\s*:\s*"(\w{1,40})"/.exec(body)?.[1] ?? ''
}

function checked(body: string, rows: number, columns: number): OsrmTable {
  const fault = (what: string, cause?: unknown) => new DistancesFault('service', `the OSRM service ${what}`, cause)
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch (cause) {
    throw fault('does not answer in JSON', cause)
  }
  if (!table.Check(answer)) throw fault(`answers in another form ${refusalIn(body)}`.trimEnd())
  const isOfSize = (cells: readonly (readonly unknown[])[]): boolean =>
    cells.length === rows && cells.every((row) => row.length === columns)
  if (!isOfSize(answer.distances) || !isOfSize(answer.durations)) throw fault('answers with a table of another size')
  const outside = answer.sources?.filter((waypoint) => (waypoint?.distance ?? 0) > outsideM) ?? []
  if (outside.length > rows / 2)
    throw new DistancesFault('outside', 'most places lie outside what the OSRM service knows')
  return answer
}
