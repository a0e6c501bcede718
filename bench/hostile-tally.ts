import { setTimeout as pause } from 'node:timers/promises'
import { assert } from '../contracts/assert.ts'
import type { FirstBytes } from './hostile-kinds.ts'
import type { HostileServer } from './hostile-server.ts'

/** What became of all messages of one kind. */
export interface Tally {
  readonly kind: string
  readonly sent: number
  /** By the server, each under a reason. */
  readonly counted: Readonly<Record<string, number>>
  /** Sent with the one that cut the connection: never read, or forgotten before their turn and not acknowledged. */
  readonly behindCut: number
  readonly seconds: number
  /** Resident memory of the server afterwards, bytes. */
  readonly rss: number
}

/** What was sent, by who has sent it. */
export interface Sent {
  readonly sent: number
  /** Connections that were cut off for what they shouted; then that is what is counted once each. */
  readonly cutOff?: number
  /** Honest locks are counted under the same reasons. */
  readonly besideHonest?: boolean
}

/** What honest locks, and the coming of bad ones, add to meanwhile. */
const ordinary: ReadonlySet<string> = new Set(['connected', 'disconnected', 'uplink', 'stored'])
const lookEveryMs = 500
const restLimitMs = 120_000

/**
 * Sends messages of a kind, and what the server made of them: every one of them has to be in one of the counters of
 * its kind, and no other counter may move.
 * @throws with the sums, when they differ
 */
export async function tally(server: HostileServer, kind: FirstBytes, send: () => Promise<Sent>): Promise<Tally> {
  const before = await server.counters()
  const beganMs = performance.now()
  const { sent, cutOff, besideHonest = false } = await send()
  const seconds = (performance.now() - beganMs) / 1_000
  await atRest(server)
  const after = await server.counters()
  const counted: Record<string, number> = {}
  for (const [event, value] of after) {
    const grown = value - (before.get(event) ?? 0)
    if (grown > 0 && (kind.counted.includes(event) || !ordinary.has(event))) counted[event] = grown
  }
  const found = Object.values(counted).reduce((sum, one) => sum + one, 0)
  const sums = `${kind.name}: ${sent} were sent, and counted ${JSON.stringify(counted)}`
  assert(
    Object.keys(counted).every((event) => kind.counted.includes(event)),
    sums,
  )
  if (cutOff !== undefined) assert(counted.flood === cutOff && found <= sent, `${sums}, of ${cutOff} connections`)
  else assert(found === sent || (besideHonest && found > sent), sums)
  return { kind: kind.name, sent, counted, behindCut: Math.max(0, sent - found), seconds, rss: await server.rss() }
}

/** Until its counters stand still between two looks, but for what honest locks say meanwhile. */
async function atRest(server: HostileServer): Promise<void> {
  const untilMs = performance.now() + restLimitMs
  let last = ''
  while (performance.now() < untilMs) {
    const now = JSON.stringify([...(await server.counters())].filter(([event]) => !ordinary.has(event)))
    if (now === last) return
    last = now
    await pause(lookEveryMs)
  }
  throw new Error(`waited ${restLimitMs / 1_000} s for the counters of the server to stand still`)
}

/** What was told before is applied a moment later: until two looks are the same. */
export async function holdingsAtRest(server: HostileServer, but: readonly string[]) {
  const untilMs = performance.now() + restLimitMs
  let last = await server.holdings(but)
  while (performance.now() < untilMs) {
    await pause(lookEveryMs)
    const now = await server.holdings(but)
    if (JSON.stringify(now) === JSON.stringify(last)) return now
    last = now
  }
  throw new Error(`waited ${restLimitMs / 1_000} s for the database to come to rest`)
}

/** Resident memory, four times a second while it lasts. */
export function watchMemory(server: HostileServer) {
  const rss: number[] = []
  let isOn = true
  const loop = async (): Promise<void> => {
    while (isOn) {
      rss.push(await server.rss())
      await pause(lookEveryMs >> 1)
    }
  }
  const running = loop()
  return {
    stop: async () => {
      isOn = false
      await running
      const after = await server.rss()
      return { before: rss[0] ?? 0, max: Math.max(...rss, after), after, readings: spreadOver(rss) }
    },
  }
}

const readingsTold = 12

/** The highest of each twelfth of the time, MiB: what has no bound grows from one to the next. */
function spreadOver(rss: readonly number[]): number[] {
  const size = Math.max(1, rss.length / readingsTold)
  const parts = Array.from({ length: Math.min(readingsTold, rss.length) }, (_, i) =>
    rss.slice(Math.floor(i * size), Math.max(Math.floor(i * size) + 1, Math.floor((i + 1) * size))),
  )
  return parts.map((part) => Math.round(Math.max(...part) / 1_048_576))
}
