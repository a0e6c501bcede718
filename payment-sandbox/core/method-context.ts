import { refuse } from './answers.ts'
import type { Moved } from './authorisation-machine.ts'
import type { FieldsResult } from './fields.ts'
import type { Answer, Change, MoneyMove, NewId, Order, SandboxState } from './records.ts'

/** What a gateway method may look at. `biz` is the parsed `biz_content`. */
export interface MethodContext {
  readonly state: SandboxState
  readonly biz: Readonly<Record<string, unknown>>
  readonly notifyUrl: string
  readonly returnUrl: string
  /** A fault of the control API: the payer's account turns out to be empty at capture. */
  readonly payerIsShort: boolean
  readonly nowMs: number
  readonly newId: NewId
}

export interface Outcome {
  readonly answer: Answer
  readonly change?: Change
}

export type Method = (context: MethodContext) => Outcome

/** More steps than this on one order are refused: an order must not grow without bound. */
export const maxOperationsPerOrder = 200

/** A fund method's answer to a malformed request, naming the field. */
export function malformedFund(result: Extract<FieldsResult, { ok: false }>): Outcome {
  return { answer: { ...refuse('ILLEGAL_ARGUMENT'), sub_msg: `参数异常或参数缺失: ${result.field} ${result.problem}` } }
}

/** A trade method's answer to a malformed request, naming the field. */
export function malformedTrade(result: Extract<FieldsResult, { ok: false }>): Outcome {
  return { answer: { ...refuse('ACQ.INVALID_PARAMETER'), sub_msg: `参数无效: ${result.field} ${result.problem}` } }
}

/** A wait under the time scale: a tenth at scale 10, but never too short for a person or a poller to act. */
export function scaledWaitMs(state: SandboxState, waitMs: number): number {
  const { timeScale, shortestWaitMs } = state.rules
  return Math.max(Math.round(waitMs / timeScale), Math.min(waitMs, shortestWaitMs))
}

/** The journal rows of money that a machine moved. */
export function moneyMoves(
  moved: readonly Moved[],
  order: Order,
  refs: { readonly refNo: string; readonly outTradeNo?: string },
  nowMs: number,
  newId: NewId,
): readonly MoneyMove[] {
  return moved.map((move) => ({
    moveId: newId('move'),
    kind: move.kind,
    fen: move.fen,
    currency: 'CNY' as const,
    atMs: nowMs,
    outOrderNo: order.outOrderNo,
    authNo: order.authNo,
    ...refs,
  }))
}
