import type { Logger } from 'pino'
import { appealWindowMs } from '../../contracts/appeal-limits.ts'
import type {
  AppealDecision,
  Appeals as AppealList,
  AppealsQuery,
  AppealView,
  NewAppeal,
  StaffAppeal,
  StaffAppeals,
  StaffAppealsQuery,
} from '../../contracts/http/appeals.ts'
import type { RiderId, StaffId, TripId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { storable } from '../../contracts/storable-text.ts'
import { epochMs } from '../../contracts/units.ts'
import { namePhotos, PhotoMissing } from '../photos/name-photos.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { Clock } from '../platform/clock.ts'
import { type Database, isUniqueViolation, type Queryable } from '../platform/database.ts'
import type { GiveBackOrder, GivingBack, TripHeldWithMoney } from '../trips/give-back.ts'
import {
  appealById,
  appealHeld,
  appealSeen,
  appealsSoFar,
  countAppeals,
  dueAppeals,
  insertAppeal,
  riderAppeals,
  riderSees,
  type StoredAppeal,
  saveAppeal,
  staffAppeals,
} from './appeal-store.ts'
import { type AppealEvent, newAppeal, stepAppeal } from './core/appeal-machine.ts'
import { disputedPart } from './core/disputed-part.ts'
import { appealsPerTrip, mayAppealUntil } from './core/may-appeal.ts'

/** What riders say against a price, and what becomes of it. */
export interface Appeals {
  /** Another rider's trip is not there. A repeat of the same `appealId` is the same appeal. */
  make(riderId: RiderId, tripId: TripId, said: NewAppeal): Promise<AppealView | Refusal>
  withdraw(riderId: RiderId, appealId: string): Promise<AppealView | Refusal>
  view(riderId: RiderId, appealId: string): Promise<AppealView | Refusal>
  list(riderId: RiderId, query: AppealsQuery): Promise<AppealList>
  /** The same decision of the same colleague again is fine; another one is `appeal_decided`. */
  decide(appealId: string, decision: AppealDecision, staffId: StaffId): Promise<StaffAppeal | Refusal>
  staffView(appealId: string): Promise<StaffAppeal | Refusal>
  staffList(query: StaffAppealsQuery): Promise<StaffAppeals>
  /** Accepts what nobody decided in time, bounded; what is left over goes at the next turn. */
  tick(): Promise<void>
}

export interface AppealsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly money: GivingBack
  readonly wakeOutbox: () => void
  readonly tellDesk: (event: DeskEvent) => void
  /** The rider's page looks again. */
  readonly tellRider: (tripId: TripId) => void
}

const appealsPerTick = 50
/** Close enough to the deadline to be done before anything else. */
const soonMs = 12 * 3_600_000

