import type { Random } from '../../../../contracts/random.ts'
import type { DemandSettings } from './demand-settings.ts'

/** Counts and exposure, cells × points (both day types, one after the other), row-major. */
export interface Observed {
  readonly cells: number
  readonly points: number
  readonly amount: Float64Array
  /** Days of ordinary level in which the cell had a bike, per half hour. */
  readonly exposure: Float64Array
  /** The same per point of a cell that was never empty: no exposure is above it. */
  readonly fullExposure: Float64Array
  /** Index of the parent of each cell. */
  readonly parent: Int32Array
  readonly parents: number
  /** What each cell is expected to bring per point, before its shape is known. Above 0. */
  readonly level: Float64Array
  /** Shape of the whole city, mean 1. */
  readonly shape: Float64Array
}

/**
 * Rates per cell and point as a mix of a few profiles of the day ("out in the morning", "home in the evening"):
 * Poisson factorisation by EM (the multiplicative updates of Lee & Seung) with gamma priors, so that a cell's mix leans
 * on that of its parent, the parent's on the city's, and a profile on the city's mean. From several random starts,
 * averaged: the mean forecasts better than the best of them.
 */
export function mixedProfiles(seen: Observed, settings: DemandSettings, random: Random): Float64Array {
  const rates = new Float64Array(seen.cells * seen.points)
  for (let start = 0; start < settings.profileStarts; start++) {
    const fitted = fitFrom(seen, settings, profilesAt(start, settings), random.split(`start ${start}`))
    addRates(rates, fitted, seen, 1 / settings.profileStarts)
  }
  return rates
}

/** From few profiles to many: the coarse fits steady the first days, the fine ones win later. */
const profilesAt = (start: number, { mostProfiles, profileStarts }: DemandSettings): number =>
  Math.ceil((mostProfiles * (start + 1)) / profileStarts)

interface Mix {
  /** cells × k: rate of each profile in each cell. */
  readonly shares: Float64Array
  /** k × points, each of the city's mean. */
  readonly profiles: Float64Array
  readonly k: number
}

function fitFrom(seen: Observed, settings: DemandSettings, k: number, random: Random): Mix {
  const { cells, points, level, shape } = seen
  const shares = Float64Array.from(
    { length: cells * k },
    (_, i) => ((level[Math.floor(i / k)] as number) / k) * (0.5 + random.next()),
  )
  const profiles = Float64Array.from(
    { length: k * points },
    (_, i) => (shape[i % points] as number) * (0.3 + 1.4 * random.next()),
  )
  const mix: Mix = { shares, profiles, k }
  const sparse = sparseOf(seen)
  const cellExposure = sumRows(seen.exposure, cells, points)
  for (let round = 0; round < settings.profileRounds; round++) {
    improveShares(mix, seen, sparse, parentMixes(mix, seen, cellExposure, settings.mixStrength), settings.shareStrength)
    improveProfiles(mix, seen, sparse, settings.profileStrength)
  }
  return mix
}

/** Entries of a matrix that are not 0. */
interface Sparse {
  readonly cell: Int32Array
  readonly point: Int32Array
  readonly value: Float64Array
}

interface SparseObserved {
  readonly amount: Sparse
  /** Exposure that empty time took away. */
  readonly hidden: Sparse
}

function sparseOf({ amount, exposure, fullExposure, points }: Observed): SparseObserved {
  const hidden = exposure.map((days, i) => (fullExposure[i % points] as number) - days)
  return { amount: nonZero(amount, points), hidden: nonZero(hidden, points) }
}

/** Below it a difference is rounding. */
const negligible = 1e-9

function nonZero(values: Float64Array, points: number): Sparse {
  const at = Array.from(values.keys()).filter((i) => (values[i] as number) > negligible)
  return {
    cell: Int32Array.from(at, (i) => Math.floor(i / points)),
    point: Int32Array.from(at, (i) => i % points),
    value: Float64Array.from(at, (i) => values[i] as number),
  }
}

function sumRows(values: Float64Array, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0
    for (let i = row * columns; i < (row + 1) * columns; i++) sum += values[i] as number
    return sum
  })
}

/** parents × k, rows of sum 1. */
function parentMixes({ shares, k }: Mix, seen: Observed, cellExposure: Float64Array, strength: number): Float64Array {
  const city = new Float64Array(k)
  const mixes = new Float64Array(seen.parents * k)
  for (let cell = 0; cell < seen.cells; cell++) {
    const days = cellExposure[cell] as number
    const row = (seen.parent[cell] as number) * k
    for (let j = 0; j < k; j++) {
      const trips = (shares[cell * k + j] as number) * days
      mixes[row + j] = (mixes[row + j] as number) + trips
      city[j] = (city[j] as number) + trips
    }
  }
  const all = city.reduce((sum, n) => sum + n, 0)
  for (let row = 0; row < mixes.length; row += k) {
    let sum = strength
    for (let j = 0; j < k; j++) sum += mixes[row + j] as number
    for (let j = 0; j < k; j++) {
      const cityShare = all > 0 ? (city[j] as number) / all : 1 / k
      mixes[row + j] = ((mixes[row + j] as number) + strength * cityShare) / sum
    }
  }
  return mixes
}

