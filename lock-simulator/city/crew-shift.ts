import { randomUUID } from 'node:crypto'
import type { CrewAct, CrewActResult, CrewRoute } from '../../contracts/http/crews.ts'
import { distanceM, epochMs, type Position } from '../../contracts/units.ts'
import { isFree, placeOf } from './bike.ts'
import { stepCrew } from './core/crew-machine.ts'
import type { CrewEffect, CrewEvent, CrewWord } from './core/crew-state.ts'
import { type Crew, lift, makeCrew, moveVan, setDown } from './crew.ts'
import { driveTo } from './crew-drive.ts'
import { type CrewOutbox, createCrewOutbox } from './crew-outbox.ts'
import { type CrewPhone, createCrewPhone } from './crew-phone.ts'
import type { Fleet } from './fleet.ts'
import type { Log } from './log.ts'
import type { LegsSurroundings } from './rider-legs.ts'
import type { SavedCrew } from './saved-city.ts'
import type { ServerClock } from './server-clock.ts'
import type { Told, ZwermApi } from './zwerm-api.ts'

export interface CrewSurroundings extends LegsSurroundings {
  readonly seed: string
  readonly run: number
  readonly fleet: Fleet
  readonly api: ZwermApi
  readonly clock: ServerClock
  readonly log: Log
  readonly counts: CrewCounts
}

/** Of all crews together, since the city began. */
export interface CrewCounts {
  /** Put down where a plan wanted them, or handed in. */
  bikesMoved: number
  notFound: number
  broken: number
  readonly actsRefused: Record<string, number>
}

export interface CrewOnDuty {
  readonly crew: Crew
  readonly outbox: CrewOutbox
  feed(event: CrewEvent): void
  stop(): void
}

/** So long before a shift a route may be taken already. */
const earlyMs = 900_000
/** The phone shows where the lock's last fix was: so far around it people look. */
const searchReachM = 150
const overlookedChance = 0.02
/** On some ways there is no signal: what is done is told later. */
const silentChance = 0.12
const silentMs = { from: 240_000, to: 900_000 }

const bikeIsNotOurs: ReadonlySet<string | null> = new Set(['bike_in_use', 'bike_with_crew', 'van_full', 'bike_unknown'])
const routeIsNotOurs: ReadonlySet<string | null> = new Set(['route_not_yours', 'route_ended', 'not_found'])

type AskingEffect = Extract<CrewEffect, { kind: 'log_in' | 'look' | 'read' | 'claim' | 'drive' | 'wait' | 'find' }>
type QuietEffect = Exclude<CrewEffect, AskingEffect>

