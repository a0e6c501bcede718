import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  answerPage,
  approvedFreeze,
  call,
  capture,
  control,
  detail,
  freeze,
  startWorld,
  type World,
} from './test-kit/merchant.ts'

let world: World
beforeAll(async () => {
  world = await startWorld((settings) => new AlipaySdk(settings))
})
afterAll(async () => {
  await world.close()
})

describe('a ride paid through the official SDK, every answer verified', () => {
  it('freezes, is approved, captures, releases the rest, refunds, and tells the merchant each time', async () => {
    const before = world.merchant.received.length
    const page = await freeze(world, 'RIDE-1', '20.00')
    expect(await detail(world, 'RIDE-1')).toMatchObject({
      code: '10000',
      status: 'INIT',
      order_status: 'INIT',
      amount: '20.00',
      total_freeze_amount: '0.00',
    })
    expect(await answerPage(page, 'approve')).toEqual({
      status: 200,
      body: { outOrderNo: 'RIDE-1', orderStatus: 'AUTHORIZED' },
    })
    const held = await detail(world, 'RIDE-1')
    expect(held).toMatchObject({ status: 'SUCCESS', order_status: 'AUTHORIZED', rest_amount: '20.00' })

    const paid = await capture(world, String(held.auth_no), 'TRIP-1', '3.50')
    expect(paid).toMatchObject({ code: '10000', out_trade_no: 'TRIP-1', total_amount: '3.50', receipt_amount: '3.50' })
    expect(await call(world, 'alipay.trade.query', { out_trade_no: 'TRIP-1' })).toMatchObject({
      code: '10000',
      trade_no: paid.trade_no,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '3.50',
    })
    expect(await detail(world, 'RIDE-1')).toMatchObject({
      order_status: 'FINISH',
      rest_amount: '0.00',
      total_pay_amount: '3.50',
    })

    const refund = { out_trade_no: 'TRIP-1', refund_amount: '1.00', out_request_no: 'REFUND-1', refund_reason: 'brake' }
    expect(await call(world, 'alipay.trade.refund', refund)).toMatchObject({ fund_change: 'Y', refund_fee: '1.00' })
    expect(await call(world, 'alipay.trade.refund', refund)).toMatchObject({ fund_change: 'N', refund_fee: '1.00' })
    expect(
      await call(world, 'alipay.trade.fastpay.refund.query', { out_trade_no: 'TRIP-1', out_request_no: 'REFUND-1' }),
    ).toMatchObject({ refund_amount: '1.00', refund_status: 'REFUND_SUCCESS' })

    await world.sandbox.wake()
    await world.merchant.until(before + 4)
    const told = world.merchant.received.slice(before)
    expect(told.every((one) => one.verified)).toBe(true)
    expect(told.map((one) => one.fields.notify_type).sort()).toEqual([
      'fund_auth_freeze',
      'fund_auth_unfreeze',
      'trade_status_sync',
      'trade_status_sync',
    ])
    const unfrozen = told.find((one) => one.fields.notify_type === 'fund_auth_unfreeze')
    expect(unfrozen?.fields).toMatchObject({ amount: '16.50', rest_amount: '0.00', out_order_no: 'RIDE-1' })
  })

  it('gives a whole hold back after a failed unlock', async () => {
    const authNo = await approvedFreeze(world, 'RIDE-2', '12.00')
    const request = { auth_no: authNo, out_request_no: 'RIDE-2-U', amount: '12.00', remark: 'unlock failed' }
    const first = await call(world, 'alipay.fund.auth.order.unfreeze', request)
    expect(first).toMatchObject({ code: '10000', status: 'SUCCESS', amount: '12.00' })
    expect(await call(world, 'alipay.fund.auth.order.unfreeze', request)).toEqual({
      ...first,
      traceId: expect.any(String),
    })
    expect(await detail(world, 'RIDE-2')).toMatchObject({ order_status: 'CLOSED', rest_amount: '0.00' })
    expect(await capture(world, authNo, 'TRIP-2', '1.00')).toMatchObject({
      code: '40004',
      sub_code: 'ACQ.AUTH_ORDER_HAS_CLOSED',
    })
  })

  it('closes an unanswered freeze and undoes an approved one', async () => {
    const page = await freeze(world, 'RIDE-3')
    const cancel = { out_order_no: 'RIDE-3', out_request_no: 'RIDE-3-F', remark: 'rider left' }
    expect(await call(world, 'alipay.fund.auth.operation.cancel', cancel)).toMatchObject({
      code: '10000',
      action: 'close',
    })
    expect(await answerPage(page, 'approve')).toMatchObject({ status: 409, body: { orderStatus: 'CLOSED' } })
    const authNo = await approvedFreeze(world, 'RIDE-4')
    const undo = { auth_no: authNo, out_request_no: 'RIDE-4-F', remark: 'rider left' }
    const undone = await call(world, 'alipay.fund.auth.operation.cancel', undo)
    expect(undone).toMatchObject({ code: '10000', action: 'unfreeze' })
    expect(await call(world, 'alipay.fund.auth.operation.cancel', undo)).toEqual({
      ...undone,
      traceId: expect.any(String),
    })
  })

  it('captures in parts, never more than is held', async () => {
    const authNo = await approvedFreeze(world, 'RIDE-5', '10.00')
    const part = { auth_confirm_mode: 'NOT_COMPLETE' }
    expect(await capture(world, authNo, 'TRIP-5a', '6.00', part)).toMatchObject({ code: '10000' })
    expect(await capture(world, authNo, 'TRIP-5b', '4.01', part)).toMatchObject({
      sub_code: 'ACQ.AUTH_AMOUNT_NOT_ENOUGH',
    })
    expect(await capture(world, authNo, 'TRIP-5c', '4.00', part)).toMatchObject({ code: '10000' })
    expect(await detail(world, 'RIDE-5')).toMatchObject({ order_status: 'FINISH', total_pay_amount: '10.00' })
  })

  it('answers a repeated number with the same answer, and refuses it with other parameters', async () => {
    const page = await freeze(world, 'RIDE-6', '8.00')
    expect(await freeze(world, 'RIDE-6', '8.00')).toBe(page)
    await expect(freeze(world, 'RIDE-6', '9.00')).rejects.toThrow('UNIQUE_VIOLATION')
    await answerPage(page, 'approve')
    const authNo = String((await detail(world, 'RIDE-6')).auth_no)
    const paid = await capture(world, authNo, 'TRIP-6', '2.00')
    expect(await capture(world, authNo, 'TRIP-6', '2.00')).toEqual({ ...paid, traceId: expect.any(String) })
    expect(await capture(world, authNo, 'TRIP-6', '2.01')).toMatchObject({ sub_code: 'ACQ.CONTEXT_INCONSISTENT' })
    expect(await detail(world, 'RIDE-6')).toMatchObject({ total_pay_amount: '2.00' })
  })

  it('unfreezes by itself when the control API lets the authorised period end', async () => {
    await approvedFreeze(world, 'RIDE-7', '9.00')
    await world.sandbox.wake()
    const before = world.merchant.received.length
    expect(await control(world, 'POST', '/orders/RIDE-7/release')).toEqual({ released: true })
    await world.sandbox.wake()
    await world.merchant.until(before + 1)
    expect(world.merchant.received.at(-1)?.fields).toMatchObject({
      notify_type: 'fund_auth_unfreeze',
      out_order_no: 'RIDE-7',
      amount: '9.00',
      rest_amount: '0.00',
    })
    await expect(control(world, 'POST', '/orders/RIDE-7/release')).rejects.toThrow('409')
    expect(await control(world, 'GET', '/orders/RIDE-7')).toMatchObject({ authorisation: { kind: 'CLOSED' } })
  })

  it('tells the merchant of a cancel', async () => {
    await freeze(world, 'RIDE-8')
    await world.sandbox.wake()
    const before = world.merchant.received.length
    await call(world, 'alipay.fund.auth.operation.cancel', {
      out_order_no: 'RIDE-8',
      out_request_no: 'RIDE-8-F',
      remark: 'rider left',
    })
    await world.sandbox.wake()
    await world.merchant.until(before + 1)
    const told = world.merchant.received.at(-1)
    expect(told?.verified).toBe(true)
    expect(told?.fields).toMatchObject({
      notify_type: 'fund_auth_operation_cancel',
      action: 'close',
      out_order_no: 'RIDE-8',
    })
  })

  it('keeps a journal whose sum is what the totals say', async () => {
    const totals = await control(world, 'GET', '/totals')
    const journal = (await control(world, 'GET', '/journal?limit=500')) as { moves: { kind: string; fen: number }[] }
    const sum = (kind: string) =>
      journal.moves.filter((move) => move.kind === kind).reduce((all, move) => all + move.fen, 0)
    expect(totals).toMatchObject({
      frozenFen: sum('freeze'),
      unfrozenFen: sum('unfreeze'),
      capturedFen: sum('capture'),
      refundedFen: sum('refund'),
      heldFen: sum('freeze') - sum('unfreeze') - sum('capture'),
    })
    expect(sum('capture')).toBe(350 + 1000 + 200)
  })
})
