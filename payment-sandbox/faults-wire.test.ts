import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  answerPage,
  approvedFreeze,
  call,
  capture,
  control,
  fault,
  freeze,
  startWorld,
  type World,
} from './test-kit/merchant.ts'

let world: World
let count = 0
let orderNo = ''
beforeAll(async () => {
  world = await startWorld((settings) => new AlipaySdk({ ...settings, timeout: 1_000 }))
})
afterAll(async () => {
  await world.close()
})
beforeEach(async () => {
  await control(world, 'DELETE', '/faults')
  await world.sandbox.wake()
  count += 1
  orderNo = `FAULT-${count}`
})

const pay = 'alipay.trade.pay'
const paidFen = async () => (await control(world, 'GET', '/totals')).capturedFen

/** The same capture again: what a careful merchant does after any unknown answer. */
async function captureAgain(authNo: string) {
  return capture(world, authNo, `${orderNo}-T`, '5.00')
}

describe('an answer that goes wrong', () => {
  it.each([
    ['the socket is closed before the change', { kind: 'drop-answer', when: 'before' }, 0],
    ['the socket is closed after the change', { kind: 'drop-answer', when: 'after' }, 500],
    ['a 500 comes before the change', { kind: 'http-500', when: 'before' }, 0],
    ['a 500 comes after the change', { kind: 'http-500', when: 'after' }, 500],
    ['the answer comes after the time-out', { kind: 'delay-answer', delayMs: 1_500 }, 500],
    ["the answer's signature is wrong", { kind: 'corrupt-answer-signature' }, 500],
  ])('%s: the caller sees an error, and the same request again is paid once', async (_what, kind, expectedFen) => {
    const authNo = await approvedFreeze(world, orderNo)
    const before = Number(await paidFen())
    // The official SDK's HTTP client sends a request again by itself when its socket is closed: hence twice.
    await fault(world, kind, pay, kind.kind === 'drop-answer' ? 2 : 1)
    await expect(captureAgain(authNo)).rejects.toThrow()
    expect(Number(await paidFen()) - before).toBe(expectedFen)
    expect(await captureAgain(authNo)).toMatchObject({ code: '10000', total_amount: '5.00' })
    expect(Number(await paidFen()) - before).toBe(500)
  })

  it('is hidden by the official SDK when a socket closes once: it sends again, and is paid once', async () => {
    const authNo = await approvedFreeze(world, orderNo)
    const before = Number(await paidFen())
    await fault(world, { kind: 'drop-answer', when: 'after' }, pay)
    expect(await captureAgain(authNo)).toMatchObject({ code: '10000' })
    expect(Number(await paidFen()) - before).toBe(500)
  })

  it.each([
    ['before', 0],
    ['after', 500],
  ])('20000 %s the change: the caller must query', async (when, expectedFen) => {
    const authNo = await approvedFreeze(world, orderNo)
    const before = Number(await paidFen())
    await fault(world, { kind: 'system-error', when }, pay)
    expect(await captureAgain(authNo)).toMatchObject({ code: '20000', sub_code: 'isp.unknow-error' })
    expect(Number(await paidFen()) - before).toBe(expectedFen)
    expect(await call(world, 'alipay.trade.query', { out_trade_no: `${orderNo}-T` })).toMatchObject(
      when === 'after' ? { trade_status: 'TRADE_SUCCESS' } : { sub_code: 'ACQ.TRADE_NOT_EXIST' },
    )
  })

  it('an empty account at capture is a clear no, and the trade waits', async () => {
    const authNo = await approvedFreeze(world, orderNo)
    await fault(world, { kind: 'insufficient-funds' }, pay)
    expect(await captureAgain(authNo)).toMatchObject({ code: '40004', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' })
    expect(await call(world, 'alipay.trade.query', { out_trade_no: `${orderNo}-T` })).toMatchObject({
      trade_status: 'WAIT_BUYER_PAY',
    })
    expect(await captureAgain(authNo)).toMatchObject({ code: '10000' })
  })
})

describe('a notification that goes wrong', () => {
  /** Approves a freeze and lets the provider notify; the fund_auth_freeze notifications of this order. */
  async function notifiedFreezes(arrivals: number) {
    const before = world.merchant.received.length
    const page = await freeze(world, orderNo)
    await answerPage(page, 'approve')
    await world.sandbox.wake()
    await world.merchant.until(before + arrivals)
    return world.merchant.received.filter((one) => one.fields.out_order_no === orderNo)
  }

  it('arrives twice with one notify_id', async () => {
    await fault(world, { kind: 'duplicate-notification' }, 'fund_auth_freeze')
    const told = await notifiedFreezes(2)
    expect(told.map((one) => one.verified)).toEqual([true, true])
    expect(new Set(told.map((one) => one.fields.notify_id)).size).toBe(1)
  })

  it('is dropped, and comes with the retry four minutes later', async () => {
    await fault(world, { kind: 'drop-notification' }, 'fund_auth_freeze')
    expect(await notifiedFreezes(0)).toEqual([])
    await world.passMs(4 * 60_000)
    expect(world.merchant.received.at(-1)?.fields).toMatchObject({ out_order_no: orderNo, status: 'SUCCESS' })
  })

  it('carries a signature that the merchant must refuse', async () => {
    await fault(world, { kind: 'corrupt-notification-signature' }, 'fund_auth_freeze')
    expect((await notifiedFreezes(1)).map((one) => one.verified)).toEqual([false])
  })

  it('carries an old time under a good signature', async () => {
    await fault(world, { kind: 'old-notification-timestamp' }, 'fund_auth_freeze')
    const [old] = await notifiedFreezes(1)
    expect(old?.verified).toBe(true)
    const { notify_time: sent = '', gmt_trans: happened = '' } = old?.fields ?? {}
    expect(sent < happened).toBe(true)
  })

  it('is overtaken by a later one', async () => {
    await fault(world, { kind: 'reorder-notification' }, 'trade_status_sync')
    const authNo = await approvedFreeze(world, orderNo)
    await world.sandbox.wake()
    const before = world.merchant.received.length
    await captureAgain(authNo)
    await world.sandbox.wake()
    await world.merchant.until(before + 2)
    expect(world.merchant.received.slice(before).map((one) => one.fields.notify_type)).toEqual([
      'fund_auth_unfreeze',
      'trade_status_sync',
    ])
  })

  it('is repeated on the schedule until the merchant says exactly success', async () => {
    world.merchant.answer = 'SUCCESS'
    const told = await notifiedFreezes(1)
    world.merchant.answer = 'success\n'
    await world.passMs(4 * 60_000)
    world.merchant.answer = 'success'
    await world.passMs(10 * 60_000)
    expect(await control(world, 'GET', '/notifications')).toEqual([])
    const all = world.merchant.received.filter((one) => one.fields.out_order_no === orderNo)
    expect([told.length, all.length]).toEqual([1, 3])
    expect(new Set(all.map((one) => one.fields.notify_id)).size).toBe(1)
  })
})
