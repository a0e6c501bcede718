import { Type } from 'typebox'
import { BikeCodeSchema, BikeNumberSchema, LockIdSchema, Uuid } from '../ids.ts'
import { EpochMsSchema } from '../units.ts'
import { Reason } from './bike-page.ts'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const BatchId = Type.String({ pattern: '^[a-z0-9-]{3,40}$', description: 'small letters, digits, dashes' })
/** How a lock proves itself to the broker. */
export const CredentialKind = Type.Union([Type.Literal('password'), Type.Literal('certificate')])
export type CredentialKind = Type.Static<typeof CredentialKind>
export const mostLocksOfBatch = 1_000
/** Labels of one sheet: see server/provisioning/core/label-sheet.ts. */
export const labelsOfSheet = 24

const batch = {
  batchId: BatchId,
  /** Locks are called prefix + six digits. */
  prefix: Type.String({ pattern: '^[a-z0-9-]{1,24}$' }),
  /** Number of the first lock. */
  first: Type.Integer({ minimum: 1, maximum: 999_000 }),
  size: Type.Integer({ minimum: 1, maximum: mostLocksOfBatch }),
  credential: CredentialKind,
}

/** POST /v1/factory/batches. The same again makes what is missing, and nothing twice. */
export const NewLockBatch = Type.Object(
  { ...batch, model: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })) },
  { additionalProperties: false },
)
export type NewLockBatch = Type.Static<typeof NewLockBatch>

export const LockBatch = Type.Object({
  ...batch,
  model: Type.String(),
  createdAt: EpochMsSchema,
  /** Of its locks: how many are there, have been heard, and are revoked. */
  made: Type.Integer({ minimum: 0, maximum: mostLocksOfBatch }),
  heard: Type.Integer({ minimum: 0, maximum: mostLocksOfBatch }),
  revoked: Type.Integer({ minimum: 0, maximum: mostLocksOfBatch }),
  labelSheets: Type.Integer({ minimum: 1, maximum: 42 }),
})
export type LockBatch = Type.Static<typeof LockBatch>

/** Everything that a lock has to be told, and what is printed on its bike. A secret: it is shown to nobody else. */
export const LockSecrets = Type.Object({
  lockId: LockIdSchema,
  credential: CredentialKind,
  /** Null for a lock with a certificate. */
  mqttPassword: OrNull(Type.String()),
  certificatePem: OrNull(Type.String()),
  privateKeyPem: OrNull(Type.String()),
  /** What the broker's own certificate is signed with; null where the platform has no TLS port. */
  authorityPem: OrNull(Type.String()),
  commandKeyHex: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  phoneKeyHex: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{64}$', description: "what the rider's phone opens it with, without coverage" }),
  ),
  keyVersion: Type.Integer({ minimum: 0, maximum: 255 }),
})
export type LockSecrets = Type.Static<typeof LockSecrets>

export const FactoryLock = Type.Object({
  bikeId: Uuid,
  number: BikeNumberSchema,
  code: BikeCodeSchema,
  /** What the QR code on the bike says. */
  url: Type.String(),
  /** Null: revoked, and without a new credential. */
  secrets: OrNull(LockSecrets),
  lockId: LockIdSchema,
})
export type FactoryLock = Type.Static<typeof FactoryLock>

/** GET /v1/factory/batches/{batchId}/locks, in the order of their ids. */
export const FactoryLocks = Type.Object({
  locks: Type.Array(FactoryLock, { maxItems: 100 }),
  next: OrNull(LockIdSchema),
})
export type FactoryLocks = Type.Static<typeof FactoryLocks>

/** GET /v1/staff/lock-batches, newest first. */
export const LockBatchQuery = Type.Object(
  { before: Type.Optional(BatchId), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 20 })) },
  { additionalProperties: false },
)
export const LockBatches = Type.Object({ batches: Type.Array(LockBatch, { maxItems: 50 }), next: OrNull(BatchId) })
export type LockBatches = Type.Static<typeof LockBatches>

/** What of a lock's credential: it may speak, it may not, or its certificate ends within the month. */
export const CredentialState = Type.Union([
  Type.Literal('active'),
  Type.Literal('ending'),
  Type.Literal('expired'),
  Type.Literal('revoked'),
])
export type CredentialState = Type.Static<typeof CredentialState>

/** GET /v1/staff/locks */
export const LockQuery = Type.Object(
  {
    /** A bike's number, or the beginning of a lock's id. */
    q: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,32}$' })),
    batch: Type.Optional(BatchId),
    revoked: Type.Optional(Type.Boolean()),
    after: Type.Optional(LockIdSchema),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  },
  { additionalProperties: false },
)
export const LockRow = Type.Object({
  lockId: LockIdSchema,
  bikeId: Uuid,
  number: BikeNumberSchema,
  batchId: OrNull(BatchId),
  credential: CredentialKind,
  /** How often its secrets were changed, from 1. */
  epoch: Type.Integer({ minimum: 1 }),
  state: CredentialState,
  /** Of its certificate. */
  expiresAt: OrNull(EpochMsSchema),
  revokedAt: OrNull(EpochMsSchema),
  revokedReason: OrNull(Type.String()),
  connected: Type.Boolean(),
  lastHeardAt: OrNull(EpochMsSchema),
})
export type LockRow = Type.Static<typeof LockRow>
export const LockRows = Type.Object({ locks: Type.Array(LockRow, { maxItems: 100 }), next: OrNull(LockIdSchema) })
export type LockRows = Type.Static<typeof LockRows>

/** POST /v1/staff/locks/{lockId}/revoke: it is cut off at once, and its bike is taken out of service. */
export const LockRevocation = Type.Object(
  {
    reason: Reason,
    cause: Type.Union([Type.Literal('stolen'), Type.Literal('broken'), Type.Literal('other')]),
  },
  { additionalProperties: false },
)
export type LockRevocation = Type.Static<typeof LockRevocation>
export const RevokedLock = Type.Object({
  lockId: LockIdSchema,
  bikeId: Uuid,
  revokedAt: EpochMsSchema,
  /** Somebody rides it: that ride has to be ended by hand. */
  inRide: Type.Boolean(),
})
export type RevokedLock = Type.Static<typeof RevokedLock>

/** POST /v1/staff/locks/{lockId}/renew: new secrets, told once; the old ones are void. */
export const LockRenewal = Type.Object(
  { reason: Reason, credential: Type.Optional(CredentialKind) },
  { additionalProperties: false },
)
export type LockRenewal = Type.Static<typeof LockRenewal>