export function createAppeals(deps: AppealsDeps): Appeals {
  const { db, clock, money } = deps

  function tell(tx: Queryable, { appealId, tripId, facts }: Pick<StoredAppeal, 'appealId' | 'tripId' | 'facts'>): void {
    afterCommit(tx, () => {
      deps.tellDesk({ kind: 'appeal', appealId, tripId, state: facts.state })
      deps.tellRider(tripId)
    })
  }

  async function makeIn(tx: Queryable, riderId: RiderId, tripId: TripId, said: NewAppeal): Promise<Refusal | null> {
    const held = await money.hold(tx, tripId)
    if (held?.trip.riderId !== riderId) return refuse('not_found')
    if ((await appealById(tx, said.appealId)) !== null) return null
    const nowMs = clock.nowMs()
    const text = storable(said.text).trim()
    if (said.about === 'other' && text === '') return refuse('appeal_text_needed')
    const refusal = whyNot(held, await appealsSoFar(tx, tripId), nowMs)
    if (refusal !== null) return refusal
    const disputedMinor = disputedPart(said.about, held.price?.lines ?? [], held.payment.dueMinor)
    if (disputedMinor === 0 && held.trip.facts.endedAt !== null) return refuse('appeal_nothing')
    const facts = newAppeal(disputedMinor, nowMs)
    const { appealId, about, photoIds } = said
    const appeal = { appealId, tripId, riderId, about, text, createdAt: nowMs, decidedBy: null, facts }
    await insertAppeal(tx, appeal)
    await namePhotos(tx, riderId, photoIds, { kind: 'appeal', appealId })
    tell(tx, appeal)
    return null
  }

  async function make(riderId: RiderId, tripId: TripId, said: NewAppeal): Promise<AppealView | Refusal> {
    try {
      const refusal = await db.transaction((tx) => makeIn(tx, riderId, tripId, said))
      if (refusal !== null) return refusal
    } catch (error) {
      if (error instanceof PhotoMissing) return refuse('photo_missing')
      // Another trip's appeal took the id a moment before.
      if (isUniqueViolation(error, 'appeal_pkey')) return refuse('idempotency_key_reused')
      throw error
    }
    const known = await appealById(db, said.appealId)
    if (known?.tripId !== tripId || known.about !== said.about) return refuse('idempotency_key_reused')
    return view(riderId, said.appealId)
  }

  /** Holds money, trip and appeal in that order, steps the machine, saves, gives back: one transaction. */
  async function step(
    tx: Queryable,
    appealId: string,
    by: { readonly riderId: RiderId } | { readonly staffId: StaffId } | null,
    eventOf: (asksMinor: number) => AppealEvent,
  ): Promise<Refusal | null> {
    const found = await appealById(tx, appealId)
    if (found === null || (by !== null && 'riderId' in by && found.riderId !== by.riderId)) return refuse('not_found')
    const held = await money.hold(tx, found.tripId)
    const appeal = await appealHeld(tx, appealId)
    if (held === null || appeal === null) return refuse('not_found')
    // What of it is left by now: the bike may have been moved in time, or a colleague gave something back.
    const asksMinor = asksNow(appeal, held)
    const event = eventOf(asksMinor)
    const staffId = by !== null && 'staffId' in by ? by.staffId : null
    if (isRepeat(appeal, event, staffId)) return null
    const next = stepAppeal(appeal.facts, event)
    if (isRefusal(next)) return next
    if (next.state === appeal.facts) return null
    await saveAppeal(tx, { appealId, facts: next.state }, staffId)
    for (const { amountMinor } of next.effects) {
      await money.giveBack(
        tx,
        held,
        orderOf({ ...appeal, facts: next.state }, { amountMinor, isAll: amountMinor === asksMinor }, staffId),
      )
      afterCommit(tx, deps.wakeOutbox)
    }
    tell(tx, { ...appeal, facts: next.state })
    return null
  }

  async function view(riderId: RiderId, appealId: string): Promise<AppealView | Refusal> {
    const own = await appealById(db, appealId)
    const seen = own?.riderId === riderId ? await appealSeen(db, appealId) : null
    return seen === null ? refuse('not_found') : { ...riderSees(seen), cityTime: clock.nowMs() }
  }

  async function staffView(appealId: string): Promise<StaffAppeal | Refusal> {
    const seen = await appealSeen(db, appealId)
    return seen === null ? refuse('not_found') : { ...seen, cityTime: clock.nowMs() }
  }

  return {
    make,
    view,
    staffView,
    withdraw: async (riderId, appealId) => {
      const event = { kind: 'withdrawn', nowMs: clock.nowMs() } as const
      const refusal = await db.transaction((tx) => step(tx, appealId, { riderId }, () => event))
      return refusal ?? view(riderId, appealId)
    },
    list: async (riderId, query) => {
      const { appeals, next } = await riderAppeals(db, riderId, query)
      const cityTime = clock.nowMs()
      return { appeals: appeals.map((one) => ({ ...riderSees(one), cityTime })), next }
    },
    decide: async (appealId, said, staffId) => {
      const decision = said.answer === undefined ? said : { ...said, answer: storable(said.answer).trim() }
      const nowMs = clock.nowMs()
      const refusal = await db.transaction((tx) =>
        step(tx, appealId, { staffId }, (dueMinor) => ({ kind: 'decided', decision, dueMinor, nowMs })),
      )
      return refusal ?? staffView(appealId)
    },
    staffList: async (query) => {
      const nowMs = clock.nowMs()
      const [{ appeals, next }, totals] = await Promise.all([
        staffAppeals(db, query),
        countAppeals(db, epochMs(nowMs + soonMs)),
      ])
      return { at: nowMs, appeals: appeals.map((one) => ({ ...one, cityTime: nowMs })), next, totals }
    },
    tick: async () => {
      const nowMs = clock.nowMs()
      for (const appealId of await dueAppeals(db, nowMs, appealsPerTick)) {
        try {
          await db.transaction((tx) => step(tx, appealId, null, (dueMinor) => ({ kind: 'due', dueMinor, nowMs })))
        } catch (error) {
          // One must not keep the others waiting: it is looked at again at the next tick.
          deps.logger.error({ err: error, appealId }, 'an appeal could not be accepted, will be tried again')
        }
      }
    },
  }
}

function whyNot(
  { trip, payment, price }: TripHeldWithMoney,
  appeals: { readonly count: number; readonly isOpen: boolean },
  nowMs: ReturnType<Clock['nowMs']>,
): Refusal | null {
  const { state, createdAt, endedAt } = trip.facts
  if (appeals.isOpen) return refuse('appeal_open_already')
  if (appeals.count >= appealsPerTrip) return refuse('appeal_enough')
  if (nowMs >= (endedAt ?? createdAt) + appealWindowMs) return refuse('appeal_too_late')
  const total = price?.total ?? 0
  const untilMs = mayAppealUntil({ state, createdAt, endedAt, total, payment: payment.status, appeals }, nowMs)
  return untilMs === null ? refuse('appeal_nothing') : null
}

/** The answer to it was lost on the way. */
function isRepeat({ facts, decidedBy }: StoredAppeal, event: AppealEvent, staffId: StaffId | null): boolean {
  if (event.kind === 'withdrawn') return facts.state === 'withdrawn'
  if (event.kind !== 'decided' || decidedBy === null || decidedBy !== staffId) return false
  const { decision } = event
  const isSame = { accept: 'accepted', partly: 'partly', deny: 'denied' }[decision.verdict] === facts.state
  const isSameAmount = decision.verdict !== 'partly' || decision.amountMinor === facts.refundMinor
  return isSame && isSameAmount && (decision.answer ?? null) === facts.answer
}

const asksNow = ({ about }: StoredAppeal, { payment, price }: TripHeldWithMoney): number =>
  disputedPart(about, price?.lines ?? [], payment.dueMinor)

/** All of the parking fee: its lines are dropped, so that moving the bike afterwards gives nothing back twice. */
function orderOf(
  { appealId, about, facts }: StoredAppeal,
  { amountMinor, isAll }: { readonly amountMinor: number; readonly isAll: boolean },
  staffId: StaffId | null,
): GiveBackOrder {
  return {
    actId: appealId,
    amountMinor,
    waived: about === 'wrong_place' && isAll ? ['wrong_place', 'no_parking'] : [],
    by: staffId === null ? null : { staffId, reason: (facts.answer ?? about).slice(0, longestActReason) },
  }
}
/** Of a colleague's act on a trip. */
const longestActReason = 200
