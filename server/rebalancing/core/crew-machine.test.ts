import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CrewAct } from '../../../contracts/http/crews.ts'
import { epochMs } from '../../../contracts/units.ts'
import { actedAt, type BikeFacts, decideAct, type RouteFacts, type Situation, type StopFacts } from './crew-machine.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const route: RouteFacts = {
  ...{ routeId: 'r1', state: 'claimed', crewId: 'anna', crewName: 'Anna', capacity: 2, load: 0, waiting: [] },
}
const stop: StopFacts = { stopId: 's1', kind: 'strays', state: 'planned', give: 0, given: 0 }
const listed = { stopId: 's1', state: 'planned', isBroken: false } as const
const bike: BikeFacts = { bikeId: 'b1', inUse: false, custody: null, listed, reported: [] }
const waiting = { routeId: 'r1', state: 'claimed', isBroken: false, routeIsOver: false, by: 'Anna' } as const
const inVan = { ...waiting, state: 'in_van' } as const
const others = { ...inVan, routeId: 'r2', by: 'Bram' } as const
const situation: Situation = { crewId: 'anna', route, stop, bike: { ...bike, custody: waiting } }
const head = { actId: id(1), routeId: id(2), atMs: 1, lon: null, lat: null, stopId: 's1' }
const does = (act: CrewAct['act']): CrewAct => ({ ...head, act, bike: '1001', reason: 'other' }) as CrewAct

const bikeActs = ['load', 'unload', 'not_found', 'blocked', 'broken'] as const
const otherActs = ['finish_stop', 'skip_stop', 'hand_over', 'end_shift'] as const

type Why = string | 'applied'
const outcome = (of: Situation, act: CrewAct['act']): Why => {
  const verdict = decideAct(of, does(act))
  return verdict.kind === 'refused' ? verdict.code : 'applied'
}

describe('an act is answered', () => {
  const routes: readonly [string, Partial<RouteFacts>, string, string][] = [
    ['on a route that nobody has', { state: 'open', crewId: null }, 'route_not_yours', 'route_not_yours'],
    ['on the route of another crew', { crewId: 'bram' }, 'route_not_yours', 'route_not_yours'],
    ['on the own route when it is over', { state: 'done' }, 'route_ended', 'bike_not_in_van'],
    ['on a route that ended without a crew', { state: 'done', crewId: null }, 'route_ended', 'bike_not_in_van'],
    ['on the route of another crew when it is over', { state: 'done', crewId: 'bram' }, 'route_ended', 'route_ended'],
  ]
  it.each(routes)('%s', (_, facts, code, unloading) => {
    const there: Situation = { ...situation, route: { ...route, ...facts } }
    for (const act of [...bikeActs, ...otherActs]) expect(outcome(there, act)).toBe(act === 'unload' ? unloading : code)
  })

  const cases: readonly [string, Partial<BikeFacts> | null, Readonly<Record<(typeof bikeActs)[number], Why>>][] = [
    [
      'about a bike that nobody knows',
      null,
      {
        ...{ load: 'bike_unknown', unload: 'bike_unknown', broken: 'bike_unknown' },
        ...{ not_found: 'bike_unknown', blocked: 'bike_unknown' },
      },
    ],
    [
      'about a bike that waits for it',
      { custody: waiting },
      { load: 'applied', unload: 'bike_not_in_van', not_found: 'applied', blocked: 'applied', broken: 'applied' },
    ],
    [
      'about a bike that nobody has',
      { listed: null },
      { load: 'applied', unload: 'bike_not_in_van', not_found: 'applied', blocked: 'applied', broken: 'applied' },
    ],
    [
      'about a bike in its van',
      { custody: inVan },
      {
        ...{ load: 'bike_in_van', unload: 'applied', broken: 'applied' },
        ...{ not_found: 'bike_in_van', blocked: 'bike_in_van' },
      },
    ],
    [
      'about a bike in use',
      { inUse: true },
      {
        ...{ load: 'bike_in_use', unload: 'bike_not_in_van', broken: 'bike_in_use' },
        ...{ not_found: 'bike_in_use', blocked: 'bike_in_use' },
      },
    ],
    [
      'about a bike of another crew',
      { custody: others },
      {
        ...{ load: 'bike_with_crew', unload: 'bike_not_in_van', broken: 'bike_with_crew' },
        ...{ not_found: 'bike_with_crew', blocked: 'bike_with_crew' },
      },
    ],
    [
      'about a bike in a van whose route is over',
      { custody: { ...others, routeIsOver: true } },
      {
        ...{ load: 'applied', unload: 'bike_not_in_van', broken: 'applied' },
        ...{ not_found: 'bike_with_crew', blocked: 'bike_with_crew' },
      },
    ],
  ]
  it.each(cases)('%s', (_, facts, answers) => {
    const there: Situation = { ...situation, bike: facts && { ...bike, ...facts } }
    for (const act of bikeActs) expect([act, outcome(there, act)]).toEqual([act, answers[act]])
  })

  it('by the name of the crew that was first', () => {
    const there: Situation = { ...situation, bike: { ...bike, custody: others } }
    expect(decideAct(there, does('load'))).toEqual({ kind: 'refused', code: 'bike_with_crew', by: 'Bram' })
  })

  it('with no, when a stop is none of this route', () => {
    for (const act of ['finish_stop', 'skip_stop'] as const) {
      expect(outcome({ ...situation, stop: null }, act)).toBe('stop_unknown')
    }
    expect(outcome({ ...situation, stop: null }, 'load')).toBe('applied')
  })

  it('with no, when the van is full', () => {
    const full: Situation = { ...situation, route: { ...route, load: 2 } }
    expect([outcome(full, 'load'), outcome(full, 'broken')]).toEqual(['van_full', 'van_full'])
  })
})

