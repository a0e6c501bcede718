import { restFen, splitOf } from './authorisation-machine.ts'
import { beijingTime } from './beijing-time.ts'
import { yuan } from './money.ts'
import type { NewId, Notification, NotifyType, Operation, Order, TradeRecord } from './records.ts'
import { refundedFen } from './trade-machine.ts'

/** `fund_auth_freeze` or `fund_auth_unfreeze`: an operation on a freeze succeeded. None when the merchant gave no URL. */
export function fundAuthNotification(
  notifyType: 'fund_auth_freeze' | 'fund_auth_unfreeze',
  order: Order,
  operation: Operation,
  nowMs: number,
  newId: NewId,
): readonly Notification[] {
  const split = splitOf(order.authorisation)
  return notification(notifyType, order, order.notifyUrl, nowMs, newId, {
    ...orderFields(order),
    operation_id: operation.operationId,
    out_request_no: operation.outRequestNo,
    operation_type: operation.type,
    amount: yuan(operation.fen),
    fund_amount: yuan(operation.fen),
    credit_amount: '0.00',
    status: operation.status,
    gmt_create: beijingTime(operation.createdMs),
    gmt_trans: beijingTime(operation.doneMs ?? nowMs),
    total_freeze_amount: yuan(split.frozenFen),
    total_unfreeze_amount: yuan(split.unfrozenFen),
    total_pay_amount: yuan(split.paidFen),
    rest_amount: yuan(restFen(order.authorisation)),
    total_freeze_fund_amount: yuan(split.frozenFen),
    total_unfreeze_fund_amount: yuan(split.unfrozenFen),
    total_pay_fund_amount: yuan(split.paidFen),
    rest_fund_amount: yuan(restFen(order.authorisation)),
    total_freeze_credit_amount: '0.00',
    total_unfreeze_credit_amount: '0.00',
    total_pay_credit_amount: '0.00',
    rest_credit_amount: '0.00',
    pre_auth_type: 'FUND',
  })
}

/** `fund_auth_operation_cancel`: the freeze was closed or undone at the merchant's wish. */
export function cancelNotification(
  order: Order,
  freeze: Operation,
  action: 'close' | 'unfreeze',
  nowMs: number,
  newId: NewId,
): readonly Notification[] {
  return notification('fund_auth_operation_cancel', order, order.notifyUrl, nowMs, newId, {
    ...orderFields(order),
    operation_id: freeze.operationId,
    out_request_no: freeze.outRequestNo,
    operation_type: freeze.type,
    amount: yuan(freeze.fen),
    status: freeze.status,
    action,
    gmt_create: beijingTime(freeze.createdMs),
    gmt_trans: beijingTime(nowMs),
  })
}

/** `trade_status_sync`: a capture succeeded, was refunded, or closed. `refundNo` names the refund it tells of. */
export function tradeNotification(
  order: Order,
  record: TradeRecord,
  refundNo: string,
  nowMs: number,
  newId: NewId,
): readonly Notification[] {
  const total = yuan(record.trade.totalFen)
  const refunded = refundedFen(record.trade)
  return notification('trade_status_sync', order, record.notifyUrl, nowMs, newId, {
    auth_app_id: order.appId,
    trade_no: record.tradeNo,
    out_trade_no: record.outTradeNo,
    trade_status: record.trade.kind,
    subject: record.subject,
    total_amount: total,
    receipt_amount: total,
    invoice_amount: total,
    buyer_pay_amount: total,
    point_amount: '0.00',
    fund_bill_list: JSON.stringify([{ amount: total, fundChannel: 'ALIPAYACCOUNT' }]),
    buyer_id: order.payerUserId,
    buyer_logon_id: order.payerLogonId,
    seller_id: order.payeeUserId,
    gmt_create: beijingTime(record.createdMs),
    ...(record.paidMs === undefined ? {} : { gmt_payment: beijingTime(record.paidMs) }),
    ...(refundNo === ''
      ? {}
      : { out_biz_no: refundNo, refund_fee: yuan(refunded), gmt_refund: `${beijingTime(nowMs)}.000` }),
    ...(record.trade.kind === 'TRADE_CLOSED' || record.trade.kind === 'TRADE_FINISHED'
      ? { gmt_close: beijingTime(nowMs) }
      : {}),
  })
}

function orderFields(order: Order): Readonly<Record<string, string>> {
  return {
    auth_no: order.authNo,
    out_order_no: order.outOrderNo,
    payer_user_id: order.payerUserId,
    payer_logon_id: order.payerLogonId,
    payee_user_id: order.payeeUserId,
  }
}

function notification(
  notifyType: NotifyType,
  order: Order,
  url: string,
  nowMs: number,
  newId: NewId,
  fields: Readonly<Record<string, string>>,
): readonly Notification[] {
  if (url === '') return []
  const notifyId = newId('notify')
  return [
    {
      notifyId,
      notifyType,
      url,
      createdMs: nowMs,
      fields: {
        notify_id: notifyId,
        notify_type: notifyType,
        app_id: order.appId,
        charset: 'utf-8',
        version: '1.0',
        ...fields,
      },
    },
  ]
}
