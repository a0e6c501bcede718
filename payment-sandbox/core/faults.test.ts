import { describe, expect, it } from 'vitest'
import { drawFaults, type FaultRule } from './faults.ts'

const twice: FaultRule = { id: '1', fault: { kind: 'http-500', when: 'after' }, target: 'alipay.trade.pay', next: 2 }
const often: FaultRule = { id: '2', fault: { kind: 'drop-notification' }, target: '*', probability: 0.5 }

describe('faults', () => {
  it('strike the next n calls of their method and are then gone', () => {
    const first = drawFaults([twice], 'answer', { target: 'alipay.trade.pay' }, () => 0)
    const second = drawFaults(first.rules, 'answer', { target: 'alipay.trade.pay' }, () => 0)
    const third = drawFaults(second.rules, 'answer', { target: 'alipay.trade.pay' }, () => 0)
    expect([first.hits.length, second.hits.length, third.hits.length]).toEqual([1, 1, 0])
    expect(third.rules).toEqual([])
  })

  it('leave other methods alone', () => {
    const drawn = drawFaults([twice], 'answer', { target: 'alipay.trade.query' }, () => 0)
    expect(drawn).toEqual({ hits: [], rules: [twice] })
  })

  it('strike with their probability and stay', () => {
    expect(drawFaults([often], 'notification', { target: 'fund_auth_freeze' }, () => 0.49)).toEqual({
      hits: [often.fault],
      rules: [often],
    })
    expect(drawFaults([often], 'notification', { target: 'fund_auth_freeze' }, () => 0.5).hits).toEqual([])
  })

  it('meant for one order strike no other', () => {
    const one: FaultRule = { ...twice, number: 'zc1' }
    const call = (number: string) => ({ target: 'alipay.trade.pay', numbers: [number, '1.00'] })
    expect(drawFaults([one], 'answer', call('zc2'), () => 0)).toEqual({ hits: [], rules: [one] })
    expect(drawFaults([one], 'answer', call('zc1'), () => 0).hits).toEqual([one.fault])
  })

  it('of notifications never strike answers', () => {
    expect(drawFaults([often], 'answer', { target: 'alipay.trade.pay' }, () => 0).hits).toEqual([])
  })
})
