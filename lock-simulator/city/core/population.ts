import type { Random } from '../../../contracts/random.ts'
import { weightedDraw } from './draw-weighted.ts'

/** One person: places are nodes of the street graph. */
export interface Person {
  readonly index: number
  readonly home: number
  readonly work: number
  /** On a bicycle, metres a second. */
  readonly pace: number
  /** 0 to 1: how gladly this person leaves a bike where others look for one. */
  readonly tidiness: number
}

export interface Places {
  readonly homes: readonly (readonly [node: number, weight: number])[]
  readonly work: readonly (readonly [node: number, weight: number])[]
}

const pace = { mean: 4.5, sigma: 0.45, least: 3.5, most: 5.5 }
/** Six of ten rides end at a place made for it, if there is one near. */
const meanTidiness = 0.6

/** The people who know the service, always the same for one seed; a larger crowd begins with the smaller one. */
export function makePopulation(random: Random, size: number, places: Places): readonly Person[] {
  const home = weightedDraw(places.homes)
  const work = weightedDraw(places.work)
  return Array.from({ length: size }, (_, index) => {
    const own = random.split(`person ${index}`)
    return {
      index,
      home: home(own),
      work: work(own),
      pace: Math.min(pace.most, Math.max(pace.least, own.normal(pace.mean, pace.sigma))),
      tidiness: Math.min(1, Math.max(0, own.normal(meanTidiness, 0.15))),
    }
  })
}