function improveShares(mix: Mix, seen: Observed, sparse: SparseObserved, mixes: Float64Array, strength: number): void {
  const { shares, profiles, k } = mix
  const { cells, points, fullExposure, level, parent } = seen
  const wins = new Float64Array(cells * k)
  const full = Float64Array.from({ length: k }, (_, j) =>
    fullExposure.reduce((sum, days, point) => sum + days * (profiles[j * points + point] as number), 0),
  )
  const open = Float64Array.from({ length: cells * k }, (_, i) => full[i % k] as number)
  const addAt = (sums: Float64Array, cell: number, point: number, value: number) => {
    for (let j = 0; j < k; j++) {
      sums[cell * k + j] = (sums[cell * k + j] as number) + value * (profiles[j * points + point] as number)
    }
  }
  eachRatio(mix, points, sparse.amount, (cell, point, ratio) => addAt(wins, cell, point, ratio))
  each(sparse.hidden, (cell, point, days) => addAt(open, cell, point, -days))
  for (let i = 0; i < shares.length; i++) {
    const cell = Math.floor(i / k)
    const prior = strength * (mixes[(parent[cell] as number) * k + (i % k)] as number)
    const priorExposure = strength / (level[cell] as number)
    shares[i] = ((shares[i] as number) * (wins[i] as number) + prior) / ((open[i] as number) + priorExposure)
  }
}

function improveProfiles(mix: Mix, seen: Observed, sparse: SparseObserved, strength: number): void {
  const { shares, profiles, k } = mix
  const { cells, points, fullExposure, shape } = seen
  const wins = new Float64Array(k * points)
  const share = new Float64Array(k)
  for (let i = 0; i < shares.length; i++) share[i % k] = (share[i % k] as number) + (shares[i] as number)
  const open = Float64Array.from(
    wins,
    (_, i) => (share[Math.floor(i / points)] as number) * (fullExposure[i % points] as number),
  )
  const addAt = (sums: Float64Array, cell: number, point: number, value: number) => {
    for (let j = 0; j < k; j++) {
      sums[j * points + point] = (sums[j * points + point] as number) + value * (shares[cell * k + j] as number)
    }
  }
  eachRatio(mix, points, sparse.amount, (cell, point, ratio) => addAt(wins, cell, point, ratio))
  each(sparse.hidden, (cell, point, days) => addAt(open, cell, point, -days))
  for (let j = 0; j < k; j++) {
    let sum = 0
    for (let point = 0; point < points; point++) {
      const i = j * points + point
      const prior = strength * (shape[point] as number)
      profiles[i] =
        ((profiles[i] as number) * (wins[i] as number) + prior) / (Math.max(0, open[i] as number) + strength)
      sum += profiles[i] as number
    }
    const mean = sum / points
    for (let i = j * points; i < (j + 1) * points; i++) profiles[i] = (profiles[i] as number) / mean
    for (let cell = 0; cell < cells; cell++) shares[cell * k + j] = (shares[cell * k + j] as number) * mean
  }
}

function each({ cell, point, value }: Sparse, visit: (cell: number, point: number, value: number) => void): void {
  for (let i = 0; i < value.length; i++) visit(cell[i] as number, point[i] as number, value[i] as number)
}

/** Visits each count over what the mix expects there per day. */
function eachRatio(
  mix: Mix,
  points: number,
  amount: Sparse,
  visit: (cell: number, point: number, ratio: number) => void,
) {
  each(amount, (cell, point, n) => visit(cell, point, n / rateAt(mix, cell, point, points)))
}

const smallestRate = 1e-12

function rateAt({ shares, profiles, k }: Mix, cell: number, point: number, points: number): number {
  let rate = smallestRate
  for (let j = 0; j < k; j++) rate += (shares[cell * k + j] as number) * (profiles[j * points + point] as number)
  return rate
}

function addRates(rates: Float64Array, mix: Mix, { cells, points }: Observed, weight: number): void {
  for (let cell = 0; cell < cells; cell++) {
    for (let point = 0; point < points; point++) {
      const i = cell * points + point
      rates[i] = (rates[i] as number) + weight * rateAt(mix, cell, point, points)
    }
  }
}
