import { annealChain } from './anneal-chain.ts'
import type { SearchMethod } from './cycle-plan.ts'
import { adoptTours, createSearch, improve, type TourSearch } from './improve-tours.ts'
import type { TourInstance, Tours } from './instance.ts'
import type { StringRule } from './take-out.ts'
import { createChain, setChain, type TourChain } from './tour-chain.ts'
import { getTours } from './tour-tables.ts'

/** Small moves that count as one iteration: they take about as long as one string taken out and put back. */
const movesPerIteration = 500
/** Strings taken out before the chain begins: they find how many tours there should be. */
const firstStrings = 300
const firstWarmth = 0.1
/** Empty tours that the chain may fill. */
const spareTours = 2

/** What one thread searches with: both methods over the same instance. */
export interface Island {
  readonly instance: TourInstance
  readonly seed: number
  readonly strings: TourSearch
  chain: TourChain
}

export interface IslandChoice {
  readonly rule: StringRule
  readonly seed: number
}

/** An island with one quick plan. */
export function createIsland(instance: TourInstance, { rule, seed }: IslandChoice): Island {
  const strings = createSearch(instance, { rule, bySum: true, seed })
  improve(strings, firstStrings, firstWarmth)
  return { instance, seed, strings, chain: createChain(instance, getTours(strings.tables), spareTours, seed) }
}

/** Goes on from `tours`, which must visit every stop once. */
export function adopt(island: Island, tours: Tours): void {
  adoptTours(island.strings, tours)
  const { chain } = island
  if (tours.length <= 1 + chain.size - chain.stopIds) setChain(chain, tours)
  else island.chain = createChain(island.instance, tours, spareTours, island.seed + chain.rounds)
}

/** `iterations` at an even temperature, `warmth` times the mean leg. */
export function improveIsland(island: Island, method: SearchMethod, iterations: number, warmth: number): void {
  if (method === 'chain') annealChain(island.chain, iterations * movesPerIteration, warmth)
  else improve(island.strings, iterations, warmth)
}

/** The cheapest plan of both methods that can be driven; `tours` is null while there is none. */
export function bestOf({ strings, chain }: Island): { readonly tours: Tours | null; readonly cost: number } {
  return chain.bestCost < strings.bestCost
    ? { tours: chain.best, cost: chain.bestCost }
    : { tours: strings.best, cost: strings.bestCost }
}
