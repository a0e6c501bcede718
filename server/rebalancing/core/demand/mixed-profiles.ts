import type { Random } from '../../../../contracts/random.ts'
import type { DemandSettings } from './demand-settings.ts'

/** Counts and exposure, cells × points (both day types, one after the other), row-major. */
export interface Observed {
  readonly cells: number
  readonly points: number
  readonly amount: Float64Array
  /** Days of ordinary level in which the cell had a bike, per half hour. */
  readonly exposure: Float64Array
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
  const sparse = nonZero(seen)
  const cellExposure = sumRows(seen.exposure, cells, points)
  for (let round = 0; round < settings.profileRounds; round++) {
    improveShares(mix, seen, sparse, parentMixes(mix, seen, cellExposure, settings.mixStrength), settings.shareStrength)
    improveProfiles(mix, seen, sparse, settings.profileStrength)
  }
  return mix
}

interface Sparse {
  readonly cell: Int32Array
  readonly point: Int32Array
  readonly amount: Float64Array
}

function nonZero({ amount, points }: Observed): Sparse {
  const at = Array.from(amount.keys()).filter((i) => (amount[i] as number) > 0)
  return {
    cell: Int32Array.from(at, (i) => Math.floor(i / points)),
    point: Int32Array.from(at, (i) => i % points),
    amount: Float64Array.from(at, (i) => amount[i] as number),
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

function improveShares(mix: Mix, seen: Observed, sparse: Sparse, mixes: Float64Array, strength: number): void {
  const { shares, profiles, k } = mix
  const { cells, points, exposure, level, parent } = seen
  const wins = new Float64Array(cells * k)
  for (let i = 0; i < sparse.amount.length; i++) {
    const cell = sparse.cell[i] as number
    const point = sparse.point[i] as number
    const ratio = (sparse.amount[i] as number) / rateAt(mix, cell, point, points)
    for (let j = 0; j < k; j++) {
      wins[cell * k + j] = (wins[cell * k + j] as number) + ratio * (profiles[j * points + point] as number)
    }
  }
  for (let cell = 0; cell < cells; cell++) {
    const priorExposure = strength / (level[cell] as number)
    for (let j = 0; j < k; j++) {
      let open = 0
      for (let point = 0; point < points; point++) {
        open += (exposure[cell * points + point] as number) * (profiles[j * points + point] as number)
      }
      const i = cell * k + j
      const prior = strength * (mixes[(parent[cell] as number) * k + j] as number)
      shares[i] = ((shares[i] as number) * (wins[i] as number) + prior) / (open + priorExposure)
    }
  }
}

function improveProfiles(mix: Mix, seen: Observed, sparse: Sparse, strength: number): void {
  const { shares, profiles, k } = mix
  const { cells, points, exposure, shape } = seen
  const wins = new Float64Array(k * points)
  const open = new Float64Array(k * points)
  for (let i = 0; i < sparse.amount.length; i++) {
    const cell = sparse.cell[i] as number
    const point = sparse.point[i] as number
    const ratio = (sparse.amount[i] as number) / rateAt(mix, cell, point, points)
    for (let j = 0; j < k; j++) {
      wins[j * points + point] = (wins[j * points + point] as number) + ratio * (shares[cell * k + j] as number)
    }
  }
  for (let cell = 0; cell < cells; cell++) {
    for (let j = 0; j < k; j++) {
      const share = shares[cell * k + j] as number
      for (let point = 0; point < points; point++) {
        const i = j * points + point
        open[i] = (open[i] as number) + share * (exposure[cell * points + point] as number)
      }
    }
  }
  for (let j = 0; j < k; j++) {
    let sum = 0
    for (let point = 0; point < points; point++) {
      const i = j * points + point
      const prior = strength * (shape[point] as number)
      profiles[i] = ((profiles[i] as number) * (wins[i] as number) + prior) / ((open[i] as number) + strength)
      sum += profiles[i] as number
    }
    const mean = sum / points
    for (let point = 0; point < points; point++)
      profiles[j * points + point] = (profiles[j * points + point] as number) / mean
    for (let cell = 0; cell < cells; cell++) shares[cell * k + j] = (shares[cell * k + j] as number) * mean
  }
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
