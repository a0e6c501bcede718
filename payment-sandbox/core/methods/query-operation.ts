import { refuse, success } from '../answers.ts'
import { restFen, splitOf } from '../authorisation-machine.ts'
import { beijingTime } from '../beijing-time.ts'
import { type FieldRule, readFields } from '../fields.ts'
import { orderByAuthNoOrOutOrderNo } from '../find-order.ts'
import { type MethodContext, malformedFund, type Outcome } from '../method-context.ts'
import { yuan } from '../money.ts'
import type { Operation, Order } from '../records.ts'

const fields: Readonly<Record<string, FieldRule>> = {
  auth_no: { kind: 'number' },
  out_order_no: { kind: 'number' },
  operation_id: { kind: 'number' },
  out_request_no: { kind: 'number' },
  operation_type: { oneOf: ['FREEZE', 'UNFREEZE', 'PAY'] },
}

/** `alipay.fund.auth.operation.detail.query`: one operation and the order around it. Changes nothing. */
export function queryOperation(context: MethodContext): Outcome {
  const read = readFields(fields, context.biz)
  if (!read.ok) return malformedFund(read)
  const { text } = read
  const namesOrder = text('auth_no') !== '' || text('out_order_no') !== ''
  const namesOperation = text('operation_id') !== '' || text('out_request_no') !== ''
  if (!namesOrder || !namesOperation) return { answer: refuse('ILLEGAL_ARGUMENT') }
  const order = orderByAuthNoOrOutOrderNo(context.state, text('auth_no'), text('out_order_no'))
  if (order === undefined) return { answer: refuse('AUTH_ORDER_NOT_EXIST') }
  const operation = findOperation(order, text('operation_id'), text('out_request_no'), text('operation_type'))
  if (operation === undefined) return { answer: refuse('AUTH_OPERATION_NOT_EXIST') }
  return { answer: detailAnswer(order, operation) }
}

/** The operation that a request names; operation_id goes before out_request_no. */
export function findOperation(
  order: Order,
  operationId: string,
  outRequestNo: string,
  type: string,
): Operation | undefined {
  return order.operations.find(
    (operation) =>
      (operationId === '' ? operation.outRequestNo === outRequestNo : operation.operationId === operationId) &&
      (type === '' || operation.type === type),
  )
}

function detailAnswer(order: Order, operation: Operation): Outcome['answer'] {
  const split = splitOf(order.authorisation)
  const rest = yuan(restFen(order.authorisation))
  return success({
    auth_no: order.authNo,
    out_order_no: order.outOrderNo,
    order_status: order.authorisation.kind,
    total_freeze_amount: yuan(split.frozenFen),
    rest_amount: rest,
    total_pay_amount: yuan(split.paidFen),
    order_title: order.title,
    payer_logon_id: order.payerLogonId,
    payer_user_id: order.payerUserId,
    ...(order.extraParam === '' ? {} : { extra_param: order.extraParam }),
    operation_id: operation.operationId,
    out_request_no: operation.outRequestNo,
    amount: yuan(operation.fen),
    operation_type: operation.type,
    status: operation.status,
    remark: operation.remark,
    gmt_create: beijingTime(operation.createdMs),
    ...(operation.doneMs === undefined ? {} : { gmt_trans: beijingTime(operation.doneMs) }),
    pre_auth_type: 'FUND',
    trans_currency: 'CNY',
    total_freeze_credit_amount: '0.00',
    total_freeze_fund_amount: yuan(split.frozenFen),
    total_pay_credit_amount: '0.00',
    total_pay_fund_amount: yuan(split.paidFen),
    rest_credit_amount: '0.00',
    rest_fund_amount: rest,
    credit_amount: '0.00',
    fund_amount: yuan(operation.fen),
  })
}
