import { stepAuthorisation } from './authorisation-machine.ts'
import { moneyMoves } from './method-context.ts'
import { fundAuthNotification } from './notifications.ts'
import type { Change, NewId, Operation, Order } from './records.ts'

/** An UNFREEZE that the provider makes by itself; its request number is its own operation id, so it meets no merchant's. */
export function providerUnfreeze(fen: number, remark: string, nowMs: number, newId: NewId): Operation {
  const operationId = newId('operation')
  return {
    operationId,
    outRequestNo: operationId,
    type: 'UNFREEZE',
    fen,
    status: 'SUCCESS',
    remark,
    createdMs: nowMs,
    doneMs: nowMs,
    fingerprint: '',
  }
}

/** The automatic unfreeze at the end of the authorised period. Undefined when the order holds nothing. */
export function releaseAtExpiry(order: Order, nowMs: number, newId: NewId): Change | undefined {
  const result = stepAuthorisation(order.authorisation, { kind: 'release' })
  if (!result.ok) return undefined
  const fen = result.moved.reduce((sum, move) => sum + move.fen, 0)
  const operation = providerUnfreeze(fen, '授权到期自动解冻', nowMs, newId)
  const next: Order = { ...order, authorisation: result.next, operations: [...order.operations, operation] }
  return {
    orders: [next],
    moves: moneyMoves(result.moved, next, { refNo: operation.outRequestNo }, nowMs, newId),
    notifications: fundAuthNotification('fund_auth_unfreeze', next, operation, nowMs, newId),
  }
}