describe('the rest is planned anew', () => {
  const restOf = (act: CrewAct['act'], over: Partial<Situation> = {}) => {
    const verdict = decideAct({ ...situation, ...over }, does(act))
    return verdict.kind === 'applied' && verdict.restChanged
  }
  it('when the night goes otherwise than planned, and only then', () => {
    expect(restOf('load')).toBe(false)
    expect(restOf('load', { bike: { ...bike, listed: null } })).toBe(true)
    expect(restOf('broken')).toBe(true)
    expect(restOf('not_found')).toBe(true)
    expect(restOf('unload', { bike: { ...bike, custody: inVan } })).toBe(false)
    expect(restOf('finish_stop')).toBe(false)
    expect(restOf('finish_stop', { stop: { ...stop, give: 2, given: 1 } })).toBe(true)
    expect(restOf('finish_stop', { route: { ...route, waiting: ['b2'] } })).toBe(true)
    expect(restOf('finish_stop', { stop: { ...stop, state: 'done', give: 2 } })).toBe(false)
    expect(restOf('skip_stop')).toBe(true)
    expect(restOf('skip_stop', { stop: { ...stop, kind: 'depot' } })).toBe(false)
    expect([restOf('hand_over'), restOf('end_shift')]).toEqual([false, false])
  })
})

describe('the time of an act', () => {
  const receivedAtMs = epochMs(1_900_000_000_000)
  it.each([
    ['an hour ago, after the route was taken', -3_600_000, true],
    ['now', 0, true],
    ['in the future', 1, false],
    ['long before the route was taken', -7_200_001 - 300_000, false],
  ])('%s', (_, offset, holds) => {
    const said = receivedAtMs + offset
    expect(actedAt(said, receivedAtMs - 7_200_000, receivedAtMs)).toBe(holds ? said : receivedAtMs)
  })
})

/** Two vans and five bikes, as the tables hold them. */
interface World {
  readonly routes: Map<string, { state: RouteFacts['state']; crewId: string | null; capacity: number }>
  readonly custody: Map<string, { routeId: string; state: 'claimed' | 'in_van'; isBroken: boolean }>
  readonly ridden: ReadonlySet<string>
  readonly moves: Map<string, string>
}

