import { readFile } from 'node:fs/promises'
import type { BrokerTls } from './platform/broker-tls.ts'
import type { CertificateAuthority } from './platform/certificate-authority.ts'
import type { Settings } from './settings.ts'

/** The second door for locks, where MQTTS_PORT asks for one: our own authority, and the operator's certificate or ours. */
export interface LocksTls {
  readonly tls: BrokerTls
  readonly authority: CertificateAuthority
}

export async function openLocksTls(settings: Settings, publicUrl: string, nowMs: number): Promise<LocksTls | null> {
  const { MQTTS_PORT: port, MQTTS_CERT_FILE: certFile, MQTTS_KEY_FILE: keyFile } = settings
  if (port === undefined) return null
  // Only a platform with this door loads what makes certificates.
  const { openCertificateAuthority } = await import('./platform/certificate-authority.ts')
  const authority = await openCertificateAuthority(settings.DATA_DIR, nowMs)
  const hosts = ['localhost', '127.0.0.1', '::1', settings.HOST, new URL(publicUrl).hostname]
  const own =
    certFile === undefined || keyFile === undefined
      ? await authority.serverIdentity(hosts.filter(isReachable), nowMs)
      : { cert: await textOf(certFile), key: await textOf(keyFile) }
  const tls = { ...own, port, authority: authority.certificatePem, ticketKeys: authority.ticketKeys }
  return { tls, authority }
}

/** An address to listen on may be all of them, which is nobody's name. */
const isReachable = (host: string): boolean => host !== '0.0.0.0' && host !== '::'

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Error(`${file} cannot be read: MQTTS_CERT_FILE and MQTTS_KEY_FILE are PEM files.`, { cause })
  }
}
