import type { Random } from '../../../contracts/random.ts'

/** What is peculiar about one bike: fixed by the seed, for its whole life. */
export interface Persona {
  readonly startBatteryPercent: number
  /** Chance that one ride takes a percent out of the battery. */
  readonly wearChance: number
  /** Chance per parking that the place has no reception for some minutes. */
  readonly deadSpotChance: number
  readonly jamOpeningChance: number
  readonly jamClosingChance: number
}

const weakBatteryShare = 0.04
const poorAerialShare = 0.04
const jamOpeningChance = 0.005
const jamClosingChance = 0.003

export function personaOf(random: Random): Persona {
  const isWeak = random.chance(weakBatteryShare)
  const isDeaf = random.chance(poorAerialShare)
  return {
    startBatteryPercent: isWeak ? random.integer(24, 38) : random.integer(55, 99),
    wearChance: isWeak ? 0.8 : 0.02,
    deadSpotChance: isDeaf ? 0.12 : 0.004,
    jamOpeningChance,
    jamClosingChance,
  }
}
