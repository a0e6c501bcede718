import type { Logger } from 'pino'
import type {
  CredentialKind,
  LockRenewal,
  LockRevocation,
  LockSecrets,
  RevokedLock,
} from '../../contracts/http/locks.ts'
import { asId, type BikeId, type LockId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs } from '../../contracts/units.ts'
import { firstKeyEpoch } from '../fleet/add-bike.ts'
import type { ServiceEntry } from '../fleet/bike-service.ts'
import { afterCommit } from '../platform/after-commit.ts'
import type { LockCertificate } from '../platform/broker-tls.ts'
import { type CertificateAuthority, pemOf } from '../platform/certificate-authority.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import type { LockKeys } from '../unlocking/lock-keys.ts'
import {
  certificatesOf,
  changedCredentials,
  credentialHeld,
  credentialsOf,
  endCertificates,
  insertCertificate,
  isOwnAuthority,
  type StoredCertificate,
  type StoredCredential,
  saveCredential,
  saveRevocation,
} from './credential-store.ts'
import { lockKeyPair } from './lock-key-pair.ts'

/** Who may speak for a lock, and what it has to be told for that. */
export interface Credentials {
  /** The password that opens the broker to this lock now; null: none does. From memory. */
  passwordOf(lockId: LockId): string | null
  /** Whether this is the one certificate that a lock of ours has now. From memory. */
  certificateHolds(certificate: LockCertificate): boolean
  isRevoked(tx: Queryable, lockId: LockId): Promise<boolean>
  /** What these locks have to be told: the same again until it is revoked or renewed; null for a revoked one. */
  secretsOf(lockIds: readonly LockId[]): Promise<ReadonlyMap<LockId, LockSecrets | null>>
  /** Gives a lock that still has its first password a certificate instead; what came after that stays. */
  certify(lockId: LockId): Promise<Refusal | null>
  revoke(lockId: LockId, order: LockRevocation, by: Asker): Promise<RevokedLock | Refusal>
  /** The old secrets are void, whether or not they were revoked. */
  renew(lockId: LockId, order: LockRenewal, by: Asker): Promise<LockSecrets | Refusal>
}

export interface Asker {
  /** Null: whoever has the factory token. */
  readonly staffId: string | null
  /** Writes down what was done in its own transaction; the desk's requests are written down before they begin. */
  readonly note?: (tx: Queryable, bikeId: BikeId) => Promise<void>
}

export interface CredentialsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly keys: LockKeys
  readonly masterKey: Uint8Array
  /** Null: no TLS port, no certificates. */
  readonly authority: CertificateAuthority | null
  readonly fleet: {
    bikeOfLock(lockId: LockId): BikeId | null
    holdBikes(tx: Queryable, bikeIds: readonly string[]): Promise<readonly { readonly inUse: boolean }[]>
    changeService(tx: Queryable, entry: ServiceEntry): Promise<void>
  }
  /** Closes the lock's connection, if there is one. */
  readonly kick: (lockId: LockId) => void
  readonly tellDesk: (event: DeskEvent) => void
}

/** Longer than a bike lives in the street; a stolen one is revoked. */
const certificateLastsMs = 5 * 365 * 86_400_000

type Known = Pick<StoredCredential, 'epoch' | 'credential' | 'serial'> & { readonly isRevoked: boolean }
/** A repeated order must not undo a renewal. */
const hasFirstPassword = ({ credential, revokedAtMs, epoch }: StoredCredential): boolean =>
  credential === 'password' && revokedAtMs === null && epoch === firstKeyEpoch

const asNew: Known = { epoch: firstKeyEpoch, credential: 'password', serial: null, isRevoked: false }

