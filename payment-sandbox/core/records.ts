import type { Authorisation, Moved } from './authorisation-machine.ts'
import type { Table } from './table.ts'
import type { Trade } from './trade-machine.ts'

/** One step in an order's money, as `operation.detail.query` shows it. */
export interface Operation {
  readonly operationId: string
  readonly outRequestNo: string
  readonly type: 'FREEZE' | 'UNFREEZE' | 'PAY'
  readonly fen: number
  readonly status: 'INIT' | 'SUCCESS' | 'CLOSED'
  readonly remark: string
  readonly createdMs: number
  readonly doneMs?: number
  /** The request that made it, for "same number, same parameters → same answer". */
  readonly fingerprint: string
}

export interface RefundRecord {
  readonly outRequestNo: string
  readonly fen: number
  readonly reason: string
  readonly atMs: number
  readonly fingerprint: string
}

export interface TradeRecord {
  readonly outTradeNo: string
  readonly tradeNo: string
  readonly subject: string
  readonly createdMs: number
  readonly paidMs?: number
  readonly notifyUrl: string
  readonly fingerprint: string
  readonly trade: Trade
  readonly refunds: readonly RefundRecord[]
}

/** One freeze with everything that ever happened to it. */
export interface Order {
  readonly appId: string
  readonly outOrderNo: string
  readonly authNo: string
  readonly token: string
  readonly title: string
  readonly productCode: string
  readonly extraParam: string
  readonly payerUserId: string
  readonly payerLogonId: string
  readonly payeeUserId: string
  readonly notifyUrl: string
  readonly returnUrl: string
  readonly createdMs: number
  readonly authorisation: Authorisation
  readonly cancelled?: { readonly action: 'close' | 'unfreeze' }
  readonly operations: readonly Operation[]
  readonly trades: readonly TradeRecord[]
}

/** Money that moved. `refNo` is the merchant's number for it: out_request_no, or out_trade_no for a capture. */
export interface MoneyMove extends Moved {
  readonly moveId: string
  readonly atMs: number
  readonly currency: 'CNY'
  readonly outOrderNo: string
  readonly authNo: string
  readonly refNo: string
  readonly outTradeNo?: string
}

export type NotifyType = 'fund_auth_freeze' | 'fund_auth_unfreeze' | 'fund_auth_operation_cancel' | 'trade_status_sync'

/** A notification to be signed and sent: its fields lack only `notify_time`, `sign_type` and `sign`. */
export interface Notification {
  readonly notifyId: string
  readonly notifyType: NotifyType
  readonly url: string
  readonly createdMs: number
  readonly fields: Readonly<Record<string, string>>
}

/** What a step changed: a shell saves this before it answers, and `applyChange` replays it. */
export interface Change {
  readonly orders: readonly Order[]
  readonly moves: readonly MoneyMove[]
  readonly notifications: readonly Notification[]
}

/** Alipay's answer, the inner object of `…_response`, before it is signed. `code` 10000 is success. */
export interface Answer {
  readonly code: string
  readonly msg: string
  readonly [field: string]: unknown
}

export interface Totals {
  readonly frozenFen: number
  readonly unfrozenFen: number
  readonly capturedFen: number
  readonly refundedFen: number
}

/** Waits are provider time; with `timeScale` 10 each passes in a tenth of it, but never below `shortestWaitMs`. */
export interface Rules {
  readonly appId: string
  readonly sellerId: string
  readonly pageUrl: string
  readonly timeScale: number
  readonly shortestWaitMs: number
  readonly defaultApproveMs: number
  readonly authorisedForMs: number
  readonly unpaidTradeMs: number
  readonly refundableForMs: number
}

export interface SandboxState {
  readonly rules: Rules
  readonly orders: Table<Order>
  /** Every other number that finds an order: `auth:`, `req:`, `trade:`, `tradeno:`, `token:` → out_order_no. */
  readonly index: Table<string>
  readonly totals: Totals
  /** No wait ends before this moment (a lower bound, exact after a tick). */
  readonly nextDueMs: number
}

export type IdKind = 'auth' | 'operation' | 'trade' | 'notify' | 'token' | 'payer' | 'move'

/** Makes ids; `token` must be unguessable. The core never makes one itself. */
export type NewId = (kind: IdKind) => string