/** One crew: its machine is driven here, through the public HTTP API and with bikes in simulated hands. */
export function openCrew(surroundings: CrewSurroundings, index: number, kept: SavedCrew | null): CrewOnDuty {
  const { fleet, map, clock, schedule, log, counts } = surroundings
  const crew = makeCrew(index, surroundings, map.places.centre, kept)
  const phone = createCrewPhone(crew, surroundings.api)
  let isStopped = false
  /** Which bike an act that is under way was about. */
  const bikeOfAct = new Map<string, string>()
  const outbox = createCrewOutbox({
    waiting: kept?.acts ?? [],
    send: phone.send,
    clock,
    schedule,
    onAnswer: ({ results, route }, isAll) => {
      for (const result of results) onResult(result)
      if (route !== null && isAll) feed({ kind: 'revised', route })
    },
    onRefused: (acts, code) => log.trouble('crew', `${acts.length} acts of a crew were refused: ${code}`),
  })
  for (const number of kept?.carries ?? []) lift(crew, fleet, number)

  function onResult({ actId, outcome, code }: CrewActResult): void {
    const number = bikeOfAct.get(actId)
    bikeOfAct.delete(actId)
    if (outcome !== 'refused') return
    const key = code ?? 'without a code'
    counts.actsRefused[key] = (counts.actsRefused[key] ?? 0) + 1
    if (number !== undefined && bikeIsNotOurs.has(code)) feed({ kind: 'bike_refused', number })
    if (routeIsNotOurs.has(code)) feed({ kind: 'route_lost' })
  }

  function feed(event: CrewEvent): void {
    if (isStopped) return
    const { state, effects } = stepCrew(crew.state, event, crew.random)
    crew.state = state
    let at: Position = crew.place
    for (const effect of effects) {
      if (isQuiet(effect)) at = carryOut(effect, at)
      else begin(effect)
    }
  }

  /** Returns where the hands are now. */
  function carryOut(effect: QuietEffect, at: Position): Position {
    switch (effect.kind) {
      case 'pick_up':
        return lift(crew, fleet, effect.number) ?? at
      case 'put_down':
        counts.bikesMoved++
        return setDown(crew, effect.number, effect.at) ?? at
      case 'set_aside':
        return setDown(crew, effect.number, crew.place) ?? at
      case 'say':
        say(effect.routeId, effect.word, at)
        return at
    }
  }

  function say(routeId: string, word: CrewWord, { lon, lat }: Position): void {
    const frame = { actId: randomUUID(), routeId, atMs: epochMs(clock.nowMs()), lon, lat }
    if (word.act === 'not_found') counts.notFound++
    if (word.act === 'broken') counts.broken++
    if (word.act === 'load' || word.act === 'broken') bikeOfAct.set(frame.actId, word.bike)
    outbox.add({ ...frame, ...word } as CrewAct)
    if (word.act === 'end_shift') log.line(`${crew.name} ends its shift after ${(crew.drivenM / 1_000).toFixed(1)} km`)
  }

  /** An effect that answers: whatever was begun before it is void. */
  function begin(effect: AskingEffect): void {
    crew.callOff?.()
    crew.callOff = null
    const turn = ++crew.turn
    const tell = (event: CrewEvent) => {
      if (crew.turn === turn) feed(event)
    }
    switch (effect.kind) {
      case 'drive':
        if (crew.random.chance(silentChance)) {
          outbox.silenceTill(clock.nowMs() + crew.random.integer(silentMs.from, silentMs.to))
        }
        crew.callOff = driveTo(surroundings, crew, effect.to, () => tell({ kind: 'arrived' }))
        break
      case 'wait':
        crew.callOff = schedule(clock.nowMs() + effect.lastsMs, () => tell({ kind: 'waited' }))
        break
      case 'find':
        tell({ kind: 'found', number: effect.number, is: find(surroundings, crew, effect) })
        break
      case 'log_in':
      case 'look':
      case 'read':
      case 'claim':
        askFor(effect).then(tell, (error: unknown) => {
          log.trouble('crew', `a crew could not go on: ${String(error)}`)
          tell({ kind: 'no_answer' })
        })
    }
  }

  async function askFor(
    effect: Extract<AskingEffect, { kind: 'log_in' | 'look' | 'read' | 'claim' }>,
  ): Promise<CrewEvent> {
    if (!clock.isServerHere()) return { kind: 'no_answer' }
    switch (effect.kind) {
      case 'log_in':
        return eventOf(await phone.logIn(), () => ({ kind: 'logged_in' }))
      case 'look':
        return look(surroundings, phone, outbox)
      case 'read':
        return eventOf(await phone.read(effect.routeId), (route) => takeRoute(surroundings, crew, route, false))
      case 'claim': {
        const claimed = await phone.claim(effect.routeId, randomUUID())
        return eventOf(claimed, (route) => takeRoute(surroundings, crew, route, true))
      }
    }
  }

  return {
    crew,
    outbox,
    feed,
    stop: () => {
      isStopped = true
      crew.callOff?.()
    },
  }
}

const isQuiet = (effect: CrewEffect): effect is QuietEffect =>
  effect.kind === 'pick_up' || effect.kind === 'put_down' || effect.kind === 'set_aside' || effect.kind === 'say'

function eventOf<T>(told: Told<T>, event: (value: T) => CrewEvent): CrewEvent {
  if (told.kind === 'answer') return event(told.value)
  return told.kind === 'refused' ? { kind: 'refused' } : { kind: 'no_answer' }
}

async function look({ clock }: CrewSurroundings, phone: CrewPhone, outbox: CrewOutbox): Promise<CrewEvent> {
  // What it still has to say first: the list then tells what is so.
  if (!(await outbox.drain())) return { kind: 'no_answer' }
  const beginsByMs = clock.nowMs() + earlyMs
  return eventOf(await phone.routes(), ({ routes }) => ({ kind: 'routes', routes, beginsByMs }))
}

/** The van as the server has it. A new shift begins at the depot; one from an earlier run goes on where it was saved. */
function takeRoute({ fleet, log }: CrewSurroundings, crew: Crew, route: CrewRoute, isNew: boolean): CrewEvent {
  if (isNew || !crew.isSomewhere) moveVan(crew, route.depot, 0)
  if (isNew) crew.drivenM = 0
  const listed = new Set<string>(route.load.map(({ number }) => number))
  for (const number of [...crew.bikes.keys()]) if (!listed.has(number)) setDown(crew, number, crew.place)
  for (const number of listed) if (!crew.bikes.has(number)) lift(crew, fleet, number)
  log.line(`${crew.name} ${isNew ? 'has taken' : 'goes on with'} the route of ${route.vanName}`)
  return { kind: 'route', route }
}

function find(
  { fleet, clock }: CrewSurroundings,
  crew: Crew,
  { number, at }: { readonly number: string; readonly at: Position },
): 'there' | 'gone' | 'with_somebody' {
  const bike = fleet.byNumber(number)
  if (bike === null || bike.heldByCrew !== null || distanceM(placeOf(bike), at) > searchReachM) return 'gone'
  if (!isFree(bike, clock.nowMs()) || bike.lock.boltPosition() !== 'closed') return 'with_somebody'
  return crew.random.chance(overlookedChance) ? 'gone' : 'there'
}
