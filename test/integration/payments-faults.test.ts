import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openPaymentsWorld, type PaymentsWorld } from '../fixtures/payments-world.ts'

let world: PaymentsWorld
beforeAll(async () => {
  world = await openPaymentsWorld()
})
afterAll(async () => {
  await world?.close()
})

interface Move {
  readonly kind: 'freeze' | 'unfreeze' | 'capture' | 'refund'
  readonly fen: number
  readonly outOrderNo: string
}
const movesOf = async (paymentId: string): Promise<readonly (readonly [string, number])[]> => {
  const moves: Move[] = []
  for (;;) {
    const page = await world.sandbox.control<{ total: number; moves: Move[] }>(
      'GET',
      `/control/journal?after=${moves.length}&limit=500`,
    )
    moves.push(...page.moves)
    if (page.moves.length === 0 || moves.length >= page.total) break
  }
  const outOrderNo = `zh${paymentId.replaceAll('-', '')}`
  return moves.filter((move) => move.outOrderNo === outOrderNo).map((move) => [move.kind, move.fen])
}

afterEach(async () => {
  await world.sandbox.control('DELETE', '/control/faults')
  const { provider, ledger, sums } = await world.money()
  expect(ledger).toBe(provider)
  expect(sums.every(({ sumMinor }) => sumMinor === 0)).toBe(true)
})

/** A ride of 4.50 that is re-priced to 1.50, and one that never happened: every call of ours is made. */
async function paidAndReleased(): Promise<void> {
  const paid = await world.ride()
  await world.settle(paid, 450)
  await world.rest()
  const later = { ...paid, newTotalMinor: 150, reason: 'free_exit' }
  await world.db.transaction((tx) => world.payments.adjust(tx, later))
  const unused = await world.ride()
  await world.db.transaction((tx) => world.payments.release(tx, { paymentId: unused.paymentId, reason: 'no_unlock' }))
  await world.rest()
  expect(await world.stateOf(paid.paymentId)).toEqual({
    state: 'partially_refunded',
    due_minor: 150,
    captured_minor: 450,
    refunded_minor: 300,
  })
  expect(await movesOf(paid.paymentId)).toEqual([
    ['freeze', 9_900],
    ['capture', 450],
    ['unfreeze', 9_450],
    ['refund', 300],
  ])
  expect(await world.stateOf(unused.paymentId)).toMatchObject({ state: 'released', captured_minor: 0 })
  expect(await movesOf(unused.paymentId)).toEqual([
    ['freeze', 9_900],
    ['unfreeze', 9_900],
  ])
  const outcomes = world.settled.filter((one) => [paid.paymentId, unused.paymentId].includes(one.paymentId))
  expect(outcomes.map((one) => one.outcome)).toEqual(['captured', 'released'])
}

const methods = [
  'alipay.fund.auth.order.voucher.create',
  'alipay.fund.auth.operation.detail.query',
  'alipay.trade.pay',
  'alipay.fund.auth.order.unfreeze',
  'alipay.trade.refund',
]
const answers: readonly (readonly [string, object])[] = [
  ['http-500', { when: 'before' }],
  ['http-500', { when: 'after' }],
  ['system-error', { when: 'before' }],
  ['system-error', { when: 'after' }],
  ['drop-answer', { when: 'before' }],
  ['drop-answer', { when: 'after' }],
  ['corrupt-answer-signature', {}],
]

describe('a rider is charged once and gets back what is theirs', () => {
  for (const method of methods) {
    for (const [kind, more] of answers) {
      it(`when ${method} answers with ${kind} ${Object.values(more).join('')}`, async () => {
        await world.fault(kind, method, more)
        await paidAndReleased()
        expect(await world.sandbox.control('GET', '/control/faults')).toEqual([])
      })
    }
  }

  it('when the capture is lost three times in a row after it happened', async () => {
    for (const kind of ['http-500', 'drop-answer', 'system-error']) {
      await world.fault(kind, 'alipay.trade.pay', { when: 'after' })
      await world.fault(kind, 'alipay.fund.auth.operation.detail.query', { when: 'before' })
    }
    await paidAndReleased()
  })

  it('when the notification of the capture is overtaken by the one of the rest', async () => {
    await world.fault('reorder-notification', 'trade_status_sync')
    await paidAndReleased()
  })

  it('when the answer to the capture comes later than anybody waits', async () => {
    await world.fault('delay-answer', 'alipay.trade.pay', { delayMs: 6_000 })
    await paidAndReleased()
  })

  for (const kind of [
    'drop-notification',
    'duplicate-notification',
    'corrupt-notification-signature',
    'old-notification-timestamp',
  ]) {
    it(`when every notification suffers ${kind}`, async () => {
      await world.sandbox.control('POST', '/control/faults', { fault: { kind }, target: '*', probability: 1 })
      await paidAndReleased()
    })
  }

  it('when every call fails every other time', async () => {
    for (const kind of ['http-500', 'system-error', 'drop-answer']) {
      for (const when of ['before', 'after']) {
        const fault = { fault: { kind, when }, target: '*', probability: 0.1 }
        await world.sandbox.control('POST', '/control/faults', fault)
      }
    }
    for (let ride = 0; ride < 5; ride += 1) await paidAndReleased()
  })

  it('when the ride is re-priced to nothing while its capture is under way', async () => {
    const ride = await world.ride()
    await world.fault('http-500', 'alipay.trade.pay', { when: 'after' })
    await world.settle(ride, 450)
    await world.outbox.performReady()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'capture_pending' })
    await world.db.transaction((tx) => world.payments.adjust(tx, { ...ride, newTotalMinor: 0, reason: 'lock_fault' }))
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'refunded', refunded_minor: 450 })
  })

  it('when the ride is re-priced to nothing after a capture that never arrived', async () => {
    const ride = await world.ride()
    await world.fault('http-500', 'alipay.trade.pay', { when: 'before' })
    await world.settle(ride, 450)
    await world.outbox.performReady()
    await world.db.transaction((tx) => world.payments.adjust(tx, { ...ride, newTotalMinor: 0, reason: 'lock_fault' }))
    await world.rest()
    expect(await world.stateOf(ride.paymentId)).toMatchObject({ state: 'released', captured_minor: 0 })
    expect(await movesOf(ride.paymentId)).toEqual([
      ['freeze', 9_900],
      ['unfreeze', 9_900],
    ])
  })

  it('when outbox and poller do everything twice at the same time', async () => {
    const ride = await world.ride()
    await world.settle(ride, 450)
    await world.db.query(`UPDATE payment SET poll_at = created_at WHERE payment_id = $1`, [ride.paymentId])
    await world.db.query(
      `INSERT INTO outbox (kind, payload, ready_at, attempts, created_at)
       SELECT kind, payload, ready_at, 0, created_at FROM outbox WHERE done_at IS NULL`,
    )
    const twice = () => [world.outbox.performReady(), world.outbox.performReady(), world.payments.pollDue()]
    await Promise.all([...twice(), ...twice()])
    await world.rest()
    expect(await movesOf(ride.paymentId)).toEqual([
      ['freeze', 9_900],
      ['capture', 450],
      ['unfreeze', 9_450],
    ])
  })
})

