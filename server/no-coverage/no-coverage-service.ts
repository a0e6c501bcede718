import type { Logger } from 'pino'
import { present } from '../../contracts/assert.ts'
import type { GrantAnswer } from '../../contracts/http/no-coverage.ts'
import type { LockId, RiderId, TripId } from '../../contracts/ids.ts'
import type { BoltEvent } from '../../contracts/mqtt/reports.ts'
import type { Challenge, LockReceipt } from '../../contracts/no-coverage.ts'
import { grantTtlMs, readToken } from '../../contracts/no-coverage-words.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import { afterCommit } from '../platform/after-commit.ts'
import { type Clock, stretched } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import type { HeldTrip, Trips } from '../trips/trips-service.ts'
import type { LockKeys } from '../unlocking/lock-keys.ts'
import { decideGrant } from './core/decide-grant.ts'
import { type GrantEvent, stepGrant } from './core/grant-machine.ts'
import {
  dueGrants,
  earlierGrants,
  grantAnswered,
  grantHeld,
  grantsOfTrip,
  hasUnsettledCommand,
  insertGrant,
  keysOfLock,
  lockHeld,
  type StoredGrant,
  saveGrant,
} from './grant-store.ts'
import { macsInUse, type PhoneMacs } from './phone-macs.ts'
import { createPhonePasses } from './phone-passes.ts'

/** What happened at the border with phones, counted. */
export type NoCoverageEvent =
  | 'grant_issued'
  | 'grant_refused'
  | 'bad_mac'
  | 'opened'
  | 'jammed'
  | 'unanswered'
  | 'proven_unused'
  | 'receipt_stored'
  | 'key_issued'

export interface NoCoverageDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly keys: Pick<LockKeys, 'phoneKey'>
  readonly logger: Logger
  readonly trips: Pick<Trips, 'advance' | 'held' | 'ownHeld' | 'activeTripIn'>
  /** The next of the lock's one counter, which its commands have too. */
  readonly nextCounter: (tx: Queryable, lockId: LockId) => Promise<{ readonly counter: number } | null>
  /** Fixes the start of a boot that nobody has heard of yet: the lock's uptime at a moment of city time. */
  readonly fixBoot: (
    tx: Queryable,
    heard: { readonly lockId: LockId; readonly bootId: number; readonly uptimeMs: number; readonly atMs: EpochMs },
  ) => Promise<void>
  /** Takes in an event of the lock as if its own radio had brought it; `late`: it may be stored yet. */
  readonly takeEvent: (lockId: LockId, event: BoltEvent) => Promise<'stored' | 'refused' | 'late'>
  readonly count: (event: NoCoverageEvent) => void
}

export type NoCoverage = ReturnType<typeof createNoCoverage>

/** A phone and a lock beside it need so long in real time, however fast the city's clock runs. */
const shortestGrantRealMs = 6_000
const longestTtlMs = 60_000
/** A receipt may be on its way so long after a grant has ended, in real time at the least. */
const receiptGraceMs = 5_000
const grantsPerTick = 50

