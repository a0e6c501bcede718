import { setTimeout as pause } from 'node:timers/promises'
import { present } from '../../contracts/assert.ts'
import type { CrewAct, CrewActResult, CrewActsAnswer, CrewRoute, RouteList } from '../../contracts/http/crews.ts'
import { asId, type LockId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { LocalTime } from '../city/local-time.ts'
import { isUniqueViolation, type Queryable } from '../platform/database.ts'
import type { Unlocking } from '../unlocking/unlocking-service.ts'
import { type CrewActDeps, createActs } from './crew-acts.ts'
import { createRouteKeeper, type RouteKeeper } from './crew-custody.ts'
import { type CrewDesk, createCrewDesk } from './crew-desk.ts'
import { listRoutes, readCrewRoute, routeShownAfterEndMs } from './crew-route-view.ts'
import { giveRoute, holdRoute, insertAct, lockToRing, readRoute } from './crew-store.ts'

export interface CrewDeps extends CrewActDeps {
  readonly unlocking: Pick<Unlocking, 'issueBeep'>
  /** Crews are told hours on it. */
  readonly localTime: Pick<LocalTime, 'minuteAt'>
  /** Plans the rest of a route anew; may take a while, and may fail: the old rest then stays. */
  readonly replanRest: (routeId: string) => Promise<unknown>
}

export interface Crew extends RouteKeeper, CrewDesk {
  routes(crewId: string): Promise<RouteList>
  route(crewId: string, routeId: string): Promise<CrewRoute | Refusal>
  /** The route is this crew's from now on, and its bikes are kept from riders. */
  claim(crewId: string, routeId: string, actId: string): Promise<CrewRoute | Refusal>
  /**
   * One after the other, each in a transaction of its own: what is refused does not stop what follows. What breaks does:
   * those before it are answered, and the phone sends the rest again. Throws when the first one breaks.
   */
  acts(crewId: string, acts: readonly CrewAct[]): Promise<CrewActsAnswer>
  /** Makes the lock of a bike of this crew's route beep. Null: it was asked. */
  ring(crewId: string, number: string): Promise<Refusal | null>
}

/** A crew reads its route and loads its app before it leaves; riders keep its bikes until then. */
const claimBeforeStartMs = 3_600_000
/** The answer to a crew waits so long for the new plan of its rest, real time; the phone gets it later otherwise. */
const longestReplanWaitMs = 2_000

/** What the crews of a night may do and see. */
export function createCrew(deps: CrewDeps): Crew {
  const { db, clock, logger, fleet } = deps
  const keeper = createRouteKeeper(deps)
  const applyAct = createActs(deps)

  async function claim(crewId: string, routeId: string, actId: string): Promise<CrewRoute | Refusal> {
    try {
      const outcome = await db.transaction((tx) => claimIn(tx, crewId, routeId, actId))
      if (isRefusal(outcome)) return outcome
      if (outcome.isNew) logger.info({ routeId, crewId, struckOff: outcome.struckOff }, 'route claimed')
      if (outcome.struckOff > 0) await replanned([routeId])
    } catch (error) {
      if (isUniqueViolation(error, 'van_route_one_per_crew')) return refuse('one_route_at_a_time')
      if (isUniqueViolation(error, 'crew_act_pkey')) return refuse('not_allowed')
      throw error
    }
    return present(await readCrewRoute(db, routeId, crewId), 'a claimed route can be read')
  }

  async function claimIn(
    tx: Queryable,
    crewId: string,
    routeId: string,
    actId: string,
  ): Promise<{ readonly isNew: boolean; readonly struckOff: number } | Refusal> {
    if (!(await holdRoute(tx, routeId))) return refuse('not_found')
    const route = await readRoute(tx, routeId, { stopId: null, actId })
    if (route === null) return refuse('not_found')
    const { earlier, state } = route
    if (earlier) return earlier.crewId === crewId ? { isNew: false, struckOff: 0 } : refuse('not_allowed')
    if (state === 'claimed' && route.crewId === crewId) return { isNew: false, struckOff: 0 }
    if (state === 'claimed') return refuse('route_taken', route.crewName ?? '')
    const nowMs = clock.nowMs()
    const isOver = nowMs > route.endMs + routeShownAfterEndMs
    if (state === 'done' || !route.isDrivable || isOver) return refuse('route_ended')
    const fromMs = route.startMs - claimBeforeStartMs
    if (nowMs < fromMs) return refuse('route_too_early', wallClock(deps.localTime.minuteAt(fromMs)))
    await giveRoute(tx, routeId, crewId, nowMs)
    const struckOff = await keeper.matchCustody(tx, routeId)
    const act = { actId, routeId, crewId, body: { act: 'claim', actId, routeId, struckOff } }
    const when = { actedAtMs: nowMs, receivedAtMs: nowMs, place: null }
    await insertAct(tx, act, when, { kind: 'applied', code: null, by: null })
    return { isNew: true, struckOff }
  }

  async function acts(crewId: string, batch: readonly CrewAct[]): Promise<CrewActsAnswer> {
    const results: CrewActResult[] = []
    const changed = new Set<string>()
    for (const act of batch) {
      const answer = await applyAct(crewId, act).catch((error: unknown) => {
        if (results.length === 0) throw error
        const { actId, routeId } = act
        logger.error({ err: error, actId, routeId, crewId }, 'an act and those after it are left unanswered')
        return null
      })
      if (answer === null) break
      results.push(answer.result)
      if (answer.restChanged) changed.add(act.routeId)
    }
    await replanned(changed)
    const last = batch.at(-1)
    const route = last ? await readCrewRoute(db, last.routeId, crewId) : null
    return { results, route: route?.isMine ? route : null }
  }

  /** Waits for the new rest, but not long: a crew stands in the street. */
  async function replanned(routeIds: Iterable<string>): Promise<void> {
    const all = [...routeIds].map((routeId) =>
      deps
        .replanRest(routeId)
        .catch((error: unknown) => logger.error({ err: error, routeId }, 'the rest of a route stays as it was')),
    )
    if (all.length === 0) return
    const waiting = new AbortController()
    const longEnough = pause(longestReplanWaitMs, undefined, { signal: waiting.signal, ref: false }).catch(() => {
      // Cut short: the plan was there first.
    })
    await Promise.race([Promise.all(all), longEnough])
    waiting.abort()
  }

  async function ring(crewId: string, number: string): Promise<Refusal | null> {
    const found = await lockToRing(db, number, crewId)
    if (found === null) return refuse('bike_unknown')
    if (!found.is_theirs) return refuse('route_not_yours')
    const lockId = asId<LockId>(found.lock_id)
    const issued = await db.transaction((tx) => deps.unlocking.issueBeep(tx, lockId))
    switch (issued.kind) {
      case 'issued':
        await issued.publish()
        return null
      case 'busy':
        return refuse('too_many_requests', 'The lock is still busy with the last command.')
      case 'no_stamp':
        fleet.requestStamp(lockId)
        return refuse('bike_silent')
    }
  }

  return {
    ...keeper,
    ...createCrewDesk(deps, (routeId) => replanned([routeId])),
    routes: (crewId) => listRoutes(db, crewId, clock.nowMs()),
    route: async (crewId, routeId) => (await readCrewRoute(db, routeId, crewId)) ?? refuse('not_found'),
    claim,
    acts,
    ring,
  }
}

/** `21:00` */
const wallClock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
