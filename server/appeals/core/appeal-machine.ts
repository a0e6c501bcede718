import { answerAppealsWithinMs } from '../../../contracts/appeal-limits.ts'
import type { AppealDecision, AppealState } from '../../../contracts/http/appeals.ts'
import { type Refusal, refuse } from '../../../contracts/refusals.ts'
import type { Step } from '../../../contracts/step.ts'
import { type EpochMs, epochMs } from '../../../contracts/units.ts'

/** The facts of an appeal that decisions hang on. Amounts are minor units of the ride's currency. */
export interface AppealFacts {
  readonly state: AppealState
  readonly disputedMinor: number
  readonly refundMinor: number
  readonly decideBy: EpochMs
  readonly decidedAt: EpochMs | null
  readonly answer: string | null
  /** Nobody decided in time. */
  readonly bySystem: boolean
}

/** `dueMinor` is what of the disputed part is owed or paid at that moment: more than that never goes back. */
export type AppealEvent =
  | { readonly kind: 'decided'; readonly decision: AppealDecision; readonly dueMinor: number; readonly nowMs: EpochMs }
  | { readonly kind: 'due'; readonly dueMinor: number; readonly nowMs: EpochMs }
  | { readonly kind: 'withdrawn'; readonly nowMs: EpochMs }

export type AppealEffect = { readonly kind: 'give_back'; readonly amountMinor: number }
type AppealStep = Step<AppealFacts, AppealEffect>

export const newAppeal = (disputedMinor: number, nowMs: EpochMs): AppealFacts => ({
  state: 'open',
  disputedMinor,
  refundMinor: 0,
  decideBy: epochMs(nowMs + answerAppealsWithinMs),
  decidedAt: null,
  answer: null,
  bySystem: false,
})

/** One step of an appeal. What is decided stays: only an open one moves, and only once. */
export function stepAppeal(appeal: AppealFacts, event: AppealEvent): AppealStep | Refusal {
  if (appeal.state !== 'open') return refuse('appeal_decided')
  switch (event.kind) {
    case 'decided':
      // From the deadline on it is accepted; that it was not written down yet changes nothing.
      return event.nowMs >= appeal.decideBy ? refuse('appeal_decided') : decided(appeal, event)
    case 'due':
      if (event.nowMs < appeal.decideBy) return { state: appeal, effects: [] }
      return over(
        { ...appeal, bySystem: true },
        'accepted',
        Math.min(appeal.disputedMinor, event.dueMinor),
        event.nowMs,
      )
    case 'withdrawn':
      return over(appeal, 'withdrawn', 0, event.nowMs)
  }
}

function decided(appeal: AppealFacts, event: Extract<AppealEvent, { kind: 'decided' }>): AppealStep | Refusal {
  const { decision, nowMs } = event
  const mostMinor = Math.min(appeal.disputedMinor, event.dueMinor)
  switch (decision.verdict) {
    case 'accept':
      return over({ ...appeal, answer: decision.answer ?? null }, 'accepted', mostMinor, nowMs)
    case 'partly':
      if (decision.amountMinor < 1 || decision.amountMinor > mostMinor) return refuse('appeal_amount_wrong')
      return over({ ...appeal, answer: decision.answer }, 'partly', decision.amountMinor, nowMs)
    case 'deny':
      return over({ ...appeal, answer: decision.answer }, 'denied', 0, nowMs)
  }
}

const over = (
  appeal: AppealFacts,
  state: Exclude<AppealState, 'open'>,
  refundMinor: number,
  nowMs: EpochMs,
): AppealStep => ({
  state: { ...appeal, state, refundMinor, decidedAt: nowMs },
  effects: refundMinor > 0 ? [{ kind: 'give_back', amountMinor: refundMinor }] : [],
})
