import type { BikeCustody } from '../fleet/bike-custody.ts'
import type { Clock } from '../platform/clock.ts'
import type { Queryable } from '../platform/database.ts'
import { endRoute, holdRoute, plannedBikes, strikeOff, waitingBikes } from './crew-store.ts'

export interface RouteKeeper {
  /**
   * Brings custody in line with the list of a route that a crew has: bikes to come are kept from riders, those that are
   * no longer wanted are given back. A bike that a rider or another crew has is struck off the list. Call it in the
   * transaction that changed the list, with the route's row held; returns how many were struck off.
   */
  matchCustody(tx: Queryable, routeId: string): Promise<number>
  /**
   * A route is over: what it has not taken is given back, what is in its van stays there until somebody puts it down.
   * Nothing when it is over already.
   */
  releaseRoute(tx: Queryable, routeId: string): Promise<void>
}

/** Which bikes riders do not get because of a route. `tx` must come from a database opened `withAfterCommit`. */
export function createRouteKeeper(deps: {
  readonly fleet: Omit<BikeCustody, 'changeService'>
  readonly clock: Clock
}): RouteKeeper {
  const { fleet, clock } = deps

  async function matchCustody(tx: Queryable, routeId: string): Promise<number> {
    const planned = await plannedBikes(tx, routeId)
    const wanted = new Set(planned.map((bike) => bike.bikeId))
    const kept = await waitingBikes(tx, routeId, null)
    await fleet.releaseBikes(
      tx,
      kept.filter((bikeId) => !wanted.has(bikeId)),
    )
    const held = await fleet.holdBikes(tx, [...wanted])
    const free = new Set<string>(held.filter((bike) => !bike.inUse && bike.custody === null).map((bike) => bike.bikeId))
    const isOurs = new Set(kept)
    for (const isBroken of [false, true]) {
      const bikeIds = planned.filter((bike) => bike.isBroken === isBroken && free.has(bike.bikeId))
      const custody = { routeId, state: 'claimed', isBroken } as const
      await fleet.keepBikes(
        tx,
        bikeIds.map((bike) => bike.bikeId),
        custody,
        clock.nowMs(),
      )
    }
    const taken = [...wanted].filter((bikeId) => !free.has(bikeId) && !isOurs.has(bikeId))
    await strikeOff(tx, routeId, taken)
    return taken.length
  }

  async function releaseRoute(tx: Queryable, routeId: string): Promise<void> {
    if (!(await holdRoute(tx, routeId))) return
    await fleet.releaseBikes(tx, await waitingBikes(tx, routeId, null))
    await endRoute(tx, routeId, clock.nowMs())
  }

  return { matchCustody, releaseRoute }
}
