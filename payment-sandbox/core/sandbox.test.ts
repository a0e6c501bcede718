import { describe, expect, it } from 'vitest'
import type { NewId, Rules, SandboxState } from './records.ts'
import { defaultRules, gateway, newSandbox, type SandboxRequest, step } from './sandbox.ts'
import { rowsOf } from './table.ts'

const rules: Rules = {
  ...defaultRules,
  appId: '2021000000000001',
  sellerId: '2088000000000001',
  pageUrl: 'http://sandbox',
}
const startMs = 1_700_000_000_000
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A sandbox with a hand on its clock. */
function sandboxAt(changed: Partial<Rules> = {}) {
  let state: SandboxState = newSandbox({ ...rules, ...changed })
  let count = 0
  const newId: NewId = (kind) => {
    count += 1
    return `${kind}${count}`
  }
  return {
    send: (request: SandboxRequest, afterMs = 0) => {
      const result = step(state, request, startMs + afterMs, newId)
      state = result.state
      return result
    },
    order: () => [...rowsOf(state.orders)][0],
    state: () => state,
  }
}

const create = (more: Record<string, unknown> = {}) =>
  gateway(
    'alipay.fund.auth.order.voucher.create',
    {
      out_order_no: 'O1',
      out_request_no: 'O1-F',
      order_title: 'ride',
      amount: '20.00',
      product_code: 'PREAUTH_PAY',
      ...more,
    },
    'http://merchant/notify',
  )

const approve = (token: string): SandboxRequest => ({ kind: 'payer', token, action: 'approve' })

const payIt = (authNo: string, payerIsShort = false): SandboxRequest => ({
  kind: 'gateway',
  method: 'alipay.trade.pay',
  payerIsShort,
  biz: {
    out_trade_no: 'T1',
    auth_no: authNo,
    product_code: 'PREAUTH_PAY',
    subject: 'ride',
    total_amount: '5.00',
    auth_confirm_mode: 'COMPLETE',
  },
})

const subCode = (result: ReturnType<typeof step>) =>
  result.answer.kind === 'gateway' ? (result.answer.answer.sub_code ?? result.answer.answer.code) : ''

describe('the waits of a freeze', () => {
  it('expires an order that the payer has not answered within fifteen minutes', () => {
    const world = sandboxAt()
    world.send(create())
    world.send({ kind: 'tick' }, 15 * minuteMs - 1)
    expect(world.order()?.authorisation.kind).toBe('INIT')
    world.send({ kind: 'tick' }, 15 * minuteMs)
    expect(world.order()?.authorisation).toMatchObject({ kind: 'CLOSED', reason: 'expired' })
    expect(world.state().nextDueMs).toBe(Number.POSITIVE_INFINITY)
  })

  it('expires it before it answers a late approval, without any tick in between', () => {
    const world = sandboxAt()
    world.send(create({ timeout_express: '2m' }))
    const late = world.send(approve(world.order()?.token ?? ''), 2 * minuteMs)
    expect(late.answer).toMatchObject({ kind: 'payer', result: { ok: false, code: 'ORDER_IS_SETTLED' } })
    expect(late.change.moves).toEqual([])
  })

  it('shortens its waits under a fast clock, but not below twenty seconds', () => {
    const fast = sandboxAt({ timeScale: 10 })
    fast.send(create())
    expect(fast.order()?.authorisation).toMatchObject({ approveByMs: startMs + 90_000 })
    const faster = sandboxAt({ timeScale: 1000 })
    faster.send(create())
    expect(faster.order()?.authorisation).toMatchObject({ approveByMs: startMs + 20_000 })
  })

  it('gives what is still held back after thirty days, and says so', () => {
    const world = sandboxAt()
    world.send(create())
    world.send(approve(world.order()?.token ?? ''))
    const result = world.send({ kind: 'tick' }, 30 * dayMs)
    expect(result.change.moves).toMatchObject([{ kind: 'unfreeze', fen: 2000 }])
    expect(result.change.notifications).toMatchObject([
      { notifyType: 'fund_auth_unfreeze', fields: { amount: '20.00' } },
    ])
  })
})

describe('a capture from an empty account', () => {
  it('waits, moves nothing, and succeeds when the same request comes again', () => {
    const world = sandboxAt()
    world.send(create())
    world.send(approve(world.order()?.token ?? ''))
    const authNo = world.order()?.authNo ?? ''
    const short = world.send(payIt(authNo, true))
    expect(subCode(short)).toBe('ACQ.BUYER_BALANCE_NOT_ENOUGH')
    expect(short.change.moves).toEqual([])
    expect(world.order()?.trades[0]?.trade.kind).toBe('WAIT_BUYER_PAY')
    expect(subCode(world.send(payIt(authNo)))).toBe('10000')
    expect(world.order()?.trades).toHaveLength(1)
    expect(world.order()?.authorisation).toMatchObject({ kind: 'FINISH', paidFen: 500, unfrozenFen: 1500 })
  })

  it('closes after a day when nobody asks again', () => {
    const world = sandboxAt()
    world.send(create())
    world.send(approve(world.order()?.token ?? ''))
    const authNo = world.order()?.authNo ?? ''
    world.send(payIt(authNo, true))
    const closed = world.send({ kind: 'tick' }, dayMs)
    expect(closed.change.notifications).toMatchObject([{ fields: { trade_status: 'TRADE_CLOSED' } }])
    expect(subCode(world.send(payIt(authNo), dayMs))).toBe('ACQ.TRADE_HAS_CLOSE')
  })
})

