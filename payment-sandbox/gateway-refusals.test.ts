import { createSign, generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AlipaySdk } from 'alipay-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freeze, startWorld, type World } from './test-kit/merchant.ts'

let world: World
let merchant: { readonly appId: string; readonly merchantPrivateKey: string; readonly alipayPublicKey: string }
beforeAll(async () => {
  world = await startWorld((settings) => new AlipaySdk(settings))
  merchant = JSON.parse(await readFile(join(world.dataDir, 'merchant.json'), 'utf8'))
})
afterAll(async () => {
  await world.close()
})

const beijing = (epochMs: number): string =>
  new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')

/** A request signed by hand, as an SDK in another language would: everything can be made wrong on purpose. */
async function raw(changed: Record<string, string | undefined>, afterSigning: Record<string, string> = {}) {
  const parameters: Record<string, string> = {}
  const wished = {
    app_id: merchant.appId,
    method: 'alipay.trade.query',
    charset: 'utf-8',
    sign_type: 'RSA2',
    timestamp: beijing(Date.now()),
    version: '1.0',
    biz_content: '{"out_trade_no":"T"}',
    ...changed,
  }
  for (const [name, value] of Object.entries(wished)) if (value !== undefined) parameters[name] = value
  const text = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join('&')
  const pem = `-----BEGIN PRIVATE KEY-----\n${merchant.merchantPrivateKey}\n-----END PRIVATE KEY-----`
  const sign = createSign('RSA-SHA256').update(text, 'utf8').sign(pem, 'base64')
  const response = await fetch(`${world.sandbox.url}/gateway.do`, {
    method: 'POST',
    body: new URLSearchParams({ ...parameters, sign, ...afterSigning }),
  })
  const body = JSON.parse(await response.text())
  const [name] = Object.keys(body)
  return { name, status: response.status, ...body[name ?? ''] }
}

describe('the gateway', () => {
  it('takes a request signed by hand in Beijing time', async () => {
    expect(await raw({})).toMatchObject({
      name: 'alipay_trade_query_response',
      status: 200,
      code: '40004',
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    })
  })

  it.each([
    ['no method', { method: undefined }, '40001', 'isv.missing-method'],
    ['no app id', { app_id: undefined }, '40001', 'isv.missing-app-id'],
    ['no timestamp', { timestamp: undefined }, '40001', 'isv.missing-timestamp'],
    ['no version', { version: undefined }, '40001', 'isv.missing-version'],
    ['no sign_type', { sign_type: undefined }, '40001', 'isv.missing-signature-type'],
    ['an unknown app', { app_id: '2021999999999999' }, '40002', 'isv.invalid-app-id'],
    ['SHA-1 signing', { sign_type: 'RSA' }, '40002', 'isv.invalid-signature-type'],
    ['another charset', { charset: 'GBK' }, '40002', 'isv.invalid-charset'],
    ['another version', { version: '2.0' }, '40002', 'isv.invalid-version'],
    ['another format', { format: 'XML' }, '40002', 'isv.invalid-format'],
    ['an unknown method', { method: 'alipay.trade.create' }, '40002', 'isv.invalid-method'],
    ['an unknown parameter', { app_auth_token: 'x' }, '40002', 'isv.invalid-parameter'],
    ['content that is no JSON', { biz_content: '{' }, '40002', 'isv.invalid-parameter'],
    ['content that is a list', { biz_content: '[]' }, '40002', 'isv.invalid-parameter'],
    ['a notify_url that is no web address', { notify_url: 'file:///etc/passwd' }, '40002', 'isv.invalid-parameter'],
    ['an impossible day', { timestamp: '2024-02-30 10:00:00' }, '40002', 'isv.invalid-timestamp'],
  ])('refuses %s', async (_what, changed, code, subCode) => {
    expect(await raw(changed)).toMatchObject({ status: 200, code, sub_code: subCode })
  })

  it('refuses a timestamp of sixteen minutes ago and one of sixteen minutes ahead', async () => {
    for (const minutes of [-16, 16]) {
      const timestamp = beijing(Date.now() + minutes * 60_000)
      expect(await raw({ timestamp })).toMatchObject({ code: '40002', sub_code: 'isv.invalid-timestamp' })
    }
    expect(await raw({ timestamp: beijing(Date.now() - 14 * 60_000) })).toMatchObject({
      sub_code: 'ACQ.TRADE_NOT_EXIST',
    })
  })

  it.each([
    ['a changed amount', { biz_content: '{"out_trade_no":"U"}' }],
    ['a changed method', { method: 'alipay.trade.refund' }],
    ['a signature that is no base64', { sign: '!!' }],
    ['a signature over something else', { sign: Buffer.alloc(256, 7).toString('base64') }],
  ])('refuses %s after signing', async (_what, afterSigning) => {
    expect(await raw({}, afterSigning)).toMatchObject({ code: '40002', sub_code: 'isv.invalid-signature' })
  })

  it('refuses a parameter that comes twice', async () => {
    const response = await fetch(`${world.sandbox.url}/gateway.do?method=a.b`, {
      method: 'POST',
      body: new URLSearchParams({ method: 'c.d' }),
    })
    expect(await response.text()).toContain('isv.invalid-parameter')
  })

  it('refuses an app that signs with another key, in an answer that the official SDK verifies', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const stranger = new AlipaySdk({
      appId: merchant.appId,
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      keyType: 'PKCS8',
      alipayPublicKey: merchant.alipayPublicKey,
      gateway: `${world.sandbox.url}/gateway.do`,
      camelcase: false,
    })
    const answer = await stranger.exec(
      'alipay.trade.query',
      { bizContent: { out_trade_no: 'T' } },
      { validateSign: true },
    )
    expect(answer).toMatchObject({ code: '40002', sub_code: 'isv.invalid-signature' })
  })

  it('lets nothing refused change its state', async () => {
    const page = await freeze(world, 'REFUSALS-1')
    expect(page).toContain('/payer/')
    const totals = await (await fetch(`${world.sandbox.url}/control`)).json()
    expect(totals).toMatchObject({ orders: 1 })
  })
})

describe('the control API', () => {
  it('refuses a page in a browser', async () => {
    const response = await fetch(`${world.sandbox.url}/control/totals`, { headers: { origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
  })

  it.each([
    { fault: { kind: 'http-500', when: 'after' }, target: '*' },
    { fault: { kind: 'http-500', when: 'later' }, target: '*', next: 1 },
    { fault: { kind: 'delay-answer', delayMs: 0 }, target: '*', next: 1 },
    { fault: { kind: 'drop-notification' }, target: '*', next: 0 },
    { fault: { kind: 'drop-notification' }, target: '*', probability: 1.5 },
    { fault: { kind: 'drop-notification' }, target: '*', next: 1, probability: 0.5 },
  ])('refuses the fault %j', async (body) => {
    const response = await fetch(`${world.sandbox.url}/control/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status).toBe(400)
  })
})
