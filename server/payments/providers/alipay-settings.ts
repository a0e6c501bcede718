import { createPrivateKey, createPublicKey } from 'node:crypto'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** How to reach Alipay and prove who we are. Keys are PKCS#8 and SPKI, PEM or bare base64. */
export interface AlipaySettings {
  readonly appId: string
  readonly merchantPrivateKey: string
  readonly alipayPublicKey: string
  readonly gateway: string
  readonly sellerId: string
  /** What opens the payment app at a code that follows, encoded; the provider's own when left out. */
  readonly appLink?: string
}

const Settings = Type.Object({
  appId: Type.String({ pattern: '^[0-9]{8,32}$' }),
  merchantPrivateKey: Type.String({ minLength: 100, maxLength: 8_192 }),
  alipayPublicKey: Type.String({ minLength: 100, maxLength: 4_096 }),
  gateway: Type.String({ pattern: '^https?://[^\\s]{1,200}$' }),
  sellerId: Type.String({ pattern: '^[0-9]{8,28}$' }),
  appLink: Type.Optional(Type.String({ pattern: '^(https?|alipays)://[^\\s]{1,200}$' })),
})
const settings = Compile(Settings)

/** The only gateway of the real provider; every other is a sandbox. */
const productionHosts: ReadonlySet<string> = new Set(['openapi.alipay.com'])
const smallestKeyBits = 2048

/**
 * Checks what was configured (`merchant.json` of a sandbox, or the operator's own file).
 * Throws with a sentence for the operator. Outside of the demo only the provider's own gateway over TLS is accepted:
 * a production start that talks to a sandbox would hand out rides for play money.
 */
export function alipaySettings(input: unknown, mode: { readonly demo: boolean }): AlipaySettings {
  if (!settings.Check(input)) {
    const [first] = settings.Errors(input)
    throw new Error(`Alipay settings: ${first ? `${first.instancePath || 'file'} ${first.message}` : 'do not fit'}`)
  }
  const checked: AlipaySettings = input
  const gateway = new URL(checked.gateway)
  if (!mode.demo && gateway.protocol !== 'https:') throw new Error('Alipay settings: the gateway must be https:// here')
  if (!mode.demo && !productionHosts.has(gateway.hostname)) {
    throw new Error(`Alipay settings: ${gateway.hostname} is a sandbox; only the demo may pay with play money`)
  }
  if (!mode.demo && checked.appLink?.startsWith('alipays://') === false) {
    throw new Error('Alipay settings: appLink must be alipays:// here')
  }
  requireKey('merchantPrivateKey', () => createPrivateKey(pem(checked.merchantPrivateKey, 'PRIVATE KEY')))
  requireKey('alipayPublicKey', () => createPublicKey(pem(checked.alipayPublicKey, 'PUBLIC KEY')))
  return checked
}

function requireKey(name: string, read: () => ReturnType<typeof createPublicKey>): void {
  let key: ReturnType<typeof createPublicKey>
  try {
    key = read()
  } catch (cause) {
    throw new Error(`Alipay settings: ${name} is not a readable key`, { cause })
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < smallestKeyBits) {
    throw new Error(`Alipay settings: ${name} must be RSA with at least ${smallestKeyBits} bits`)
  }
}

const pem = (key: string, label: string): string =>
  key.includes('-----BEGIN') ? key : `-----BEGIN ${label}-----\n${key}\n-----END ${label}-----`
