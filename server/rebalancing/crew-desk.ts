import { asId, type BikeId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { Queryable } from '../platform/database.ts'
import type { CrewActDeps } from './crew-acts.ts'
import {
  endMove,
  holdRoute,
  keeperRoute,
  leaveOnList,
  openRoute,
  readBike,
  readRouteState,
  saidWhenBroken,
  waitingBikes,
} from './crew-store.ts'

/** What staff do for crews that are gone. */
export interface CrewDesk {
  /**
   * No crew has the bike any more, whatever its state: it was put down without an act, or nobody comes for it. Its way in
   * a van ends at no place, and a route that waits for it does not any more. One that a crew found broken goes out of
   * service. Null when done; `not_found` when no crew has it, `bike_with_crew` when another one took it at this moment.
   */
  freeBike(staffId: string, bikeId: string): Promise<Refusal | null>
  /**
   * A claimed route is open to the next crew; what is in its van stays there, the rest goes back to riders. Null when
   * done or open already; `route_ended` when it is over.
   */
  takeBack(staffId: string, routeId: string): Promise<Refusal | null>
}

/** `restChanged` is called with a claimed route whose rest should be planned anew. */
export function createCrewDesk(
  { db, clock, logger, fleet, alarms }: CrewActDeps,
  restChanged: (routeId: string) => Promise<void>,
): CrewDesk {
  async function freeIn(
    tx: Queryable,
    bikeId: BikeId,
    staffId: string,
  ): Promise<{ readonly routeId: string; readonly isClaimed: boolean } | Refusal> {
    const routeId = await keeperRoute(tx, bikeId)
    // The route before the bike, as every act of a crew does.
    if (routeId === null || !(await holdRoute(tx, routeId))) return refuse('not_found')
    const [held] = await fleet.holdBikes(tx, [bikeId])
    const custody = held?.custody ?? null
    if (custody === null) return refuse('not_found')
    const { by, reported } = await readBike(tx, bikeId, routeId, custody.routeId)
    if (custody.routeId !== routeId) return refuse('bike_with_crew', by)
    const atMs = clock.nowMs()
    await fleet.releaseBikes(tx, [bikeId])
    await endMove(tx, bikeId, { stopId: null, atMs, place: null })
    await leaveOnList(tx, bikeId, routeId)
    if (custody.state === 'in_van' && custody.isBroken) {
      await fleet.takeOutOfService(tx, bikeId, { staffId, atMs })
      const detail = { routeId, by, ...(await saidWhenBroken(tx, bikeId, routeId)) }
      const alarm = {
        kind: 'broken',
        bikeId,
        tripId: null,
        causeKey: `broken:${bikeId}:${atMs}`,
        detail,
        atMs,
      } as const
      if (!reported.includes('broken')) await alarms.raise(tx, alarm)
    }
    return { routeId, isClaimed: (await readRouteState(tx, routeId)) === 'claimed' }
  }

  async function takeBackIn(tx: Queryable, routeId: string): Promise<Refusal | null> {
    if (!(await holdRoute(tx, routeId))) return refuse('not_found')
    const state = await readRouteState(tx, routeId)
    if (state === 'done') return refuse('route_ended')
    if (state === 'open') return null
    await fleet.releaseBikes(tx, await waitingBikes(tx, routeId, null))
    await openRoute(tx, routeId)
    return null
  }

  return {
    freeBike: async (staffId, bikeId) => {
      const freed = await db.transaction((tx) => freeIn(tx, asId<BikeId>(bikeId), staffId))
      if (isRefusal(freed)) return freed
      logger.info({ bikeId, routeId: freed.routeId, staffId }, 'bike freed at the desk')
      if (freed.isClaimed) await restChanged(freed.routeId)
      return null
    },
    takeBack: async (staffId, routeId) => {
      const refusal = await db.transaction((tx) => takeBackIn(tx, routeId))
      if (refusal === null) logger.info({ routeId, staffId }, 'route taken back at the desk')
      return refusal
    },
  }
}
