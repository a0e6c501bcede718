import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { notificationText, publicKeyOf, signedAnswer, signedForm, verifyText } from './signing.ts'

const vectorsPath = '/work/shared/data/payments/vectors.json'

interface NotifyVector {
  readonly public_key_spki_base64: string
  readonly form_fields: Readonly<Record<string, string>>
}

/** True when the fields carry a good RSA2 signature; what a merchant decides. */
function isGenuine(spkiBase64: string, fields: Readonly<Record<string, string>>): boolean {
  return verifyText(publicKeyOf(spkiBase64), notificationText(fields), fields.sign ?? '')
}

const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ownSpki = own.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const ownFields = Object.fromEntries(
  new URLSearchParams(
    signedForm(own.privateKey, {
      notify_id: 'n1',
      notify_type: 'fund_auth_freeze',
      order_title: 'fiets & 车 100%+1=2',
      amount: '1.50',
    }),
  ),
)

function vectors(): readonly (readonly [name: string, spki: string, fields: Readonly<Record<string, string>>])[] {
  const ownVector = ['our own notification', ownSpki, ownFields] as const
  if (!existsSync(vectorsPath)) {
    process.stderr.write(`signing.test: ${vectorsPath} is absent; only signatures of our own keys are checked\n`)
    return [ownVector]
  }
  const published = (JSON.parse(readFileSync(vectorsPath, 'utf8')) as { alipay_notify_rsa2: NotifyVector })
    .alipay_notify_rsa2
  return [ownVector, ["Alipay's published notification", published.public_key_spki_base64, published.form_fields]]
}

describe.each(vectors())('%s', (_name, spki, fields) => {
  it('is accepted as it was sent, whatever the order of its fields', () => {
    expect(isGenuine(spki, fields)).toBe(true)
    expect(isGenuine(spki, Object.fromEntries(Object.entries(fields).reverse()))).toBe(true)
  })

  it.each(Object.keys(fields).filter((field) => field !== 'sign' && field !== 'sign_type'))(
    'is refused when %s is changed',
    (field) => {
      expect(isGenuine(spki, { ...fields, [field]: `${fields[field]}0` })).toBe(false)
    },
  )

  it('is refused when a field is added, missing, or the signature is cut', () => {
    const { sign = '', ...rest } = fields
    const [first = ''] = Object.keys(rest)
    expect(isGenuine(spki, { ...fields, extra: '1' })).toBe(false)
    expect(isGenuine(spki, Object.fromEntries(Object.entries(fields).filter(([name]) => name !== first)))).toBe(false)
    expect(isGenuine(spki, { ...fields, sign: sign.slice(4) })).toBe(false)
    expect(isGenuine(spki, rest)).toBe(false)
  })
})

describe('an answer', () => {
  it('is signed over exactly the bytes of its inner object', () => {
    const inner = { code: '10000', msg: 'Success', subject: '单车 "42"/é' }
    const body = signedAnswer(own.privateKey, 'alipay_trade_query_response', inner)
    const prefix = '{"alipay_trade_query_response":'
    const end = body.lastIndexOf(',"sign":"')
    expect(body.startsWith(prefix)).toBe(true)
    const { sign } = JSON.parse(body) as { sign: string }
    expect(verifyText(own.publicKey, body.slice(prefix.length, end), sign)).toBe(true)
    expect(verifyText(own.publicKey, `${body.slice(prefix.length, end)} `, sign)).toBe(false)
  })
})
