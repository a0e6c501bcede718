import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restFen, splitOf } from './authorisation-machine.ts'
import type { MoneyMove, NewId, SandboxState } from './records.ts'
import { applyChange, defaultRules, gateway, newSandbox, type SandboxRequest, step } from './sandbox.ts'
import { rowsOf } from './table.ts'
import { refundedFen } from './trade-machine.ts'

const rules = { ...defaultRules, appId: '2021000000000001', sellerId: '2088000000000001', pageUrl: 'http://sandbox' }

/** Small numbers, so that requests meet: three orders, few amounts, few request numbers. */
const orderNo = fc.constantFrom('O1', 'O2', 'O3')
const yuanText = fc.constantFrom('0.01', '1.00', '2.50', '7.00', '20.00')
const number = fc.constantFrom('A', 'B', 'C')

type Act =
  | {
      readonly kind: 'create' | 'approve' | 'decline' | 'cancel' | 'lapse-one'
      readonly order: string
      readonly amount: string
    }
  | {
      readonly kind: 'unfreeze' | 'pay' | 'complete' | 'short' | 'refund'
      readonly order: string
      readonly amount: string
      readonly no: string
    }
  | { readonly kind: 'wait'; readonly ms: number }

/** Orders are mostly approved and waits are rare, so that most runs get as far as captures and refunds. */
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('create' as const, 'approve' as const),
      order: orderNo,
      amount: yuanText,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('decline' as const, 'cancel' as const, 'lapse-one' as const),
      order: orderNo,
      amount: yuanText,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'unfreeze' as const,
        'pay' as const,
        'complete' as const,
        'short' as const,
        'refund' as const,
      ),
      order: orderNo,
      amount: yuanText,
      no: number,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 1_000, 60_000, 900_000, 31 * 86_400_000),
    }),
  },
)

function requestOf(state: SandboxState, one: Act): SandboxRequest {
  if (one.kind === 'wait') return { kind: 'tick' }
  const order = [...rowsOf(state.orders)].find((known) => known.outOrderNo === one.order)
  const authNo = order?.authNo ?? 'none'
  switch (one.kind) {
    case 'create':
      return gateway(
        'alipay.fund.auth.order.voucher.create',
        {
          out_order_no: one.order,
          out_request_no: `${one.order}-F`,
          order_title: 'ride',
          amount: one.amount,
          product_code: 'PREAUTH_PAY',
        },
        'http://merchant/notify',
      )
    case 'approve':
    case 'decline':
      return { kind: 'payer', token: order?.token ?? 'none', action: one.kind }
    case 'lapse-one':
      return { kind: 'payer', token: order?.token ?? 'none', action: 'expire' }
    case 'cancel':
      return gateway('alipay.fund.auth.operation.cancel', {
        out_order_no: one.order,
        out_request_no: `${one.order}-F`,
        remark: 'x',
      })
    case 'unfreeze':
      return gateway('alipay.fund.auth.order.unfreeze', {
        auth_no: authNo,
        out_request_no: `U-${one.no}`,
        amount: one.amount,
        remark: 'x',
      })
    case 'pay':
    case 'complete':
    case 'short':
      return {
        kind: 'gateway',
        method: 'alipay.trade.pay',
        payerIsShort: one.kind === 'short',
        biz: {
          out_trade_no: `T-${one.no}`,
          auth_no: authNo,
          product_code: 'PREAUTH_PAY',
          subject: 'ride',
          total_amount: one.amount,
          auth_confirm_mode: one.kind === 'complete' ? 'COMPLETE' : 'NOT_COMPLETE',
        },
      }
    case 'refund':
      return gateway('alipay.trade.refund', {
        out_trade_no: `T-${one.no}`,
        refund_amount: one.amount,
        out_request_no: `R-${one.no}`,
      })
  }
}

function countingIds(): NewId {
  let count = 0
  return (kind) => {
    count += 1
    return `${kind}${count}`
  }
}

const sum = (moves: readonly MoneyMove[], kind: string) =>
  moves.filter((move) => move.kind === kind).reduce((all, move) => all + move.fen, 0)

