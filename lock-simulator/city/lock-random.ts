import { alteredRandom, type Random, seededRandom } from '../../contracts/random.ts'

const factoryBytes = 256

/**
 * The chance in one lock's matter during one run of the city. A lock's flash does not outlive the process, and its
 * factory draws the high byte of the boot ids: the count of runs stands there, so that no boot id comes twice.
 */
export function lockRandom(seed: string, lockId: string, run: number): Random {
  const random = seededRandom(`${seed}/${lockId}`, `run ${run}`)
  const factory = alteredRandom(random.split('factory'), { integer: () => run % factoryBytes })
  return alteredRandom(random, { split: (purpose) => (purpose === 'factory' ? factory : random.split(purpose)) })
}
