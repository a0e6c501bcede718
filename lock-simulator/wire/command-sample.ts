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
  const running: Promise<RungLock | null>[] = []
  for (const [index, { bikeId }] of bikes.entries()) {
    await pause(Math.max(0, startMs + (index * 1_000) / commandsPerS - performance.now()))
    running.push(ringOne(crowds, (commandId) => ringBike(httpUrl, deskToken, bikeId, commandId)))
  }
  return sampleOf(await Promise.all(running))
}

/** Of one command, from its request, ms. */
export interface RungLock {
  readonly toLockMs: number
  readonly roundTripMs: number
}

/** Null: not carried out and told within the limit. */
export function sampleOf(all: readonly (RungLock | null)[]): CommandSample {
  const done = all.filter((one) => one !== null)
  return {
    asked: all.length,
    unanswered: all.length - done.length,
    toLock: quantiles(done.map((one) => one.toLockMs)),
    roundTrip: quantiles(done.map((one) => one.roundTripMs)),
  }
}

/** Rings one bike by `begin` and waits for its lock's own word. */
export async function ringOne(crowds: Crowds, begin: (commandId: string) => Promise<void>): Promise<RungLock | null> {
  const commandId = randomUUID()
  const asked = crowds.hears('asked', commandId, answerLimitMs)
  const answered = crowds.hears('answered', commandId, answerLimitMs)
  const beganMs = performance.timeOrigin + performance.now()
  try {
    await begin(commandId)
  } catch {
    return null
  }
  const [begun, end] = await Promise.all([asked, answered])
  if (begun === null || end?.kind !== 'answered' || !end.isDone) return null
  return { toLockMs: begun.atMs - beganMs, roundTripMs: end.atMs - beganMs }
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) * 100) / 100
  return { p50: at(0.5), p99: at(0.99) }
}