describe('a request that does not fit the documentation', () => {
  it.each([
    ['no amount', { amount: undefined }],
    ['an amount as a number', { amount: 20 }],
    ['three decimals', { amount: '1.001' }],
    ['a zero amount', { amount: '0.00' }],
    ['a leading zero', { amount: '01.00' }],
    ['an unknown field', { amout: '1.00' }],
    ['a number with a space', { out_order_no: 'O 1' }],
    ['a title of 101 letters', { order_title: 'x'.repeat(101) }],
    ['another product', { product_code: 'FACE_TO_FACE_PAYMENT' }],
    ['an extra_param that is no JSON object', { extra_param: '[1]' }],
    ['a wait of 16 days', { timeout_express: '16d' }],
  ])('refuses %s', (_what, more) => {
    const world = sandboxAt()
    const result = world.send(create(more))
    expect(subCode(result)).toBe('ILLEGAL_ARGUMENT')
    expect(world.state().orders.size).toBe(0)
  })

  it('refuses another payee than the merchant', () => {
    expect(subCode(sandboxAt().send(create({ payee_user_id: '2088999999999999' })))).toBe('PAYEE_NOT_EXIST')
  })

  it.each([
    ['alipay.fund.auth.operation.detail.query', { out_order_no: 'O9', out_request_no: 'x' }, 'AUTH_ORDER_NOT_EXIST'],
    [
      'alipay.fund.auth.operation.detail.query',
      { out_order_no: 'O1', out_request_no: 'x' },
      'AUTH_OPERATION_NOT_EXIST',
    ],
    ['alipay.fund.auth.operation.detail.query', { out_order_no: 'O1' }, 'ILLEGAL_ARGUMENT'],
    [
      'alipay.fund.auth.operation.cancel',
      { out_order_no: 'O9', out_request_no: 'x', remark: 'r' },
      'AUTH_ORDER_NOT_EXIST',
    ],
    [
      'alipay.fund.auth.order.unfreeze',
      { auth_no: 'x', out_request_no: 'x', amount: '1.00', remark: 'r' },
      'AUTH_ORDER_NOT_EXIST',
    ],
    [
      'alipay.trade.pay',
      { out_trade_no: 'T', total_amount: '1.00', subject: 's', auth_no: 'x', product_code: 'PREAUTH_PAY' },
      'ACQ.AUTH_NO_ERROR',
    ],
    [
      'alipay.trade.pay',
      { out_trade_no: 'T', total_amount: '1.00', subject: 's', auth_code: '28763443825664394' },
      'ACQ.INVALID_PARAMETER',
    ],
    ['alipay.trade.query', { out_trade_no: 'T9' }, 'ACQ.TRADE_NOT_EXIST'],
    ['alipay.trade.query', {}, 'ACQ.INVALID_PARAMETER'],
    ['alipay.trade.refund', { out_trade_no: 'T9', refund_amount: '1.00', out_request_no: 'R' }, 'ACQ.TRADE_NOT_EXIST'],
    ['alipay.trade.fastpay.refund.query', { out_trade_no: 'T9', out_request_no: 'R' }, 'ACQ.TRADE_NOT_EXIST'],
  ] as const)('%s %j is %s', (method, biz, code) => {
    const world = sandboxAt()
    world.send(create())
    expect(subCode(world.send(gateway(method, biz)))).toBe(code)
  })

  it('refuses a refund with a used number and another amount, and a partial one without a number', () => {
    const world = sandboxAt()
    world.send(create())
    world.send(approve(world.order()?.token ?? ''))
    world.send(payIt(world.order()?.authNo ?? ''))
    const back = (biz: Record<string, unknown>) =>
      world.send(gateway('alipay.trade.refund', { out_trade_no: 'T1', ...biz }))
    expect(subCode(back({ refund_amount: '1.00' }))).toBe('ACQ.INVALID_PARAMETER')
    expect(subCode(back({ refund_amount: '1.00', out_request_no: 'R1' }))).toBe('10000')
    expect(subCode(back({ refund_amount: '1.01', out_request_no: 'R1' }))).toBe('ACQ.DISCORDANT_REPEAT_REQUEST')
    expect(subCode(back({ refund_amount: '4.01', out_request_no: 'R2' }))).toBe('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL')
    expect(subCode(back({ refund_amount: '4.00', out_request_no: 'R3' }))).toBe('10000')
    expect(world.order()?.trades[0]?.trade.kind).toBe('TRADE_CLOSED')
  })
})
