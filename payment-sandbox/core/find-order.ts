import type { Order, SandboxState, TradeRecord } from './records.ts'
import { getRow } from './table.ts'

/** What an order can be found by, besides the merchant's own out_order_no. */
export type NumberKind = 'auth' | 'req' | 'trade' | 'tradeno' | 'token'

/** The order that a number belongs to. */
export function orderByNumber(state: SandboxState, kind: NumberKind, number: string): Order | undefined {
  const outOrderNo = getRow(state.index, `${kind}:${number}`)
  return outOrderNo === undefined ? undefined : getRow(state.orders, outOrderNo)
}

/** The order as the fund methods ask for it; auth_no goes before out_order_no, and both must agree when both are given. */
export function orderByAuthNoOrOutOrderNo(state: SandboxState, authNo: string, outOrderNo: string): Order | undefined {
  const order = authNo === '' ? getRow(state.orders, outOrderNo) : orderByNumber(state, 'auth', authNo)
  return order !== undefined && outOrderNo !== '' && order.outOrderNo !== outOrderNo ? undefined : order
}

/** The trade as the trade methods ask for it; trade_no goes before out_trade_no, as documented. */
export function findTrade(
  state: SandboxState,
  tradeNo: string,
  outTradeNo: string,
): { readonly order: Order; readonly record: TradeRecord } | undefined {
  const order = tradeNo === '' ? orderByNumber(state, 'trade', outTradeNo) : orderByNumber(state, 'tradeno', tradeNo)
  const record = order?.trades.find((trade) =>
    tradeNo === '' ? trade.outTradeNo === outTradeNo : trade.tradeNo === tradeNo,
  )
  return order === undefined || record === undefined ? undefined : { order, record }
}

/** Every key under which an order must be found again. */
export function indexKeysOf(order: Order): readonly string[] {
  return [
    `auth:${order.authNo}`,
    `token:${order.token}`,
    ...order.operations.filter((op) => op.type !== 'PAY').map((op) => `req:${op.outRequestNo}`),
    ...order.trades.flatMap((trade) => [`trade:${trade.outTradeNo}`, `tradeno:${trade.tradeNo}`]),
  ]
}