describe('over HTTP', () => {
  const asRider = (riderId: string) => ({ authorization: `Bearer ${riderId}` })

  it('a promise is made, seen and cancelled by its rider, and needs an idempotency key', async () => {
    const riderId = await world.newRider()
    const request = {
      method: 'POST',
      url: '/v1/promises',
      payload: { provider: 'alipay', returnPath: '/ride' },
    } as const
    const bare = await world.app.inject({ ...request, headers: asRider(riderId) })
    expect(bare.json()).toMatchObject({ code: 'idempotency_key_missing' })
    const keyed = { ...asRider(riderId), 'idempotency-key': 'promise-one' }
    const first = await world.app.inject({ ...request, headers: keyed })
    expect(first.statusCode).toBe(201)
    expect(first.json()).toMatchObject({ state: 'hold_pending', amount: { amount: 9_900, currency: 'CNY' } })
    expect((await world.app.inject({ ...request, headers: keyed })).json()).toEqual(first.json())
    const url = `/v1/promises/${first.json().promiseId}`
    const other = await world.app.inject({ url, headers: asRider(await world.newRider()) })
    expect(other.statusCode).toBe(404)
    const cancelled = await world.app.inject({ method: 'DELETE', url, headers: asRider(riderId) })
    expect(cancelled.json()).toMatchObject({ state: 'release_pending', next: { kind: 'none' } })
    await world.rest()
    expect((await world.app.inject({ url, headers: asRider(riderId) })).json()).toMatchObject({ state: 'released' })
  })

  it('the payer page leads back to our own site only, whatever the path looks like', async () => {
    const headers = { ...asRider(await world.newRider()), 'idempotency-key': 'promise-two' }
    const payload = { provider: 'alipay', returnPath: '//elsewhere.example/' }
    const promise = (await world.app.inject({ method: 'POST', url: '/v1/promises', headers, payload })).json()
    const answered = await fetch(promise.next.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'action=approve',
      redirect: 'manual',
    })
    expect(answered.headers.get('location')).toBe(`${world.publicUrl}//elsewhere.example/`)
  })

  it('a message that nobody signed is answered with failure and stored nowhere', async () => {
    // Of these messages alone: the provider's own may come in meanwhile, and a true signature may begin with an x.
    const forged = `body = '' OR position('sign=x&'::bytea IN body) > 0 OR position('sign=AAAA&'::bytea IN body) > 0`
    const forge = (payload: string, type = 'application/x-www-form-urlencoded') =>
      world.app.inject({ method: 'POST', url: '/v1/webhooks/alipay', headers: { 'content-type': type }, payload })
    for (const body of [
      '',
      'sign=x&sign_type=RSA2&app_id=1',
      'sign=x&sign_type=RSA',
      'sign=x&sign_type=constructor',
      'sign=AAAA&sign_type=RSA2&sign_type=RSA2',
      `sign_type=RSA2&sign=${'A'.repeat(344)}&notify_id=%`,
    ]) {
      const answer = await forge(body)
      expect([answer.statusCode, answer.body]).toEqual([200, 'failure'])
    }
    expect((await forge(`a=${'x'.repeat(20_000)}`)).statusCode).toBe(400)
    expect((await forge('{}', 'application/json')).statusCode).toBe(400)
    const kept = await world.db.query(`SELECT 1 FROM provider_message WHERE ${forged} OR length(body) > 10000`)
    expect(kept.rows).toEqual([])
  })
})
