import { createPublicKey, generateKeyPairSync, type KeyObject, randomInt } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { privateKeyOf } from './signing.ts'

const keyBody = Type.String({ minLength: 300, maxLength: 4_000, pattern: '^[A-Za-z0-9+/=]+$' })

const KeyFile = Type.Object(
  {
    appId: Type.String({ pattern: '^2021\\d{12}$' }),
    sellerId: Type.String({ pattern: '^2088\\d{12}$' }),
    alipayPrivateKey: keyBody,
    merchantPrivateKey: keyBody,
  },
  { additionalProperties: false },
)
type KeyFile = Type.Static<typeof KeyFile>

export interface Keys {
  readonly appId: string
  readonly sellerId: string
  /** The provider's own key: signs answers and notifications. */
  readonly alipayPrivateKey: KeyObject
  /** The demo app's key: what requests are verified with. */
  readonly merchantPublicKey: KeyObject
  /** PKCS8 and SPKI base64 bodies, as the merchant's settings hold them. */
  readonly merchantPrivateKeyBody: string
  readonly alipayPublicKeyBody: string
}

/** Reads the keys in a folder, or makes them at the first start. The folder becomes 0700, the file 0600. */
export async function openKeys(dataDir: string): Promise<Keys> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await chmod(dataDir, 0o700)
  const path = join(dataDir, 'keys.json')
  const stored = await readIfThere(path)
  const file: unknown = stored === undefined ? makeKeys() : JSON.parse(stored)
  if (!Value.Check(KeyFile, file)) throw new Error(`${path} does not hold the sandbox's keys`)
  if (stored === undefined) await writePrivately(path, file)
  const alipayPrivateKey = privateKeyOf(file.alipayPrivateKey)
  return {
    appId: file.appId,
    sellerId: file.sellerId,
    alipayPrivateKey,
    merchantPublicKey: createPublicKey(privateKeyOf(file.merchantPrivateKey)),
    merchantPrivateKeyBody: file.merchantPrivateKey,
    alipayPublicKeyBody: createPublicKey(alipayPrivateKey).export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}

/** Writes `merchant.json`, which the platform reads as its provider settings. Whole or not at all, 0600. */
export async function writeMerchantFile(dataDir: string, keys: Keys, url: string): Promise<void> {
  await writePrivately(join(dataDir, 'merchant.json'), {
    appId: keys.appId,
    sellerId: keys.sellerId,
    keyType: 'PKCS8',
    merchantPrivateKey: keys.merchantPrivateKeyBody,
    alipayPublicKey: keys.alipayPublicKeyBody,
    gateway: `${url}/gateway.do`,
    appLink: `${url}/app/open?qrcode=`,
  })
}

function makeKeys(): KeyFile {
  return {
    appId: `2021${digits(12)}`,
    sellerId: `2088${digits(12)}`,
    alipayPrivateKey: newPrivateKey(),
    merchantPrivateKey: newPrivateKey(),
  }
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function writePrivately(path: string, content: object): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(draft, 0o600)
  await rename(draft, path)
}
