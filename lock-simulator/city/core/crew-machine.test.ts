import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CrewRoute } from '../../../contracts/http/crews.ts'
import { alteredRandom, seededRandom } from '../../../contracts/random.ts'
import { stepCrew } from './crew-machine.ts'
import { bikeOf, nightBeginsMs, routeOf, stopOfRoute, summaryOf, uuidOf } from './crew-route.fixture.ts'
import {
  type CrewEffect,
  type CrewEvent,
  type CrewPhase,
  type CrewState,
  type CrewWord,
  crewAtHome,
} from './crew-state.ts'

/** Nothing out of the ordinary ever happens. */
const luck = alteredRandom(seededRandom('luck'), { chance: () => false })
const badLuck = alteredRandom(seededRandom('bad luck'), { chance: () => true })

const asking = new Set(['log_in', 'look', 'read', 'claim', 'drive', 'wait', 'find'])
const asked = (effects: readonly CrewEffect[]) => effects.filter(({ kind }) => asking.has(kind))
const wordsIn = (effects: readonly CrewEffect[]): CrewWord[] =>
  effects.flatMap((effect) => (effect.kind === 'say' ? [effect.word] : []))
const inShort = (word: CrewWord): string => ('bike' in word ? `${word.act} ${word.bike}` : word.act)

