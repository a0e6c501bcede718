import { describe, expect, it } from 'vitest'
import { amountOf, readPay, requireSame } from './alipay-answers.ts'
import { ProviderFault } from './payment-provider.ts'

const faultOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof ProviderFault) return `${error.code} ${error.providerCode}`
    throw error
  }
  return 'none'
}
const paid = { code: '10000', msg: 'Success', out_trade_no: 'zc1', trade_no: '2026', total_amount: '4.50' }

describe("an answer of Alipay's gateway", () => {
  it('is read when it says that it is done and fits', () => {
    expect(readPay({ ...paid, something_new: [1] })).toMatchObject({ trade_no: '2026' })
  })

  it.each([
    [{ code: '20000', sub_code: 'aop.unknow-error' }, 'unknown aop.unknow-error'],
    [{ code: '10003' }, 'unknown 10003'],
    [{ code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' }, 'unknown ACQ.SYSTEM_ERROR'],
    [{ code: '40004', sub_code: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' }, 'declined ACQ.BUYER_BALANCE_NOT_ENOUGH'],
    [{ code: '40002', sub_code: 'isv.invalid-signature' }, 'invalid_request isv.invalid-signature'],
    [{ ...paid, total_amount: 4.5 }, 'unknown answer does not fit: /total_amount'],
    [{ ...paid, trade_no: '' }, 'unknown answer does not fit: /trade_no'],
    [{ msg: 'Success' }, 'unknown unreadable answer'],
    ['<html>', 'unknown unreadable answer'],
    [null, 'unknown unreadable answer'],
  ])('%j is %s', (answer, fault) => expect(faultOf(() => readPay(answer))).toBe(fault))

  it('about another order or with an impossible amount is not believed', () => {
    expect(faultOf(() => requireSame('trade', 'zc1', 'zc2'))).toBe('unknown the answer is about another trade')
    expect(faultOf(() => amountOf('100000000.00'))).toBe('unknown an amount is out of range')
  })
})
