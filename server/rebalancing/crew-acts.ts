import type { Logger } from 'pino'
import type { CrewAct, CrewActResult } from '../../contracts/http/crews.ts'
import { asId, type BikeId } from '../../contracts/ids.ts'
import { storable } from '../../contracts/storable-text.ts'
import type { EpochMs, Position } from '../../contracts/units.ts'
import type { Alarms } from '../alarms/alarms-service.ts'
import type { Fleet } from '../fleet/fleet-service.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import {
  actedAt,
  type BikeFacts,
  type CrewChange,
  decideAct,
  type Situation,
  type Verdict,
} from './core/crew-machine.ts'
import {
  beginMove,
  endMove,
  endRoute,
  endStop,
  findBike,
  holdRoute,
  insertAct,
  listBike,
  markMoveBroken,
  openRoute,
  readBike,
  readRoute,
  type StoredRoute,
  saidWhenBroken,
  waitingBikes,
} from './crew-store.ts'

/** The fleet room, as far as crews need it. */
export type CrewFleet = Pick<
  Fleet,
  'holdBikes' | 'keepBikes' | 'releaseBikes' | 'isKept' | 'putDown' | 'takeOutOfService' | 'requestStamp'
>

export interface CrewActDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly fleet: CrewFleet
  readonly alarms: Pick<Alarms, 'raise' | 'clear'>
}

export interface ActAnswer {
  readonly result: CrewActResult
  /** What is left of the route should be planned anew. */
  readonly restChanged: boolean
}

/** Applies one act of a crew: held, decided, saved with its own record, all in one transaction. */
export function createActs(deps: CrewActDeps): (crewId: string, act: CrewAct) => Promise<ActAnswer> {
  const { db, clock, logger, fleet, alarms } = deps

  async function applyAct(crewId: string, said: CrewAct): Promise<ActAnswer> {
    const act = readable(said)
    const answer = await once(crewId, act)
    const { actId, routeId } = act
    const { outcome, code } = answer.result
    if (outcome !== 'repeated') logger.info({ actId, routeId, crewId, act: act.act, outcome, code }, 'crew act')
    return answer
  }

  async function once(crewId: string, act: CrewAct): Promise<ActAnswer> {
    try {
      return await db.transaction((tx) => applyIn(tx, crewId, act))
    } catch (error) {
      // The same id under another route at the same moment: whoever came first has it.
      if (!isUniqueViolation(error, 'crew_act_pkey')) throw error
      return refused(act, 'not_allowed', null)
    }
  }

  async function applyIn(tx: Queryable, crewId: string, act: CrewAct): Promise<ActAnswer> {
    if (!(await holdRoute(tx, act.routeId))) return refused(act, 'not_found', null)
    const stopId = 'stopId' in act ? act.stopId : null
    const route = await readRoute(tx, act.routeId, { stopId, actId: act.actId })
    if (route === null) return refused(act, 'not_found', null)
    if (route.earlier) return earlierAnswer(act, crewId, route.earlier)

    const bike = 'bike' in act ? await bikeOf(tx, act.bike, act.routeId) : null
    const waiting = 'bike' in act ? [] : await waitingBikes(tx, act.routeId, stopId)
    const situation: Situation = { crewId, route: { ...route, waiting }, stop: route.stop, bike }
    const verdict = decideAct(situation, act)
    await record(tx, situation, route, act, verdict)
    if (verdict.kind === 'refused') return refused(act, verdict.code, verdict.by)
    const result: CrewActResult = { actId: act.actId, outcome: 'applied', code: null, by: null }
    return { result, restChanged: verdict.restChanged }
  }

  /** Saves what follows from an act, and the act with what came of it. */
  async function record(
    tx: Queryable,
    { crewId, bike }: Situation,
    route: StoredRoute,
    act: CrewAct,
    verdict: Verdict,
  ): Promise<void> {
    const receivedAtMs = clock.nowMs()
    const atMs = actedAt(act.atMs, route.claimedAtMs, receivedAtMs)
    const bikeId = bike === null ? null : asId<BikeId>(bike.bikeId)
    if (verdict.kind === 'applied') {
      for (const change of verdict.changes) {
        await save(tx, change, { act, crewId, crewName: route.crewName, bikeId, route, atMs })
      }
    }
    const { code, by } = verdict.kind === 'refused' ? verdict : { code: null, by: null }
    await insertAct(
      tx,
      { ...act, crewId, body: bikeId === null ? act : { ...act, bikeId } },
      { actedAtMs: atMs, receivedAtMs, place: placeOf(act) },
      { kind: verdict.kind, code, by },
    )
  }

  /** A bike whose row is held from here on. */
  async function bikeOf(tx: Queryable, said: string, routeId: string): Promise<BikeFacts | null> {
    const bikeId = await findBike(tx, said)
    if (bikeId === null) return null
    const [held] = await fleet.holdBikes(tx, [bikeId])
    if (!held) return null
    const { custody, inUse } = held
    const { by, routeIsOver, ...known } = await readBike(tx, bikeId, routeId, custody?.routeId ?? null)
    return { bikeId, inUse, custody: custody && { ...custody, by, routeIsOver }, ...known }
  }

  async function save(tx: Queryable, change: CrewChange, scene: Scene): Promise<void> {
    const { route, atMs } = scene
    switch (change.kind) {
      case 'release':
        return fleet.releaseBikes(tx, change.bikeIds)
      case 'end_stop':
        return endStop(tx, change.stopId, change.as, 'reason' in scene.act ? scene.act.reason : null, atMs)
      case 'give_back':
        return openRoute(tx, route.routeId)
      case 'end_route':
        return endRoute(tx, route.routeId, atMs)
      case 'keep_in_van':
      case 'list':
      case 'begin_move':
      case 'mark_move_broken':
      case 'end_move':
      case 'take_out_of_service':
      case 'raise':
      case 'close':
        if (scene.bikeId !== null) await saveOfBike(tx, change, { ...scene, bikeId: scene.bikeId })
    }
  }

  async function saveOfBike(tx: Queryable, change: BikeChange, scene: Scene & HasBikeId): Promise<void> {
    const { bikeId, route, atMs, act } = scene
    const { routeId } = route
    switch (change.kind) {
      case 'keep_in_van':
        return fleet.keepBikes(tx, [bikeId], { routeId, state: 'in_van', isBroken: change.isBroken }, atMs)
      case 'list':
        return listBike(tx, bikeId, change)
      case 'begin_move':
        return beginMove(tx, { bikeId, routeId, isBroken: change.isBroken }, atMs, placeOf(act))
      case 'mark_move_broken':
        return markMoveBroken(tx, bikeId)
      case 'end_move': {
        const place = placeOf(act) ?? route.stop
        await endMove(tx, bikeId, { stopId: change.stopId, atMs, place })
        if (place) await fleet.putDown(tx, bikeId, place, atMs)
        return
      }
      case 'take_out_of_service':
        return fleet.takeOutOfService(tx, bikeId, { staffId: scene.crewId, atMs })
      case 'raise': {
        const said = act.act === 'unload' ? await saidWhenBroken(tx, bikeId, routeId) : saidIn(act)
        const detail = { routeId, by: scene.crewName, ...said }
        const causeKey = `${change.alarm}:${act.actId}`
        await alarms.raise(tx, { kind: change.alarm, bikeId, tripId: null, causeKey, detail, atMs })
        return
      }
      case 'close':
        return alarms.clear(tx, bikeId, change.alarms, atMs)
    }
  }

  return applyAct
}