/** @throws with a sentence when this database was begun with another certificate authority. `db` is `withAfterCommit`. */
export async function openCredentials(deps: CredentialsDeps): Promise<Credentials> {
  const { db, clock, logger, keys, authority, fleet } = deps
  if (authority !== null && !(await isOwnAuthority(db, authority.fingerprint))) {
    throw new Error(
      'DATA_DIR/secrets/lock-authority.pem is not the one that this database was begun with: put back that file, or the locks with certificates stay outside.',
    )
  }
  const changed = new Map<LockId, Known>()
  const remember = (one: StoredCredential): void => {
    changed.set(one.lockId, { ...one, isRevoked: one.revokedAtMs !== null })
  }
  for (const one of await changedCredentials(db)) remember(one)
  const known = (lockId: LockId): Known => changed.get(lockId) ?? asNew
  const put = (tx: Queryable, lockId: LockId, next: Known, bikeId: BikeId): void =>
    afterCommit(tx, () => {
      changed.set(lockId, next)
      deps.kick(lockId)
      deps.tellDesk({ kind: 'bike', bikeId })
    })

  function secretsFor(one: StoredCredential, certificate: Uint8Array | undefined): LockSecrets {
    const { lockId, epoch, credential, keyVersion } = one
    const isPassword = credential === 'password'
    return {
      ...{ lockId, credential, keyVersion },
      mqttPassword: isPassword ? keys.mqttPassword(lockId, epoch) : null,
      certificatePem: isPassword || certificate === undefined ? null : pemOf(certificate),
      privateKeyPem: isPassword ? null : lockKeyPair(deps.masterKey, lockId, epoch).privateKeyPem,
      authorityPem: authority?.certificatePem ?? null,
      commandKeyHex: Buffer.from(keys.commandKey(lockId, epoch, keyVersion)).toString('hex'),
      phoneKeyHex: Buffer.from(keys.phoneKey(lockId, epoch, keyVersion)).toString('hex'),
    }
  }

  async function newCertificate(lockId: LockId, epoch: number): Promise<StoredCertificate | Refusal> {
    if (authority === null) return refuse('certificates_off')
    const issuedAtMs = clock.realNowMs()
    const expiresAtMs = issuedAtMs + certificateLastsMs
    const { publicKey } = lockKeyPair(deps.masterKey, lockId, epoch)
    const issued = await authority.issue({ lockId, publicKey, fromMs: issuedAtMs, untilMs: expiresAtMs })
    return { ...issued, lockId, epoch, issuedAtMs, expiresAtMs }
  }

  /** Signed before the transaction, for this epoch; whoever changed it since `now` was read wins. */
  async function replace(
    now: StoredCredential,
    next: { readonly credential: CredentialKind; readonly epoch: number },
    note: Asker['note'] = undefined,
  ): Promise<{ readonly stored: StoredCredential; readonly certificate: Uint8Array | undefined } | Refusal> {
    const { lockId } = now
    const { credential, epoch } = next
    const issued = credential === 'certificate' ? await newCertificate(lockId, epoch) : null
    if (isRefusal(issued)) return issued
    const serial = issued?.serial ?? null
    const stored: StoredCredential = { ...now, ...next, serial, revokedAtMs: null }
    const refused = await db.transaction(async (tx) => {
      await fleet.holdBikes(tx, [now.bikeId])
      const held = await credentialHeld(tx, lockId)
      if (held?.epoch !== now.epoch || held.serial !== now.serial) return refuse('credential_changed')
      await endCertificates(tx, lockId, clock.realNowMs())
      if (issued !== null) await insertCertificate(tx, issued)
      await saveCredential(tx, lockId, stored)
      await note?.(tx, now.bikeId)
      put(tx, lockId, { ...next, serial, isRevoked: false }, now.bikeId)
      return null
    })
    return refused ?? { stored, certificate: issued?.certificate }
  }

  return {
    passwordOf: (lockId) => {
      const { epoch, credential, isRevoked } = known(lockId)
      if (fleet.bikeOfLock(lockId) === null || isRevoked || credential !== 'password') return null
      return keys.mqttPassword(lockId, epoch)
    },
    certificateHolds: ({ lockId, serial }) => {
      const now = known(asId<LockId>(lockId))
      return !now.isRevoked && now.serial === serial
    },
    isRevoked: async (tx, lockId) => {
      const [now] = await credentialsOf(tx, [lockId])
      return now !== undefined && now.revokedAtMs !== null
    },
    secretsOf: async (lockIds) => {
      const stored = await credentialsOf(db, lockIds)
      const certificates = await certificatesOf(
        db,
        stored.flatMap(({ serial }) => serial ?? []),
      )
      return new Map(
        stored.map((one) => [
          one.lockId,
          one.revokedAtMs === null ? secretsFor(one, certificates.get(one.serial ?? '')) : null,
        ]),
      )
    },
    certify: async (lockId) => {
      const readNow = async () => (await credentialsOf(db, [lockId]))[0]
      // From the database: the same order may have been carried out meanwhile, and memory hears of that a moment later.
      const now = await readNow()
      if (now === undefined) return refuse('not_found')
      if (!hasFirstPassword(now)) return null
      const done = await replace(now, { credential: 'certificate', epoch: now.epoch })
      if (!isRefusal(done)) return null
      const isOvertaken = done.code === 'credential_changed' && (await readNow())?.credential === 'certificate'
      return isOvertaken ? null : done
    },
    revoke: (lockId, { reason, cause }, by) =>
      db.transaction(async (tx) => {
        const bikeId = fleet.bikeOfLock(lockId)
        if (bikeId === null) return refuse('not_found')
        const [bike] = await fleet.holdBikes(tx, [bikeId])
        const now = await credentialHeld(tx, lockId)
        if (now === null || bike === undefined) return refuse('not_found')
        if (now.revokedAtMs !== null) return refuse('lock_revoked')
        const realMs = clock.realNowMs()
        const inRide = bike.inUse
        await saveRevocation(tx, lockId, reason, realMs)
        const entry = { bikeId, state: 'out', reason: cause, note: reason, inRide, staffId: by.staffId } as const
        if (!now.isRetired) await fleet.changeService(tx, { ...entry, atMs: clock.nowMs() })
        await by.note?.(tx, bikeId)
        put(tx, lockId, { epoch: now.epoch + 1, credential: now.credential, serial: null, isRevoked: true }, bikeId)
        logger.warn({ lockId, bikeId, cause, staffId: by.staffId }, 'the credential of a lock was revoked')
        return { lockId, bikeId, revokedAt: epochMs(realMs), inRide }
      }),
    renew: async (lockId, { credential }, by) => {
      const [now] = await credentialsOf(db, [lockId])
      if (now === undefined) return refuse('not_found')
      // The epoch of a revoked one is new already, and was told to nobody.
      const epoch = now.revokedAtMs === null ? now.epoch + 1 : now.epoch
      const done = await replace(now, { credential: credential ?? now.credential, epoch }, by.note)
      if (isRefusal(done)) return done
      logger.info(
        { lockId, credential: done.stored.credential, staffId: by.staffId },
        'a lock was given a new credential',
      )
      return secretsFor(done.stored, done.certificate)
    },
  }
}
