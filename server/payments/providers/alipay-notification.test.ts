import { createSign, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { AlipaySdk } from 'alipay-sdk'
import { describe, expect, it } from 'vitest'
import { alipayNotification } from './alipay-notification.ts'
import { ProviderFault } from './payment-provider.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const merchantKey = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
const sdkFor = (alipayPublicKey: string, appId: string) =>
  new AlipaySdk({ appId, privateKey: merchantKey, keyType: 'PKCS8', alipayPublicKey })

const settings = { appId: '2021000000000001', sellerId: '2088000000000001' }
const sdk = sdkFor(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), settings.appId)

const trade = {
  app_id: settings.appId,
  notify_id: 'notify-1',
  notify_type: 'trade_status_sync',
  out_trade_no: 'zc1',
  total_amount: '4.50',
  trade_status: 'TRADE_SUCCESS',
  seller_id: settings.sellerId,
  subject: '100% 骑行 & more',
}

/** As Alipay does it: without sign and sign_type, sorted, `k=v` joined by `&`, SHA-256 with RSA. */
function signed(fields: Readonly<Record<string, string>>, signType = 'RSA2'): Buffer {
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  const sign = createSign(signType === 'RSA' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(privateKey, 'base64')
  return Buffer.from(new URLSearchParams({ ...fields, sign_type: signType, sign }).toString())
}

const whyRefused = (body: Uint8Array): string => {
  try {
    alipayNotification(sdk, settings, body)
  } catch (error) {
    if (error instanceof ProviderFault && error.code === 'invalid_request') return error.providerCode
    throw error
  }
  return 'taken'
}

describe('a notification of Alipay', () => {
  it('is taken when Alipay signed it for our app and our account', () => {
    expect(alipayNotification(sdk, settings, signed(trade))).toEqual({
      eventId: 'notify-1',
      ourKey: 'zc1',
      amountMinor: 450,
      about: 'capture',
    })
    const unfreeze = {
      app_id: settings.appId,
      notify_id: 'notify-2',
      notify_type: 'fund_auth_unfreeze',
      out_order_no: 'zh1',
      amount: '94.50',
      total_freeze_amount: '99.00',
      payee_user_id: settings.sellerId,
    }
    expect(alipayNotification(sdk, settings, signed(unfreeze))).toMatchObject({ amountMinor: 9_900, about: 'hold' })
  })

  it('is refused when any field was changed, added or taken away', () => {
    const body = signed(trade).toString()
    expect(whyRefused(Buffer.from(body.replace('4.50', '4.51')))).toBe('the signature does not fit')
    expect(whyRefused(Buffer.from(`${body}&more=1`))).toBe('the signature does not fit')
    expect(whyRefused(Buffer.from(body.replace(/&seller_id=[0-9]+/, '')))).toBe('the signature does not fit')
    expect(whyRefused(Buffer.from(`${body}&total_amount=4.50`))).toBe('fields repeat or are too many')
  })

  it('is refused before the SDK sees it when it asks for another signature than RSA2', () => {
    expect(whyRefused(signed(trade, 'RSA'))).toBe('sign_type is not RSA2')
    for (const word of ['', 'RSA3', 'constructor', '__proto__']) {
      expect(whyRefused(Buffer.from(`sign=AAAA&sign_type=${word}`))).toBe('sign_type is not RSA2')
    }
  })

  it('is refused when it is validly signed, but for another app, account, kind or range', () => {
    expect(whyRefused(signed({ ...trade, app_id: '2021000000000002' }))).toBe('it is for another app')
    expect(whyRefused(signed({ ...trade, seller_id: '2088000000000002' }))).toBe('another seller')
    expect(whyRefused(signed({ ...trade, notify_type: 'servicemarket_order_notify' }))).toBe('its fields do not fit')
    expect(whyRefused(signed({ ...trade, total_amount: '99999999.00' }))).toBe('an amount is out of range')
  })

  it('is refused when it is no form, or longer than any', () => {
    expect(whyRefused(Buffer.from([0xff, 0xfe, 0x00]))).toBe('sign_type is not RSA2')
    expect(whyRefused(Buffer.alloc(20_000, 'a'))).toBe('too long')
  })
})

const vectorsPath = '/work/shared/data/payments/vectors.json'

describe(`the notification that Alipay published (${existsSync(vectorsPath) ? vectorsPath : 'ABSENT: only the rules above were proved'})`, () => {
  it('verifies as it is and with nothing changed', () => {
    if (!existsSync(vectorsPath)) return
    const { alipay_notify_rsa2: vector } = JSON.parse(readFileSync(vectorsPath, 'utf8')) as {
      alipay_notify_rsa2: { public_key_spki_base64: string; form_fields: Record<string, string> }
    }
    const fields = vector.form_fields
    const published = { appId: fields.app_id ?? '', sellerId: fields.seller_id ?? '' }
    const theirs = sdkFor(vector.public_key_spki_base64, published.appId)
    const read = (form: Record<string, string>) =>
      alipayNotification(theirs, published, Buffer.from(new URLSearchParams(form).toString()))
    expect(read(fields)).toEqual({
      eventId: fields.notify_id,
      ourKey: fields.out_trade_no,
      amountMinor: 10,
      about: 'capture',
    })
    for (const name of Object.keys(fields).filter((one) => one !== 'sign_type')) {
      expect(() => read({ ...fields, [name]: `0${fields[name]}` }), name).toThrow(ProviderFault)
    }
  })
})
