import { createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto'

/** RSA2: SHA256withRSA over the UTF-8 bytes of a text, as base64. */
function signText(privateKey: KeyObject, text: string): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(privateKey, 'base64')
}

/** Whether an RSA2 signature fits a text; false for anything malformed. */
export function verifyText(publicKey: KeyObject, text: string, signature: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false
  return createVerify('RSA-SHA256').update(text, 'utf8').verify(publicKey, signature, 'base64')
}

/** A private key from the base64 body of its PKCS8 form. */
export function privateKeyOf(pkcs8Base64: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8Base64, 'base64'), format: 'der', type: 'pkcs8' })
}

/** A public key from the base64 body of its SPKI form. */
export function publicKeyOf(spkiBase64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(spkiBase64, 'base64'), format: 'der', type: 'spki' })
}

/**
 * The text that a notification's signature covers: its fields without `sign` and `sign_type`, sorted, `k=v` joined by
 * `&`, values as they are before form encoding. Source: Alipay's notification documentation, vector `alipay_notify_rsa2`.
 */
export function notificationText(fields: Readonly<Record<string, string>>): string {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && name !== 'sign_type' && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
}

/** A notification's body as it goes over the wire: signed and form-encoded. */
export function signedForm(privateKey: KeyObject, fields: Readonly<Record<string, string>>): string {
  const sign = signText(privateKey, notificationText(fields))
  return new URLSearchParams({ ...fields, sign_type: 'RSA2', sign }).toString()
}

/** An answer as it goes over the wire: the signature covers exactly the bytes of the inner object. */
export function signedAnswer(privateKey: KeyObject, responseName: string, answer: object): string {
  const inner = JSON.stringify(answer)
  return `{"${responseName}":${inner},"sign":"${signText(privateKey, inner)}"}`
}
