import { refuse, success } from '../answers.ts'
import { stepAuthorisation } from '../authorisation-machine.ts'
import { beijingTime } from '../beijing-time.ts'
import { type FieldRule, fingerprintOf, readFields } from '../fields.ts'
import { orderByNumber } from '../find-order.ts'
import {
  type MethodContext,
  malformedFund,
  maxOperationsPerOrder,
  moneyMoves,
  type Outcome,
} from '../method-context.ts'
import { yuan } from '../money.ts'
import { fundAuthNotification } from '../notifications.ts'
import type { Operation, Order } from '../records.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  auth_no: { required: true, kind: 'number' },
  out_request_no: { required: true, kind: 'number' },
  amount: { required: true, kind: 'price' },
  remark: { required: true, maxLength: 100 },
  extra_param: { kind: 'json-text', maxLength: 1024 },
}

/** `alipay.fund.auth.order.unfreeze`: gives all or a part of the held rest back to the payer. */
export function unfreeze(context: MethodContext): Outcome {
  const { state, nowMs, newId } = context
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedFund(read)
  const { text, fen } = read
  const fingerprint = fingerprintOf(context.biz)
  const order = orderByNumber(state, 'auth', text('auth_no'))
  if (order === undefined) return { answer: refuse('AUTH_ORDER_NOT_EXIST') }
  const owner = orderByNumber(state, 'req', text('out_request_no'))
  if (owner !== undefined) {
    const earlier = owner.operations.find((operation) => operation.outRequestNo === text('out_request_no'))
    const isRepeat = owner.authNo === order.authNo && earlier?.fingerprint === fingerprint
    return { answer: isRepeat ? unfreezeAnswer(order, earlier) : refuse('UNIQUE_VIOLATION') }
  }
  if (order.operations.length >= maxOperationsPerOrder) return { answer: refuse('ILLEGAL_STATUS') }
  const result = stepAuthorisation(order.authorisation, { kind: 'unfreeze', fen: fen('amount') })
  if (!result.ok) return { answer: refuse(result.code) }
  const operation: Operation = {
    operationId: newId('operation'),
    outRequestNo: text('out_request_no'),
    type: 'UNFREEZE',
    fen: fen('amount'),
    status: 'SUCCESS',
    remark: text('remark'),
    createdMs: nowMs,
    doneMs: nowMs,
    fingerprint,
  }
  const next: Order = { ...order, authorisation: result.next, operations: [...order.operations, operation] }
  // The request's own notify_url wins; without one the order's is used.
  const notified = context.notifyUrl === '' ? next : { ...next, notifyUrl: context.notifyUrl }
  return {
    answer: unfreezeAnswer(next, operation),
    change: {
      orders: [next],
      moves: moneyMoves(result.moved, next, { refNo: operation.outRequestNo }, nowMs, newId),
      notifications: fundAuthNotification('fund_auth_unfreeze', notified, operation, nowMs, newId),
    },
  }
}

function unfreezeAnswer(order: Order, operation: Operation): Outcome['answer'] {
  return success({
    auth_no: order.authNo,
    out_order_no: order.outOrderNo,
    operation_id: operation.operationId,
    out_request_no: operation.outRequestNo,
    amount: yuan(operation.fen),
    status: operation.status,
    gmt_trans: beijingTime(operation.doneMs ?? operation.createdMs),
    credit_amount: '0.00',
    fund_amount: yuan(operation.fen),
  })
}
