/**
 * The whole provider as one pure machine: `step(state, request, nowMs, newId) → { state, answer, change }`.
 *
 * A simulation drives it without sockets:
 *
 *     let state = newSandbox({ ...defaultRules, appId: '2021…', sellerId: '2088…', pageUrl: 'http://sandbox' })
 *     const made = step(state, gateway('alipay.fund.auth.order.voucher.create', { out_order_no: … }, notifyUrl), nowMs, newId)
 *     state = made.state                         // made.answer is the inner object of Alipay's answer, unsigned
 *     step(state, { kind: 'payer', token, action: 'approve' }, nowMs, newId)   // answer.kind is 'payer'
 *     step(state, { kind: 'tick' }, nowMs, newId)   // after nextDueMs: expiry, automatic unfreeze
 *
 * `change.notifications` are what the provider would POST (unsigned `fields`), `change.moves` the money that moved.
 * Amounts are integer fen, times epoch milliseconds, ids come from `newId`. It never throws on any request.
 */
import { answerPayer, type PayerAction, type PayerResult } from './answer-payer.ts'
import { invalidArguments } from './answers.ts'
import { indexKeysOf, orderByNumber } from './find-order.ts'
import { letTimePass, nextWaitEndsMs } from './let-time-pass.ts'
import type { Method } from './method-context.ts'
import { cancelOperation } from './methods/cancel-operation.ts'
import { createVoucher } from './methods/create-voucher.ts'
import { pay } from './methods/pay.ts'
import { queryOperation } from './methods/query-operation.ts'
import { queryRefund } from './methods/query-refund.ts'
import { queryTrade } from './methods/query-trade.ts'
import { refund } from './methods/refund.ts'
import { unfreeze } from './methods/unfreeze.ts'
import type { Answer, Change, MoneyMove, NewId, Order, Rules, SandboxState, Totals } from './records.ts'
import { releaseAtExpiry } from './release-rest.ts'
import { emptyTable, getRow, putRow, rowsOf } from './table.ts'

/** Every gateway method this provider knows. */
export const methods = {
  'alipay.fund.auth.order.voucher.create': createVoucher,
  'alipay.fund.auth.operation.detail.query': queryOperation,
  'alipay.fund.auth.operation.cancel': cancelOperation,
  'alipay.fund.auth.order.unfreeze': unfreeze,
  'alipay.trade.pay': pay,
  'alipay.trade.query': queryTrade,
  'alipay.trade.refund': refund,
  'alipay.trade.fastpay.refund.query': queryRefund,
} as const satisfies Readonly<Record<string, Method>>

export type MethodName = keyof typeof methods

export type SandboxRequest =
  | {
      readonly kind: 'gateway'
      readonly method: string
      readonly biz: Readonly<Record<string, unknown>>
      readonly notifyUrl?: string
      readonly returnUrl?: string
      readonly payerIsShort?: boolean
    }
  | { readonly kind: 'payer'; readonly token: string; readonly action: PayerAction }
  | { readonly kind: 'release'; readonly outOrderNo: string }
  | { readonly kind: 'tick' }

export type SandboxAnswer =
  | { readonly kind: 'gateway'; readonly answer: Answer }
  | { readonly kind: 'payer'; readonly result: PayerResult | { readonly ok: false; readonly code: 'NO_SUCH_ORDER' } }
  | { readonly kind: 'release'; readonly released: boolean }
  | { readonly kind: 'tick' }

