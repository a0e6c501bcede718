import type { LockId } from '../../contracts/ids.ts'
import type { Hello, LockEvent } from '../../contracts/mqtt/reports.ts'
import { readToken } from '../../contracts/no-coverage-words.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Queryable } from '../platform/database.ts'
import type { Trips } from '../trips/trips-service.ts'
import { isProvenUnused } from './core/grant-machine.ts'
import { grantHeld, hasUnsettledCommand, tripOfGrant, unsettledGrants } from './grant-store.ts'
import type { NoCoverage } from './no-coverage-service.ts'

interface Report {
  readonly lockId: LockId
  readonly kind: 'hello' | 'evt' | 'ack'
  readonly body: unknown
}

/** What locks say of phones, by whichever way it came; in the transaction that marks the report as applied. */
export function createNoCoverageListener(deps: {
  readonly noCoverage: Pick<NoCoverage, 'settle'>
  readonly trips: Pick<Trips, 'advance' | 'held'>
}) {
  const { noCoverage, trips } = deps

  async function onReport(tx: Queryable, { lockId, kind, body }: Report): Promise<void> {
    if (kind === 'hello') return onHello(tx, lockId, body as Hello)
    const event = body as LockEvent
    if (kind !== 'evt' || event.k !== 'bolt' || event.tok === undefined) return
    if (event.to !== 'unlocked' && event.to !== 'jam_open') return
    const token = readToken(event.tok)
    if (token?.kind !== 'grant') return
    const tripId = await tripOfGrant(tx, lockId, token.id)
    if (tripId === null) return
    const trip = await trips.held(tx, tripId)
    const grant = await grantHeld(tx, token.id)
    if (grant) await noCoverage.settle(tx, grant, { kind: 'told', to: event.to }, trip)
  }

  /** A lock that is heard again and has not obeyed a grant never will: its challenge is over. */
  async function onHello(tx: Queryable, lockId: LockId, hello: Hello): Promise<void> {
    for (const { grantId, tripId, ...facts } of await unsettledGrants(tx, lockId)) {
      if (!isProvenUnused(facts, hello)) continue
      const trip = await trips.held(tx, tripId)
      const grant = await grantHeld(tx, grantId)
      if (grant) await noCoverage.settle(tx, grant, { kind: 'proven_unused' }, trip)
      if (trip?.facts.state !== 'unlocking' || (await hasUnsettledCommand(tx, tripId, true))) continue
      afterCommit(tx, await trips.advance(tx, trip, { kind: 'unlock_failed', failure: 'unlock_expired' }))
    }
  }

  return { onReport }
}
