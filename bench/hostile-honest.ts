import { setTimeout as pause } from 'node:timers/promises'
import { present } from '../contracts/assert.ts'
import { asId, type LockId } from '../contracts/ids.ts'
import {
  type CommandSample,
  type RungLock,
  ringOne,
  sampleCommands,
  sampleOf,
} from '../lock-simulator/wire/command-sample.ts'
import type { CrowdCount } from '../lock-simulator/wire/crowd-orders.ts'
import { startCrowds } from '../lock-simulator/wire/crowds.ts'
import { type FleetBike, openDesk, orderLocks, ringBike } from '../lock-simulator/wire/desk.ts'
import type { Attacker } from './hostile-kinds.ts'
import type { HostileServer } from './hostile-server.ts'

/** Locks with the real firmware, which must be served whatever happens; and a person at the desk who rings them. */
export interface HonestLocks {
  /** What their rows in the database name. */
  readonly names: readonly string[]
  /** Those whose passwords nobody has. */
  readonly safe: readonly Attacker[]
  /** Those whose passwords were stolen. */
  readonly stolen: readonly Attacker[]
  count(): Promise<CrowdCount>
  /** Every one is rung so many times. */
  ringAll(times: number): Promise<CommandSample>
  /** Rings the safe ones, twice a second, until it is stopped. */
  ringOn(): {
    /** What has come of those that were rung since it was asked last. */
    soFar(): { readonly rung: number; readonly unanswered: number; readonly slowestMs: number }
    stop(): Promise<CommandSample>
  }
  /** @throws when one of them is not connected and heard within the limit */
  allHeard(): Promise<void>
  close(): Promise<void>
}

const safeLocks = 20
const stolenLocks = 10
const rampMs = 2_000
const ringEveryMs = 500
const lookEveryMs = 250
/** After an hour without a broker a lock of the field waits five minutes. */
const heardLimitMs = 300_000

export async function openHonestLocks(server: HostileServer): Promise<HonestLocks> {
  const { httpUrl, factoryToken } = server
  const crowds = startCrowds(1)
  const wanted = safeLocks + stolenLocks
  const bikes = await orderLocks({ httpUrl, factoryToken, locks: wanted, prefix: 'honest' })
  const safe = bikes.slice(0, safeLocks)
  const deskToken = await openDesk(httpUrl, server.staffLink())
  const desk = { httpUrl, deskToken }
  crowds.connect(bikes, { url: server.mqttUrl, seed: 'honest', rampMs })

  const allHeard = async (): Promise<void> => {
    const untilMs = performance.now() + heardLimitMs
    let heard = 0
    while (performance.now() < untilMs) {
      ;({ heard } = await crowds.count())
      if (heard === wanted) return
      await pause(lookEveryMs)
    }
    throw new Error(`waited ${heardLimitMs / 1_000} s for ${wanted} honest locks to be heard: ${heard} are`)
  }

  return {
    names: bikes.flatMap(({ lockId, bikeId }) => [lockId, bikeId]),
    ...{ safe: safe.map(attackerOf), stolen: bikes.slice(safeLocks).map(attackerOf) },
    count: () => crowds.count(),
    ringAll: (times) => sampleCommands(desk, crowds, Array.from({ length: times }, () => bikes).flat()),
    ringOn: () => {
      const rung: Promise<RungLock | null>[] = []
      let [isOn, told] = [true, 0]
      let ended: (RungLock | null)[] = []
      const ring = async (): Promise<void> => {
        for (let i = 0; isOn; i++) {
          const { bikeId } = present(safe[i % safe.length], 'there are safe ones')
          const one = ringOne(crowds, (commandId) => ringBike(httpUrl, deskToken, bikeId, commandId))
          void one.then((end) => ended.push(end))
          rung.push(one)
          await pause(ringEveryMs)
        }
      }
      const ringing = ring()
      return {
        soFar: () => {
          const [now, count] = [ended, rung.length - told]
          ended = []
          told = rung.length
          const slowestMs = Math.round(Math.max(0, ...now.map((end) => end?.roundTripMs ?? 0)))
          return { rung: count, unanswered: now.filter((end) => end === null).length, slowestMs }
        },
        stop: async () => {
          isOn = false
          await ringing
          return sampleOf(await Promise.all(rung))
        },
      }
    },
    allHeard,
    close: () => crowds.stop(),
  }
}

const attackerOf = ({ lockId, mqttPassword }: FleetBike): Attacker => ({
  ...{ lockId: asId<LockId>(lockId), password: mqttPassword },
})