function play(
  from: CrewState,
  events: readonly CrewEvent[],
  random = luck,
): { state: CrewState; effects: CrewEffect[] } {
  let state = from
  const effects: CrewEffect[] = []
  for (const event of events) {
    const step = stepCrew(state, event, random)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}

/** Answers what is asked, as a world without trouble does, until nothing is asked any more. */
function playOn(from: CrewState, first: CrewEvent, is: 'there' | 'gone' | 'with_somebody' = 'there') {
  const said: string[] = []
  let step = stepCrew(from, first, luck)
  let mostInVan = 0
  for (let steps = 0; steps < 200; steps++) {
    mostInVan = Math.max(mostInVan, step.state.van.length)
    said.push(...wordsIn(step.effects).map(inShort))
    const question = asked(step.effects)[0]
    if (question === undefined) break
    if (question.kind === 'drive') step = stepCrew(step.state, { kind: 'arrived' }, luck)
    else if (question.kind === 'find') step = stepCrew(step.state, { kind: 'found', number: question.number, is }, luck)
    else step = stepCrew(step.state, { kind: 'waited' }, luck)
  }
  return { state: step.state, said, mostInVan }
}

const begun: readonly CrewEvent[] = [{ kind: 'duty_begins' }, { kind: 'logged_in' }]
const beginsByMs = nightBeginsMs + 900_000
const driving = (route: CrewRoute = routeOf()) => play(crewAtHome, [...begun, { kind: 'route', route }]).state

describe('a night crew', () => {
  it('takes its bikes, puts them down where the plan wants them and hands in the rest', () => {
    const { state, said, mostInVan } = playOn(play(crewAtHome, begun).state, { kind: 'route', route: routeOf() })
    expect(said).toEqual([
      'load 1000',
      'load 1001',
      'finish_stop',
      'load 1002',
      'unload 1000',
      'finish_stop',
      'unload 1001',
      'unload 1002',
      'finish_stop',
      'end_shift',
    ])
    expect(state).toMatchObject({ phase: 'done', van: [] })
    expect(mostInVan).toBe(3)
  })

  it('never loads more than the van holds: it puts down first', () => {
    const { said, mostInVan } = playOn(play(crewAtHome, begun).state, {
      kind: 'route',
      route: routeOf({ capacity: 2 }),
    })
    expect(mostInVan).toBe(2)
    expect(said.indexOf('unload 1000')).toBeLessThan(said.indexOf('load 1002'))
  })

  it('says that a bike is gone, and leaves one alone at which somebody stands', () => {
    const waiting = play(crewAtHome, begun).state
    const gone = playOn(waiting, { kind: 'route', route: routeOf() }, 'gone').said
    expect(gone.slice(0, 3)).toEqual(['not_found 1000', 'not_found 1001', 'finish_stop'])
    const alone = playOn(waiting, { kind: 'route', route: routeOf() }, 'with_somebody').said
    expect(alone).toEqual(['finish_stop', 'finish_stop', 'finish_stop', 'end_shift'])
  })

  it('claims an open route whose shift begins, and looks again when another crew was quicker', () => {
    const waiting = play(crewAtHome, begun).state
    const open = summaryOf(routeOf(), { state: 'open', isMine: false, crewName: null })
    const later = { ...open, routeId: uuidOf(901), startsAt: (beginsByMs + 1) as typeof open.startsAt }
    const chosen = stepCrew(waiting, { kind: 'routes', routes: [later, open], beginsByMs }, luck)
    expect(chosen.effects).toEqual([{ kind: 'claim', routeId: open.routeId }])
    const beaten = stepCrew(chosen.state, { kind: 'refused' }, luck)
    expect(beaten.effects).toMatchObject([{ kind: 'wait' }])
    expect(stepCrew(beaten.state, { kind: 'waited' }, luck).effects).toEqual([{ kind: 'look' }])
  })

  it('goes on with its own route after a restart, with the bikes that are in the van', () => {
    const kept = { ...crewAtHome, van: [{ number: '1007', isBroken: false }] }
    const own = summaryOf(routeOf())
    const { effects } = play(kept, [...begun, { kind: 'routes', routes: [own], beginsByMs }])
    expect(effects.at(-1)).toEqual({ kind: 'read', routeId: own.routeId })
    const orphans = play(kept, [...begun, { kind: 'routes', routes: [], beginsByMs }])
    expect(orphans.effects.slice(-2)).toMatchObject([{ kind: 'set_aside', number: '1007' }, { kind: 'wait' }])
    expect(orphans.state.van).toEqual([])
  })

  it('turns to the new next stop when the rest was planned anew on the way', () => {
    const state = driving()
    const route = routeOf({ revision: 2, stops: routeOf().stops.slice(1) })
    const turned = stepCrew(state, { kind: 'revised', route }, luck)
    expect(turned.state.stopId).toBe(route.stops[0]?.stopId)
    expect(turned.effects).toMatchObject([{ kind: 'drive' }])
    expect(stepCrew(turned.state, { kind: 'revised', route: { ...route, revision: 3 } }, luck).effects).toEqual([])
  })

  it('takes what a new plan adds to the stop where it stands, and nothing that it has dealt with', () => {
    const atStop = play(driving(), [
      { kind: 'arrived' },
      { kind: 'waited' },
      { kind: 'found', number: '1000', is: 'gone' },
    ])
    const [first, ...rest] = routeOf().stops
    const stops = [stopOfRoute(1, 'strays', { take: [...(first?.take ?? []), bikeOf(8)] }), ...rest]
    const { said } = playOn(play(atStop.state, [{ kind: 'revised', route: routeOf({ stops }) }]).state, {
      kind: 'waited',
    })
    expect(said.slice(0, 3)).toEqual(['load 1001', 'load 1008', 'finish_stop'])
  })

  it('skips what is left and turns home when the shift is all but over', () => {
    const { effects, state } = play(driving(), [{ kind: 'time_is_up' }])
    expect(wordsIn(effects).map((word) => [word.act, 'reason' in word && word.reason])).toEqual([
      ['skip_stop', 'no_time'],
      ['skip_stop', 'no_time'],
    ])
    expect(playOn(state, { kind: 'arrived' }).said).toEqual(['finish_stop', 'end_shift'])
  })

  it('brings everything to the depot when the route is no longer its own', () => {
    const loaded = driving(routeOf({ load: [bikeOf(5, { state: 'loaded' })] }))
    const { state, effects } = play(loaded, [{ kind: 'route_lost' }])
    expect(effects).toEqual([{ kind: 'drive', to: { lon: 4.7, lat: 52.3 } }])
    expect(playOn(state, { kind: 'arrived' })).toMatchObject({
      said: ['unload 1005'],
      state: { phase: 'done', van: [] },
    })
  })

  it('puts a bike aside that the server did not let it have', () => {
    const loaded = driving(routeOf({ load: [bikeOf(5, { state: 'loaded' })] }))
    const { state, effects } = play(loaded, [{ kind: 'bike_refused', number: '1005' }])
    expect(effects).toEqual([{ kind: 'set_aside', number: '1005' }])
    expect(state.van).toEqual([])
  })

  it('sometimes cannot get to a stop, and sometimes finds a bike broken', () => {
    expect(wordsIn(play(driving(), [{ kind: 'arrived' }], badLuck).effects)).toMatchObject([
      { act: 'skip_stop', reason: 'no_access' },
    ])
    const atStop = play(driving(), [{ kind: 'arrived' }, { kind: 'waited' }]).state
    const found = stepCrew(atStop, { kind: 'found', number: '1000', is: 'there' }, badLuck)
    expect(wordsIn(found.effects)).toMatchObject([{ act: 'broken', bike: '1000' }])
    expect(found.state.van).toEqual([{ number: '1000', isBroken: true }])
  })
})

const route = fc.constantFrom(
  routeOf(),
  routeOf({ revision: 2, stops: routeOf().stops.slice(1) }),
  routeOf({ stops: [] }),
  routeOf({ load: [bikeOf(5), bikeOf(6)] }),
  routeOf({ state: 'done' }),
  routeOf({ isMine: false }),
)
const number = fc.constantFrom('1000', '1001', '1002', '1005', '4711')
const event: fc.Arbitrary<CrewEvent> = fc.oneof(
  fc.constantFrom<CrewEvent>(
    { kind: 'duty_begins' },
    { kind: 'logged_in' },
    { kind: 'no_answer' },
    { kind: 'refused' },
    { kind: 'arrived' },
    { kind: 'arrived' },
    { kind: 'waited' },
    { kind: 'waited' },
    { kind: 'waited' },
    { kind: 'duty_ends' },
    { kind: 'route_lost' },
    { kind: 'time_is_up' },
  ),
  fc.record({ kind: fc.constant('route' as const), route }),
  fc.record({ kind: fc.constant('revised' as const), route }),
  fc.record({ kind: fc.constant('bike_refused' as const), number }),
  fc.record({ kind: fc.constant('found' as const), number, is: fc.constantFrom('there', 'gone', 'with_somebody') }),
  fc.constant<CrewEvent>({ kind: 'routes', routes: [summaryOf(routeOf())], beginsByMs }),
)

const start = fc.constantFrom(crewAtHome, play(crewAtHome, begun).state, driving(), driving(routeOf({ stops: [] })))

describe('the machine of a night crew', () => {
  it('never throws, never overloads the van, and asks one thing at a time and last', () => {
    const entered = new Set<CrewPhase>()
    const left = new Set<CrewPhase>()
    fc.assert(
      fc.property(start, fc.array(event, { maxLength: 60 }), fc.integer(), (from, events, seed) => {
        const random = seededRandom(seed)
        let state = from
        for (const one of events) {
          const step = stepCrew(state, one, random)
          const questions = asked(step.effects)
          expect(questions.length).toBeLessThanOrEqual(1)
          if (questions[0]) expect(step.effects.at(-1)).toBe(questions[0])
          expect(step.state.van.length).toBeLessThanOrEqual(3)
          if (step.state.phase !== state.phase) {
            entered.add(step.state.phase)
            left.add(state.phase)
          }
          state = step.state
        }
      }),
      { numRuns: 1_500, seed: 7 },
    )
    const phases: CrewPhase[] = [
      'off_duty',
      'logging_in',
      'waiting_for_route',
      'driving',
      'at_stop',
      'handing_in',
      'done',
    ]
    expect([...entered].sort()).toEqual([...phases].sort())
    expect([...left].sort()).toEqual([...phases].sort())
  })
})