const crews = ['anna', 'bram'] as const
const newWorld = (ridden: readonly string[]): World => ({
  routes: new Map(crews.map((crewId, i) => [`r${i}`, { state: 'claimed', crewId, capacity: 2 }])),
  custody: new Map([['b0', { routeId: 'r0', state: 'claimed', isBroken: false }]]),
  ridden: new Set(ridden.filter((bikeId) => bikeId !== 'b0')),
  moves: new Map(),
})

const bikesOf = (world: World, routeId: string, state: string) =>
  [...world.custody].filter(([, kept]) => kept.routeId === routeId && kept.state === state).map(([bikeId]) => bikeId)

function step(world: World, crewId: string, routeId: string, bikeId: string, act: CrewAct['act']): string {
  const facts = world.routes.get(routeId)!
  const kept = world.custody.get(bikeId)
  const over = kept ? world.routes.get(kept.routeId)?.state === 'done' : false
  const verdict = decideAct(
    {
      crewId,
      route: {
        ...{ routeId, ...facts, crewName: facts.crewId },
        ...{ load: bikesOf(world, routeId, 'in_van').length, waiting: bikesOf(world, routeId, 'claimed') },
      },
      stop,
      bike: {
        ...bike,
        bikeId,
        inUse: world.ridden.has(bikeId),
        custody: kept ? { ...kept, routeIsOver: over, by: '' } : null,
      },
    },
    does(act),
  )
  if (verdict.kind === 'refused') return verdict.code
  for (const change of verdict.changes) {
    if (change.kind === 'keep_in_van')
      world.custody.set(bikeId, { routeId, state: 'in_van', isBroken: change.isBroken })
    if (change.kind === 'release') for (const one of change.bikeIds) world.custody.delete(one)
    if (change.kind === 'begin_move') world.moves.set(bikeId, routeId)
    if (change.kind === 'end_move') world.moves.delete(bikeId)
    if (change.kind === 'give_back') world.routes.set(routeId, { ...facts, state: 'open', crewId: null })
    if (change.kind === 'end_route') world.routes.set(routeId, { ...facts, state: 'done' })
  }
  return 'applied'
}

describe('whatever crews do in whatever order', () => {
  const acts = fc.array(
    fc.record({
      crew: fc.constantFrom(...crews),
      route: fc.constantFrom('r0', 'r1'),
      bike: fc.constantFrom('b0', 'b1', 'b2', 'b3', 'b4'),
      act: fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...bikeActs, 'load' as const, 'unload' as const) },
        { weight: 1, arbitrary: fc.constantFrom(...otherActs) },
      ),
    }),
    { maxLength: 40 },
  )
  const ridden = fc.subarray(['b1', 'b2', 'b3', 'b4'], { maxLength: 2 })

  it('no van holds more than it can, no bike is in two, and none that somebody rides', () => {
    fc.assert(
      fc.property(ridden, acts, (inUse, all) => {
        const world = newWorld(inUse)
        for (const one of all) {
          step(world, one.crew, one.route, one.bike, one.act)
          for (const routeId of world.routes.keys()) {
            expect(bikesOf(world, routeId, 'in_van').length).toBeLessThanOrEqual(2)
          }
          expect([...world.custody.keys()].filter((bikeId) => world.ridden.has(bikeId))).toEqual([])
          // In a van, exactly when its way in a van is under way, and in that one.
          const carried = [...world.custody].filter(([, kept]) => kept.state === 'in_van')
          expect(new Map(carried.map(([bikeId, kept]) => [bikeId, kept.routeId]))).toEqual(world.moves)
        }
      }),
    )
  })

  it('the same act once more changes nothing', () => {
    fc.assert(
      fc.property(ridden, acts, (inUse, all) => {
        const world = newWorld(inUse)
        for (const one of all) {
          step(world, one.crew, one.route, one.bike, one.act)
          const before = structuredClone(world)
          step(world, one.crew, one.route, one.bike, one.act)
          expect(world).toEqual(before)
        }
      }),
    )
  })
})
