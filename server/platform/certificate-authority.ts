import 'reflect-metadata'
import { createHash, createPrivateKey, hkdfSync, randomBytes, webcrypto } from 'node:crypto'
import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKeyType,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** Signs locks' certificates and the broker's own. P-256; its key never leaves DATA_DIR/secrets. */
export interface CertificateAuthority {
  /** What a lock must know to trust the broker, and the broker to trust a lock. PEM. */
  readonly certificatePem: string
  /** SHA-256 of the certificate: which authority a database was begun with. */
  readonly fingerprint: Buffer
  /** A client certificate whose common name is `lockId`; DER. */
  issue(order: {
    readonly lockId: string
    /** SPKI, DER. */
    readonly publicKey: Uint8Array
    readonly fromMs: number
    readonly untilMs: number
  }): Promise<{ readonly serial: string; readonly certificate: Uint8Array }>
  /** A new key and certificate for a server of these names and addresses, for a year; PEM. */
  serverIdentity(hosts: readonly string[], nowMs: number): Promise<{ readonly key: string; readonly cert: string }>
  /** 48 bytes: with the same ones, sessions are resumed across a restart, and a storm of locks costs no handshakes. */
  readonly ticketKeys: Buffer
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const
const dayMs = 86_400_000
const authorityDays = 7_300
const serverDays = 365
/** Clocks of locks are never quite right. */
const backdatedMs = dayMs
const serialBytes = 16
const fileName = 'lock-authority.pem'

/** Reads the authority in `DATA_DIR/secrets`, makes it at the first start. @throws when the file is damaged */
export async function openCertificateAuthority(dataDir: string, nowMs: number): Promise<CertificateAuthority> {
  const folder = join(dataDir, 'secrets')
  const file = join(folder, fileName)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pem = await readFile(file, 'utf8').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    await keep(file, await makeAuthority(nowMs))
    return readFile(file, 'utf8')
  })
  await chmod(file, 0o600)
  try {
    return await authorityOf(pem)
  } catch (cause) {
    throw new Error(`${file} is damaged: put back the file from your backup.`, { cause })
  }
}

/** Whole or not at all, and never over one that is there. */
async function keep(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`
  await writeFile(draft, text, { mode: 0o600, flush: true })
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(draft)
}

async function makeAuthority(nowMs: number): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    keys,
    name: 'CN=Zwerm lock authority',
    serialNumber: newSerial(),
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + authorityDays * dayMs),
    signingAlgorithm: signing,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey, false),
    ],
  })
  return `${await keyPemOf(keys.privateKey)}\n${certificate.toString('pem')}\n`
}

async function authorityOf(pem: string): Promise<CertificateAuthority> {
  const certificatePem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? ''
  const own = new X509Certificate(certificatePem)
  const pkcs8 = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })
  const signingKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  const sign = async (order: {
    readonly subject: string
    readonly publicKey: PublicKeyType
    readonly fromMs: number
    readonly untilMs: number
    readonly usage: ExtendedKeyUsage
    readonly hosts?: readonly string[]
  }) => {
    const serialNumber = newSerial()
    const { subject, publicKey, usage, hosts = [] } = order
    const names = hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value }))
    const certificate = await X509CertificateGenerator.create({
      ...{ serialNumber, subject, issuer: own.subject, publicKey, signingKey, signingAlgorithm: signing },
      notBefore: new Date(order.fromMs - backdatedMs),
      notAfter: new Date(order.untilMs),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        await AuthorityKeyIdentifierExtension.create(own.publicKey, false),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    })
    return { serial: serialNumber, certificate: new Uint8Array(certificate.rawData) }
  }
  return {
    certificatePem: `${certificatePem}\n`,
    fingerprint: createHash('sha256').update(new Uint8Array(own.rawData)).digest(),
    ticketKeys: Buffer.from(hkdfSync('sha256', pkcs8, '', 'tls session tickets', 48)),
    issue: async ({ lockId, publicKey, fromMs, untilMs }) =>
      sign({
        ...{ subject: `CN=${lockId}`, fromMs, untilMs, usage: ExtendedKeyUsage.clientAuth },
        publicKey: Buffer.from(publicKey),
      }),
    serverIdentity: async (hosts, nowMs) => {
      const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const { certificate } = await sign({
        ...{ subject: 'CN=Zwerm broker', publicKey: keys.publicKey, hosts: [...new Set(hosts)] },
        ...{ fromMs: nowMs, untilMs: nowMs + serverDays * dayMs, usage: ExtendedKeyUsage.serverAuth },
      })
      return { key: await keyPemOf(keys.privateKey), cert: pemOf(certificate) }
    },
  }
}

/** A certificate as locks and tools read it. */
export const pemOf = (certificate: Uint8Array): string => {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

async function keyPemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()
}

/** Positive and without a leading zero byte, so that it reads the same everywhere. Hex. */
function newSerial(): string {
  const bytes = randomBytes(serialBytes)
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f)
  return bytes.toString('hex')
}
