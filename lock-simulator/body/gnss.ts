import type { Random } from '../../contracts/random.ts'
import type { Fix } from '../firmware/telemetry.ts'
import { cosineOf } from './exact-sine.ts'

/** How much of the sky the receiver sees. */
export type Sky = 'open' | 'street' | 'canyon' | 'none'

/**
 * Error of the slowly wandering bias and of each single fix, metres 1 sigma; satellites seen; mean time between two
 * reflections that carry the fix away; how much longer a start takes.
 */
const skies = {
  open: { biasM: 2, noiseM: 1, satellites: 14, jumpEveryMs: Number.POSITIVE_INFINITY, slower: 1 },
  street: { biasM: 4, noiseM: 1.5, satellites: 10, jumpEveryMs: 6 * 3_600_000, slower: 1.3 },
  canyon: { biasM: 12, noiseM: 4, satellites: 6, jumpEveryMs: 600_000, slower: 2.5 },
} as const
/** Time in which a bias forgets itself: the sky turns, reflections change. */
const biasMemoryMs = 120_000
/** A wall throws the signal back: so far off, for so long, and what the receiver then claims may be a lie. */
const jump = { fromM: 30, toM: 150, fromMs: 10_000, toMs: 60_000, honestShare: 0.5 }
/** A pause longer than this says nothing about reflections on the way. */
const longestJumpLookMs = 60_000
const metresPerDegree = 111_195
const speedNoiseMps = 0.1
const maxSpeedMps = 60

/** Memory of a receiver: tracks still held, orbits of the hour, orbits of the fortnight, nothing. */
export const startTimes = {
  hot: { fromMs: 1_000, toMs: 3_000 },
  warm: { fromMs: 20_000, toMs: 35_000 },
  cold: { fromMs: 28_000, toMs: 60_000 },
} as const

export interface Whereabouts {
  readonly lon: number
  readonly lat: number
  readonly headingDeg: number
  readonly speedMps: number
}

export interface Offset {
  readonly eastM: number
  readonly northM: number
}

/** What the antenna hears. Changed in place. */
export interface Gnss {
  readonly random: Random
  /** Reflections happen. On a bench they do not. */
  readonly hasJumps: boolean
  sky: Sky
  isJammed: boolean
  /** A false sky, as strong as the true one. */
  spoofed: Offset | null
  bias: Offset & { readonly atMs: number }
  jumped: (Offset & { readonly untilMs: number; readonly claimsM: number }) | null
}

export const createGnss = (random: Random, hasJumps: boolean): Gnss => ({
  ...{ random, hasJumps, sky: 'street', isJammed: false, spoofed: null, jumped: null },
  bias: { eastM: 0, northM: 0, atMs: Number.NEGATIVE_INFINITY },
})

/** How long a start takes under this sky. Nothing is heard without sky or through noise, however long one listens. */
export function startMs({ random, sky }: Gnss, start: keyof typeof startTimes): number {
  const { fromMs, toMs } = startTimes[start]
  return Math.round(random.integer(fromMs, toMs) * (sky === 'none' ? 1 : skies[sky].slower))
}

/** One fix of where the bike truly is; null without sky or in noise. `ha` is honest, and itself only an estimate. */
export function solve(gnss: Gnss, truth: Whereabouts, nowMs: number): Fix | null {
  const { random, sky, spoofed } = gnss
  if (sky === 'none' || gnss.isJammed) return null
  const { biasM, noiseM, satellites } = skies[sky]
  const sinceMs = nowMs - gnss.bias.atMs
  // First-order memory by arithmetic alone: exp() differs in the last bit between machines.
  const memory = 1 / (1 + Math.max(0, sinceMs) / biasMemoryMs)
  const fresh = Math.sqrt(1 - memory * memory)
  gnss.bias = {
    eastM: gnss.bias.eastM * memory + random.normal(0, biasM) * fresh,
    northM: gnss.bias.northM * memory + random.normal(0, biasM) * fresh,
    atMs: nowMs,
  }
  const reflection = reflectionNow(gnss, sky, sinceMs, nowMs)
  const eastM = gnss.bias.eastM + random.normal(0, noiseM) + reflection.eastM + (spoofed?.eastM ?? 0)
  const northM = gnss.bias.northM + random.normal(0, noiseM) + reflection.northM + (spoofed?.northM ?? 0)
  const accuracyM = Math.sqrt(biasM ** 2 + noiseM ** 2) * (0.8 + 0.5 * random.next()) + reflection.claimsM
  const isMoving = truth.speedMps > 0
  const speedMps = isMoving ? truth.speedMps + random.normal(0, speedNoiseMps) : 0
  return {
    lon: wrapped(truth.lon + eastM / (metresPerDegree * cosineOf(truth.lat))),
    lat: truth.lat + northM / metresPerDegree,
    accuracyM,
    dimensions: 3,
    satellites: satellites + random.integer(-2, 2),
    speedMps: Math.min(maxSpeedMps, Math.max(0, speedMps)),
    headingDeg: ((truth.headingDeg % 360) + 360) % 360,
    timeMs: Math.round(nowMs),
  }
}

const straight = { eastM: 0, northM: 0, claimsM: 0 }

function reflectionNow(gnss: Gnss, sky: Exclude<Sky, 'none'>, sinceMs: number, nowMs: number) {
  if (!gnss.hasJumps) return straight
  if (gnss.jumped !== null && nowMs < gnss.jumped.untilMs) return gnss.jumped
  const { random } = gnss
  const lookMs = Math.min(longestJumpLookMs, Math.max(0, sinceMs))
  if (!random.chance(lookMs / skies[sky].jumpEveryMs)) {
    gnss.jumped = null
    return straight
  }
  const awayM = jump.fromM + (jump.toM - jump.fromM) * random.next()
  const towards = random.integer(0, 359)
  const isHonest = random.chance(jump.honestShare)
  gnss.jumped = {
    eastM: awayM * cosineOf(towards),
    northM: awayM * cosineOf(towards - 90),
    untilMs: nowMs + random.integer(jump.fromMs, jump.toMs),
    claimsM: isHonest ? awayM : 0,
  }
  return gnss.jumped
}

function wrapped(lon: number): number {
  if (lon > 180) return lon - 360
  return lon < -180 ? lon + 360 : lon
}
