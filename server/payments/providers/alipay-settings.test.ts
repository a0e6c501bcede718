import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { alipaySettings } from './alipay-settings.ts'

const keysOf = (modulusLength: number) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength })
  return {
    merchantPrivateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    alipayPublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}
const good = {
  appId: '2021000000000001',
  sellerId: '2088000000000001',
  gateway: 'https://openapi.alipay.com/gateway.do',
  ...keysOf(2048),
}
const sandbox = { ...good, gateway: 'http://127.0.0.1:4000/gateway.do' }

describe('the settings of Alipay', () => {
  it('lead to the real gateway outside of the demo, and to a sandbox only in it', () => {
    expect(alipaySettings(good, { demo: false })).toMatchObject({ appId: good.appId })
    expect(alipaySettings(sandbox, { demo: true })).toMatchObject({ gateway: sandbox.gateway })
    expect(() => alipaySettings(sandbox, { demo: false })).toThrow('https')
    const lookalike = { ...good, gateway: 'https://openapi.alipay.com.sandbox.example/gateway.do' }
    expect(() => alipaySettings(lookalike, { demo: false })).toThrow('is a sandbox')
    const hidden = { ...good, gateway: 'https://openapi.alipay.com@sandbox.example/gateway.do' }
    expect(() => alipaySettings(hidden, { demo: false })).toThrow('is a sandbox')
  })

  it('are refused with a sentence when they are incomplete, unreadable or weak', () => {
    const { sellerId: _, ...incomplete } = good
    expect(() => alipaySettings(incomplete, { demo: true })).toThrow('sellerId')
    expect(() => alipaySettings('nothing', { demo: true })).toThrow('Alipay settings')
    const broken = { ...good, alipayPublicKey: 'A'.repeat(200) }
    expect(() => alipaySettings(broken, { demo: true })).toThrow('alipayPublicKey is not a readable key')
    expect(() => alipaySettings({ ...good, ...keysOf(1024) }, { demo: true })).toThrow('2048')
  })
})
