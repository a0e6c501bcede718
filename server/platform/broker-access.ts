import { createHash, timingSafeEqual } from 'node:crypto'
import { asId, type LockId, lockIdPattern } from '../../contracts/ids.ts'
import { maxPayloadBytes } from '../../contracts/mqtt/reports.ts'
import { downlinkFilter, type ParsedTopic, parseTopic, presenceTopic } from '../../contracts/mqtt/topics.ts'
import type { LockCertificate } from './broker-tls.ts'

/** Who may connect, and to what. A lock reaches its own topics only; its client id and user name are its lock id. */

const lockId = new RegExp(lockIdPattern)

export interface Credentials {
  readonly clientId: string
  readonly username: string | undefined
  readonly password: Uint8Array | undefined
}

/** The lock that these credentials prove, or null. Takes as long for an unknown lock as for a wrong password. */
export function provenLock(credentials: Credentials, passwordOf: (lockId: LockId) => string | null): LockId | null {
  const { clientId, username, password } = credentials
  if (!lockId.test(clientId) || username !== clientId || password === undefined) return null
  const id = asId<LockId>(clientId)
  const expected = passwordOf(id)
  const same = timingSafeEqual(digest(password), digest(Buffer.from(expected ?? 'no lock has this password')))
  return same && expected !== null ? id : null
}

/** The lock that a certificate proves under this client id, or why not; whose it is was judged with the handshake. */
export function certifiedLock(
  clientId: string,
  certificate: LockCertificate,
  holds: (certificate: LockCertificate) => boolean = () => false,
): LockId | { readonly no: 'certificate_of_other' | 'certificate_revoked' } {
  if (certificate.lockId !== clientId) return { no: 'certificate_of_other' }
  return holds(certificate) ? asId<LockId>(clientId) : { no: 'certificate_revoked' }
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

export const maySubscribe = (lock: string, filter: string): boolean => filter === downlinkFilter(asId<LockId>(lock))

/** Null when this lock may not publish this. `lock` is null for a will whose connection is already forgotten. */
export function publishableTopic(lock: string | null, topic: string): ParsedTopic | null {
  const parsed = parseTopic(topic)
  if (parsed === null) return null
  return lock === null || parsed.lockId === lock ? parsed : null
}

/** A will is presence of the lock itself, and small. */
export function isAllowedWill(lock: string, will: { readonly topic: string; readonly payload: Uint8Array | string }) {
  return will.topic === presenceTopic(asId<LockId>(lock)) && will.payload.length <= maxPayloadBytes
}