export interface SandboxStep {
  readonly state: SandboxState
  readonly answer: SandboxAnswer
  readonly change: Change
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Alipay's own waits: 15 minutes to approve, 30 days held, a day for an unpaid trade, a year to refund. */
export const defaultRules: Omit<Rules, 'appId' | 'sellerId' | 'pageUrl'> = {
  timeScale: 1,
  shortestWaitMs: 20_000,
  defaultApproveMs: 15 * minuteMs,
  authorisedForMs: 30 * dayMs,
  unpaidTradeMs: dayMs,
  refundableForMs: 365 * dayMs,
}

/** Orders whose waits end in one step; the rest follow in the next tick, so that one step stays short. */
const maxOrdersPerTick = 500

/** A provider that has never seen an order. */
export function newSandbox(rules: Rules): SandboxState {
  return {
    rules,
    orders: emptyTable(),
    index: emptyTable(),
    totals: { frozenFen: 0, unfrozenFen: 0, capturedFen: 0, refundedFen: 0 },
    nextDueMs: Number.POSITIVE_INFINITY,
  }
}

/** A gateway request in short. */
export function gateway(method: MethodName, biz: Readonly<Record<string, unknown>>, notifyUrl = ''): SandboxRequest {
  return { kind: 'gateway', method, biz, notifyUrl }
}

/** One request. Waits that ended by `nowMs` end first, so that no answer shows an authorisation that is over. */
export function step(state: SandboxState, request: SandboxRequest, nowMs: number, newId: NewId): SandboxStep {
  const passed = passTime(state, nowMs, newId)
  const decided = decide(passed.state, request, nowMs, newId)
  return {
    state: decided.change === undefined ? passed.state : applyChange(passed.state, decided.change),
    answer: decided.answer,
    change: decided.change === undefined ? passed.change : joinChanges([passed.change, decided.change]),
  }
}

/** The state with a saved change applied: what `step` did, and what a journal replays. */
export function applyChange(state: SandboxState, change: Change): SandboxState {
  let { orders, index, nextDueMs } = state
  for (const order of change.orders) {
    orders = putRow(orders, order.outOrderNo, order)
    for (const key of indexKeysOf(order)) {
      if (getRow(index, key) === undefined) index = putRow(index, key, order.outOrderNo)
    }
    nextDueMs = Math.min(nextDueMs, nextWaitEndsMs(order))
  }
  return { ...state, orders, index, nextDueMs, totals: change.moves.reduce(addMove, state.totals) }
}

/** True for a method that this provider serves. */
function isMethod(method: string): method is MethodName {
  return Object.hasOwn(methods, method)
}

function decide(
  state: SandboxState,
  request: SandboxRequest,
  nowMs: number,
  newId: NewId,
): { readonly answer: SandboxAnswer; readonly change?: Change | undefined } {
  switch (request.kind) {
    case 'gateway': {
      if (!isMethod(request.method))
        return { answer: { kind: 'gateway', answer: invalidArguments('isv.invalid-method', '不存在的方法名') } }
      const { answer, change } = methods[request.method]({
        state,
        biz: request.biz,
        notifyUrl: request.notifyUrl ?? '',
        returnUrl: request.returnUrl ?? '',
        payerIsShort: request.payerIsShort ?? false,
        nowMs,
        newId,
      })
      return { answer: { kind: 'gateway', answer }, change }
    }
    case 'payer': {
      const order = orderByNumber(state, 'token', request.token)
      if (order === undefined) return { answer: { kind: 'payer', result: { ok: false, code: 'NO_SUCH_ORDER' } } }
      const result = answerPayer(state, order, request.action, nowMs, newId)
      return { answer: { kind: 'payer', result }, change: result.ok ? result.change : undefined }
    }
    case 'release': {
      const order = getRow(state.orders, request.outOrderNo)
      const change = order === undefined ? undefined : releaseAtExpiry(order, nowMs, newId)
      return { answer: { kind: 'release', released: change !== undefined }, change }
    }
    case 'tick':
      return { answer: { kind: 'tick' } }
  }
}

function passTime(
  before: SandboxState,
  nowMs: number,
  newId: NewId,
): { readonly state: SandboxState; readonly change: Change } {
  if (before.nextDueMs > nowMs) return { state: before, change: noChange }
  let state = before
  const changes: Change[] = []
  for (const order of dueOrders(before, nowMs)) {
    let current: Order | undefined = order
    while (current !== undefined && nextWaitEndsMs(current) <= nowMs) {
      const change = letTimePass(state, current, nowMs, newId)
      if (change === undefined) break
      changes.push(change)
      state = applyChange(state, change)
      current = getRow(state.orders, current.outOrderNo)
    }
  }
  let nextDueMs = Number.POSITIVE_INFINITY
  for (const order of rowsOf(state.orders)) nextDueMs = Math.min(nextDueMs, nextWaitEndsMs(order))
  return { state: { ...state, nextDueMs }, change: joinChanges(changes) }
}

function dueOrders(state: SandboxState, nowMs: number): readonly Order[] {
  const due: Order[] = []
  for (const order of rowsOf(state.orders)) {
    if (nextWaitEndsMs(order) <= nowMs) due.push(order)
    if (due.length === maxOrdersPerTick) break
  }
  return due
}

const noChange: Change = { orders: [], moves: [], notifications: [] }

function joinChanges(changes: readonly Change[]): Change {
  return {
    orders: changes.flatMap((change) => change.orders),
    moves: changes.flatMap((change) => change.moves),
    notifications: changes.flatMap((change) => change.notifications),
  }
}

function addMove(totals: Totals, move: MoneyMove): Totals {
  switch (move.kind) {
    case 'freeze':
      return { ...totals, frozenFen: totals.frozenFen + move.fen }
    case 'unfreeze':
      return { ...totals, unfrozenFen: totals.unfrozenFen + move.fen }
    case 'capture':
      return { ...totals, capturedFen: totals.capturedFen + move.fen }
    case 'refund':
      return { ...totals, refundedFen: totals.refundedFen + move.fen }
  }
}
