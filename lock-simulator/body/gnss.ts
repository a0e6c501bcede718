import type { Random } from '../../contracts/random.ts'
import type { Fix } from '../firmware/telemetry.ts'

/** How much of the sky the receiver sees. */
export type Sky = 'open' | 'street' | 'canyon' | 'none'

/** Error of the slowly wandering bias and of each single fix, metres 1 sigma; satellites seen. */
const skies = {
  open: { biasM: 2, noiseM: 1, satellites: 14 },
  street: { biasM: 4, noiseM: 1.5, satellites: 10 },
  canyon: { biasM: 12, noiseM: 4, satellites: 6 },
} as const
/** Time in which a bias forgets itself: the sky turns, reflections change. */
const biasMemoryMs = 120_000
const metresPerDegree = 111_195
const speedNoiseMps = 0.1
const maxSpeedMps = 60

export interface Whereabouts {
  readonly lon: number
  readonly lat: number
  readonly headingDeg: number
  readonly speedMps: number
}

export interface Gnss {
  setSky(sky: Sky): void
  /** One fix of where the bike truly is; null without sky. `ha` is honest, and itself only an estimate. */
  fix(truth: Whereabouts, nowMs: number): Fix | null
}

export function createGnss(random: Random): Gnss {
  let sky: Sky = 'street'
  let bias = { eastM: 0, northM: 0, atMs: Number.NEGATIVE_INFINITY }
  return {
    setSky: (next) => {
      sky = next
    },
    fix: (truth, nowMs) => {
      if (sky === 'none') return null
      const { biasM, noiseM, satellites } = skies[sky]
      // First-order memory by arithmetic alone: exp() differs in the last bit between machines.
      const memory = 1 / (1 + Math.max(0, nowMs - bias.atMs) / biasMemoryMs)
      const fresh = Math.sqrt(1 - memory * memory)
      bias = {
        eastM: bias.eastM * memory + random.normal(0, biasM) * fresh,
        northM: bias.northM * memory + random.normal(0, biasM) * fresh,
        atMs: nowMs,
      }
      const eastM = bias.eastM + random.normal(0, noiseM)
      const northM = bias.northM + random.normal(0, noiseM)
      const accuracyM = Math.sqrt(biasM ** 2 + noiseM ** 2) * (0.8 + 0.5 * random.next())
      const isMoving = truth.speedMps > 0
      const speedMps = isMoving ? truth.speedMps + random.normal(0, speedNoiseMps) : 0
      return {
        lon: wrapped(truth.lon + eastM / (metresPerDegree * Math.cos((truth.lat * Math.PI) / 180))),
        lat: truth.lat + northM / metresPerDegree,
        accuracyM,
        dimensions: 3,
        satellites: satellites + random.integer(-2, 2),
        speedMps: Math.min(maxSpeedMps, Math.max(0, speedMps)),
        headingDeg: ((truth.headingDeg % 360) + 360) % 360,
        timeMs: Math.round(nowMs),
      }
    },
  }
}

function wrapped(lon: number): number {
  if (lon > 180) return lon - 360
  return lon < -180 ? lon + 360 : lon
}