describe('whatever merchants and payers do', () => {
  it('captures and unfreezes no more than was frozen, refunds no more than was captured, and conserves the totals', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 20, maxLength: 80, size: 'max' }), (acts) => {
        const newId = countingIds()
        let state = newSandbox(rules)
        let replayed = newSandbox(rules)
        let nowMs = 1_700_000_000_000
        const moves: MoneyMove[] = []
        for (const one of acts) {
          if (one.kind === 'wait') nowMs += one.ms
          const result = step(state, requestOf(state, one), nowMs, newId)
          state = result.state
          replayed = applyChange(replayed, result.change)
          moves.push(...result.change.moves)
          for (const order of rowsOf(state.orders)) {
            const { frozenFen, paidFen, unfrozenFen } = splitOf(order.authorisation)
            expect(paidFen + unfrozenFen + restFen(order.authorisation)).toBe(frozenFen)
            const own = moves.filter((move) => move.outOrderNo === order.outOrderNo)
            expect([sum(own, 'freeze'), sum(own, 'capture'), sum(own, 'unfreeze')]).toEqual([
              frozenFen,
              paidFen,
              unfrozenFen,
            ])
            expect(
              order.trades.reduce((all, trade) => all + (trade.paidMs === undefined ? 0 : trade.trade.totalFen), 0),
            ).toBe(paidFen)
            expect(sum(own, 'refund')).toBe(order.trades.reduce((all, trade) => all + refundedFen(trade.trade), 0))
          }
        }
        expect(state.totals).toEqual({
          frozenFen: sum(moves, 'freeze'),
          unfrozenFen: sum(moves, 'unfreeze'),
          capturedFen: sum(moves, 'capture'),
          refundedFen: sum(moves, 'refund'),
        })
        expect(state.totals.refundedFen).toBeLessThanOrEqual(state.totals.capturedFen)
        expect(replayed.totals).toEqual(state.totals)
        expect([...rowsOf(replayed.orders)]).toEqual([...rowsOf(state.orders)])
      }),
      { numRuns: 300 },
    )
  })

  it('is tried on runs that really capture and refund', () => {
    const captured = fc
      .sample(fc.array(act, { minLength: 20, maxLength: 80, size: 'max' }), { numRuns: 100, seed: 7 })
      .map((acts) => {
        const newId = countingIds()
        return acts.reduce(
          (state, one) => step(state, requestOf(state, one), 1_700_000_000_000, newId).state,
          newSandbox(rules),
        ).totals
      })
    expect(captured.filter((totals) => totals.capturedFen > 0).length).toBeGreaterThan(50)
    expect(captured.filter((totals) => totals.refundedFen > 0).length).toBeGreaterThan(5)
  })

  it('moves nothing twice when every request is sent twice, and answers both alike', () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 20, maxLength: 60, size: 'max' }), (acts) => {
        const newId = countingIds()
        let state = newSandbox(rules)
        let nowMs = 1_700_000_000_000
        for (const one of acts) {
          if (one.kind === 'wait') nowMs += one.ms
          const request = requestOf(state, one)
          const first = step(state, request, nowMs, newId)
          const second = step(first.state, request, nowMs, newId)
          expect(second.change.moves).toEqual([])
          expect(second.change.notifications).toEqual([])
          expect(codeOf(second.answer)).toEqual(codeOf(first.answer))
          state = second.state
        }
      }),
      { numRuns: 300 },
    )
  })

  it('answers anything in biz_content without throwing', () => {
    const odd = fc.dictionary(
      fc.constantFrom(
        'out_order_no',
        'amount',
        'auth_no',
        'out_trade_no',
        'total_amount',
        '__proto__',
        'constructor',
        'x',
      ),
      fc.oneof(fc.jsonValue(), fc.string(), fc.constant('A'), fc.constant('1.00')),
    )
    const method = fc.constantFrom(
      'alipay.trade.pay',
      'alipay.trade.refund',
      'alipay.fund.auth.order.unfreeze',
      'toString',
      'x',
    )
    fc.assert(
      fc.property(odd, method, (biz, name) => {
        const { answer, change } = step(newSandbox(rules), { kind: 'gateway', method: name, biz }, 0, countingIds())
        expect(answer.kind === 'gateway' && answer.answer.code).toMatch(/^4000[24]$/)
        expect(change.orders).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

/** Repeats differ only in `fund_change`, which says whether this very request moved the money. */
function codeOf(answer: ReturnType<typeof step>['answer']): unknown {
  if (answer.kind === 'gateway') return { ...answer.answer, fund_change: '' }
  return answer.kind === 'payer' ? answer.result.ok : answer.kind
}
