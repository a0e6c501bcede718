import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Crowds } from './crowds.ts'
import { type FleetBike, ringBike } from './desk.ts'

export interface CommandSample {
  readonly asked: number
  /** Not carried out and told within the limit. */
  readonly unanswered: number
  /** From the request to the lock, ms. */
  readonly toLock: Quantiles
  /** From the request until the platform has stored what the lock says of it, ms: there and back. */
  readonly roundTrip: Quantiles
}
export interface Quantiles {
  readonly p50: number
  readonly p99: number
}

const answerLimitMs = 20_000
/** Under the 600 requests a minute of one person at the desk. */
const commandsPerS = 8

/** Rings these bikes one after another through the desk's API, and waits for their locks' own word. */
export async function sampleCommands(
  platform: { readonly httpUrl: string; readonly deskToken: string },
  crowds: Crowds,
  bikes: readonly FleetBike[],
): Promise<CommandSample> {
  const { httpUrl, deskToken } = platform
  const startMs = performance.now()
  const running: Promise<{ readonly toLockMs: number; readonly roundTripMs: number } | null>[] = []
  for (const [index, { bikeId }] of bikes.entries()) {
    await pause(Math.max(0, startMs + (index * 1_000) / commandsPerS - performance.now()))
    running.push(ringOne(crowds, (commandId) => ringBike(httpUrl, deskToken, bikeId, commandId)))
  }
  const all = await Promise.all(running)
  const done = all.filter((one) => one !== null)
  return {
    asked: all.length,
    unanswered: all.length - done.length,
    toLock: quantiles(done.map((one) => one.toLockMs)),
    roundTrip: quantiles(done.map((one) => one.roundTripMs)),
  }
}

async function ringOne(crowds: Crowds, begin: (commandId: string) => Promise<void>) {
  const commandId = randomUUID()
  const [asked, answered] = [crowds.hears('asked', commandId), crowds.hears('answered', commandId)]
  const beganMs = performance.timeOrigin + performance.now()
  const tooLate = pause(answerLimitMs, null, { ref: false })
  try {
    await begin(commandId)
  } catch {
    return null
  }
  const both = await Promise.race([Promise.all([asked, answered]), tooLate])
  if (both === null) return null
  const [{ atMs: askedMs }, end] = both
  const isDone = end.kind === 'answered' && end.isDone
  return isDone ? { toLockMs: askedMs - beganMs, roundTripMs: end.atMs - beganMs } : null
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100
  return { p50: at(0.5), p99: at(0.99) }
}
