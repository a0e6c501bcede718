import { type Random, seededRandom } from '../../contracts/random.ts'
import { type LineFault, lineFaults } from './faulty-proxy.ts'

/** `killed`: kill -9 of the server. `cloned`: a stranger under a lock's name. `hostile`: one who publishes rubbish. */
export const troubles = [...lineFaults, 'cloned', 'hostile', 'killed'] as const
export type Trouble = LineFault | 'cloned' | 'hostile' | 'killed'

/** Mean time between two of a kind, ms; null: never in this run. */
export type WireSwarm = Readonly<Record<Trouble, number | null>>

const meansMs: Readonly<Record<Trouble, readonly [number, number]>> = {
  cut: [200, 2_000],
  cut_in_packet: [300, 2_000],
  half_open: [500, 4_000],
  refused: [300, 3_000],
  late: [300, 2_000],
  splintered: [200, 2_000],
  cloned: [2_000, 8_000],
  hostile: [1_000, 5_000],
  killed: [15_000, 40_000],
}
/** What is left out lets the others come closer to each other than they would in a run that has everything. */
const chanceOfEach = 0.7

/** A random part of all troubles, and how often each. */
export function wireSwarmOf(seed: string): WireSwarm {
  const random = seededRandom(seed, 'wire swarm')
  const drawn = troubles.map((trouble) => {
    const [least, most] = meansMs[trouble]
    const everyMs = random.integer(least, most)
    return [trouble, random.chance(chanceOfEach) ? everyMs : null] as const
  })
  return Object.fromEntries(drawn) as WireSwarm
}

/**
 * Lets each trouble happen at its seeded moments until it is stopped; a kind waits for its own last one. What could not
 * be made to happen ends its kind, and `stop` rejects with it.
 */
export function startTroubles(
  swarm: WireSwarm,
  random: Random,
  happen: (trouble: Trouble) => Promise<void>,
): { stop(): Promise<void> } {
  const timers = new Map<Trouble, NodeJS.Timeout>()
  const running = new Map<Trouble, Promise<void>>()
  const failures: unknown[] = []
  let isStopped = false
  for (const trouble of troubles) {
    const everyMs = swarm[trouble]
    if (everyMs === null) continue
    const own = random.split(trouble)
    const next = (): void => {
      if (isStopped) return
      const act = (): void => {
        const end = happen(trouble).then(next, (failure: unknown) => void failures.push(failure))
        running.set(trouble, end)
      }
      timers.set(trouble, setTimeout(act, -Math.log(1 - own.next()) * everyMs))
    }
    next()
  }
  return {
    stop: async () => {
      isStopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
      if (failures.length > 0) throw failures[0]
    },
  }
}