export function createNoCoverage(deps: NoCoverageDeps) {
  const { db, clock, ids, keys, logger, trips, count } = deps

  const passes = createPhonePasses(deps)
  const macsOf = macsInUse(keys)

  async function askGrant(
    riderId: RiderId,
    { tripId, challenge }: { readonly tripId: TripId; readonly challenge: Challenge },
  ): Promise<GrantAnswer | Refusal> {
    try {
      const answer = await db.transaction((tx) => grantIn(tx, riderId, tripId, challenge))
      if (isRefusal(answer)) count(answer.code === 'no_coverage_mac' ? 'bad_mac' : 'grant_refused')
      return answer
    } catch (error) {
      if (isUniqueViolation(error, 'trip_one_active_per_rider')) return refuse('rider_has_trip')
      throw error
    }
  }

  async function grantIn(
    tx: Queryable,
    riderId: RiderId,
    tripId: TripId,
    challenge: Challenge,
  ): Promise<GrantAnswer | Refusal> {
    const trip = await trips.ownHeld(tx, riderId, tripId)
    if (trip === null) return refuse('not_found')
    const { lockId } = trip
    const lock = await lockHeld(tx, lockId)
    const macs = lock && macsOf(lockId, lock, challenge.kv)
    if (!macs?.isChallenge(challenge)) return refuse('no_coverage_mac')
    const earlier = await earlierGrants(tx, lockId, challenge.n)
    const another = await trips.activeTripIn(tx, riderId)
    const decision = decideGrant({
      trip: trip.facts,
      riderHasAnotherTrip: another !== null && another !== tripId,
      grantsOfTrip: await grantsOfTrip(tx, tripId),
      challenge,
      earlier: earlier.map((grant) => ({ ...grant, isOfThisTrip: grant.tripId === tripId })),
    })
    if (decision.kind === 'refusal') return decision
    if (decision.kind === 'again') {
      const same = earlier.find(({ grantId }) => grantId === decision.grantId)
      return { grant: present(same, 'the grant that is given again was just read').frame }
    }
    for (const grant of earlier) {
      if (decision.dead.includes(grant.grantId)) await settle(tx, grant, { kind: 'proven_unused' }, trip)
      else if (grant.state === 'outstanding') await settle(tx, grant, { kind: 'expired' }, trip)
    }
    const told = await trips.advance(tx, trip, { kind: 'phone_asked' })
    afterCommit(tx, told)
    return { grant: (await issue(tx, trip, challenge, macs)).frame }
  }

  async function issue(tx: Queryable, trip: HeldTrip, challenge: Challenge, macs: PhoneMacs): Promise<StoredGrant> {
    const nowMs = clock.nowMs()
    const { tripId, lockId } = trip
    const counted = present(await deps.nextCounter(tx, lockId), 'a lock whose row is held counts')
    const grantId = ids.uuid()
    const ttlMs = Math.min(longestTtlMs, stretched(grantTtlMs, shortestGrantRealMs, clock.speed()))
    const frame = macs.grant({
      ...{ v: 1, k: 'g', op: 'unlock' },
      ...{ id: grantId, b: challenge.b, n: challenge.n, s: counted.counter, ttl: ttlMs },
    })
    const grant: StoredGrant = {
      ...{ grantId, tripId, lockId, nonce: challenge.n, bootId: challenge.b, challengedUptime: challenge.u },
      ...{ counter: counted.counter, ttlMs, state: 'outstanding', frame },
    }
    const graceMs = stretched(receiptGraceMs, receiptGraceMs, clock.speed())
    await insertGrant(tx, { ...grant, issuedAt: nowMs, expiresAt: epochMs(nowMs + ttlMs + graceMs) })
    logger.info({ grantId, tripId, lockId, counter: counted.counter }, 'a phone may open the lock')
    count('grant_issued')
    return grant
  }

  /** One step of a grant; `trip` is held by `tx`. What follows for the trip is done, but for the opening itself. */
  async function settle(tx: Queryable, grant: StoredGrant, event: GrantEvent, trip: HeldTrip | null): Promise<void> {
    const step = stepGrant(grant.state, event)
    if (step.state === grant.state) return
    await saveGrant(tx, grant.grantId, step.state, clock.nowMs())
    const { grantId, tripId, lockId } = grant
    logger.info({ grantId, tripId, lockId, from: grant.state, to: step.state }, 'grant')
    if (step.state === 'opened') count('opened')
    for (const { kind } of step.effects) {
      count(kind === 'not_opened' ? 'proven_unused' : kind)
      // Another ride's phone asks now: this one's own is over.
      if (trip === null || trip.tripId !== tripId || trip.facts.state !== 'unlocking') continue
      if (kind === 'jammed') {
        afterCommit(tx, await trips.advance(tx, trip, { kind: 'unlock_failed', failure: 'lock_jammed' }))
      } else if (kind === 'unanswered' && !(await hasUnsettledCommand(tx, tripId, false))) {
        afterCommit(tx, await trips.advance(tx, trip, { kind: 'unlock_unknown', nowMs: clock.nowMs() }))
      }
    }
  }

  /** Gives up on grants whose receipt does not come. */
  async function tick(): Promise<void> {
    for (const { grantId, tripId } of await dueGrants(db, clock.nowMs(), grantsPerTick)) {
      try {
        await db.transaction(async (tx) => {
          const trip = await trips.held(tx, tripId)
          const grant = await grantHeld(tx, grantId)
          if (grant?.state === 'outstanding') await settle(tx, grant, { kind: 'expired' }, trip)
        })
      } catch (error) {
        // One grant must not keep the others waiting.
        logger.error({ err: error, grantId }, 'a grant could not be looked at, will be tried again')
      }
    }
  }

  async function takeReceipt(
    riderId: RiderId,
    tripId: TripId,
    receipt: LockReceipt,
  ): Promise<{ stored: true } | Refusal> {
    const trip = await db.transaction((tx) => trips.ownHeld(tx, riderId, tripId))
    if (trip === null) return refuse('not_found')
    const { lockId } = trip
    const lock = await keysOfLock(db, lockId)
    const macs = lock && macsOf(lockId, lock, lock.keyVersion)
    if (!macs?.isReceipt(receipt)) {
      count('bad_mac')
      return refuse('no_coverage_mac')
    }
    const place = macs.placeOf(receipt)
    if (place === null) return refuse('bad_request')
    await fixBootOf(lockId, receipt)
    const stored = await deps.takeEvent(lockId, { v: 1, k: 'bolt', ...receipt.e, ...place })
    if (stored === 'refused') return refuse('bad_request')
    if (stored === 'late') {
      logger.error({ tripId, lockId }, 'a receipt is not stored yet, its phone will bring it again')
      return refuse('server_fault')
    }
    logger.info({ tripId, lockId, bootId: receipt.e.b, sequence: receipt.e.q }, 'a receipt of the lock')
    count('receipt_stored')
    return { stored: true }
  }

  /**
   * A receipt may come hours late, and a boot that nobody has heard of yet begins by it. A grant was obeyed within
   * seconds of its challenge, so it tells when; a challenge by itself does not, for it can be kept. Else the lock's own
   * clock tells, if it is a good one.
   */
  async function fixBootOf(lockId: LockId, { e }: LockReceipt): Promise<void> {
    const nowMs = clock.nowMs()
    const token = e.tok === undefined ? null : readToken(e.tok)
    const obeyed = token?.kind === 'grant' ? await grantAnswered(db, lockId, token.id) : null
    const byGrant = obeyed?.bootId === e.b ? obeyed : null
    const madeAtMs = e.tq >= 2 ? Math.min(e.t, nowMs) : nowMs
    await deps.fixBoot(db, {
      ...{ lockId, bootId: e.b },
      uptimeMs: byGrant?.challengedUptime ?? e.u,
      atMs: byGrant?.issuedAt ?? epochMs(madeAtMs),
    })
  }

  return { askGrant, takeReceipt, passFor: passes.passFor, tick, settle }
}