interface Scene {
  readonly act: CrewAct
  readonly crewId: string
  readonly crewName: string | null
  readonly bikeId: BikeId | null
  readonly route: StoredRoute
  readonly atMs: EpochMs
}
interface HasBikeId {
  readonly bikeId: BikeId
}
type BikeChange = Exclude<CrewChange, { kind: 'release' | 'end_stop' | 'give_back' | 'end_route' }>

function earlierAnswer(act: CrewAct, crewId: string, earlier: NonNullable<StoredRoute['earlier']>): ActAnswer {
  if (earlier.crewId !== crewId) return refused(act, 'not_allowed', null)
  const outcome = earlier.outcome === 'applied' ? 'repeated' : 'refused'
  return { result: { actId: act.actId, outcome, code: earlier.code, by: earlier.by }, restChanged: false }
}

const refused = (act: CrewAct, code: string, by: string | null): ActAnswer => ({
  result: { actId: act.actId, outcome: 'refused', code, by },
  restChanged: false,
})

/** What a phone can say and jsonb cannot keep: zeros, and halves of characters. */
const readable = (act: CrewAct): CrewAct =>
  'note' in act && act.note !== undefined ? { ...act, note: storable(act.note) } : act

const placeOf = (act: CrewAct): Position | null =>
  act.lon === null || act.lat === null ? null : { lon: act.lon, lat: act.lat }

const saidIn = (act: CrewAct): object => ({
  ...('note' in act && act.note !== undefined ? { note: act.note } : {}),
  ...('photoId' in act && act.photoId !== undefined ? { photoId: act.photoId } : {}),
})
