import { withFreezeStatus } from '../answer-payer.ts'
import { refuse, success } from '../answers.ts'
import { stepAuthorisation } from '../authorisation-machine.ts'
import { type FieldRule, readFields } from '../fields.ts'
import { orderByAuthNoOrOutOrderNo } from '../find-order.ts'
import { type MethodContext, malformedFund, moneyMoves, type Outcome } from '../method-context.ts'
import { cancelNotification } from '../notifications.ts'
import type { Operation, Order } from '../records.ts'
import { providerUnfreeze } from '../release-rest.ts'
import { findOperation } from './query-operation.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  auth_no: { kind: 'number' },
  out_order_no: { kind: 'number' },
  operation_id: { kind: 'number' },
  out_request_no: { kind: 'number' },
  remark: { required: true, maxLength: 100 },
}

/**
 * `alipay.fund.auth.operation.cancel`: closes a freeze that the payer has not answered (`action: close`), or undoes an
 * approved one that was not used yet (`action: unfreeze`). Repeating it gives the same answer.
 */
export function cancelOperation(context: MethodContext): Outcome {
  const { state, nowMs, newId } = context
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedFund(read)
  const { text } = read
  const namesOrder = text('auth_no') !== '' || text('out_order_no') !== ''
  const namesOperation = text('operation_id') !== '' || text('out_request_no') !== ''
  if (!namesOrder || !namesOperation) return { answer: refuse('ILLEGAL_ARGUMENT') }
  const order = orderByAuthNoOrOutOrderNo(state, text('auth_no'), text('out_order_no'))
  if (order === undefined) return { answer: refuse('AUTH_ORDER_NOT_EXIST') }
  const freeze = findOperation(order, text('operation_id'), text('out_request_no'), '')
  if (freeze === undefined) return { answer: refuse('AUTH_OPERATION_NOT_EXIST') }
  if (freeze.type !== 'FREEZE') return { answer: refuse('ILLEGAL_STATUS') }
  if (order.cancelled !== undefined) return { answer: cancelAnswer(order, freeze, order.cancelled.action) }

  const result = stepAuthorisation(order.authorisation, { kind: 'cancel' })
  if (!result.ok) return { answer: refuse(result.code) }
  const action = result.moved.length === 0 ? 'close' : 'unfreeze'
  const undone = action === 'unfreeze' ? [providerUnfreeze(freeze.fen, text('remark'), nowMs, newId)] : []
  const ended: Order = { ...order, authorisation: result.next, cancelled: { action } }
  const closed = action === 'close' ? withFreezeStatus(ended, 'CLOSED', nowMs) : ended
  const next: Order = { ...closed, operations: [...closed.operations, ...undone] }
  const shown = next.operations.find((operation) => operation.type === 'FREEZE') ?? freeze
  return {
    answer: cancelAnswer(next, freeze, action),
    change: {
      orders: [next],
      moves: moneyMoves(result.moved, next, { refNo: undone[0]?.outRequestNo ?? freeze.outRequestNo }, nowMs, newId),
      notifications: cancelNotification(next, shown, action, nowMs, newId),
    },
  }
}

function cancelAnswer(order: Order, freeze: Operation, action: 'close' | 'unfreeze'): Outcome['answer'] {
  return success({
    auth_no: order.authNo,
    out_order_no: order.outOrderNo,
    operation_id: freeze.operationId,
    out_request_no: freeze.outRequestNo,
    action,
  })
}
