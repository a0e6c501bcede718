import { Type } from 'typebox'
import { Uuid } from '../ids.ts'
import { EpochMsSchema } from '../units.ts'

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

/** A browser or phone in which the rider is logged in. Real time; the token itself is never told. */
export const RiderDevice = Type.Object({
  sessionId: Uuid,
  agent: orNull(Type.String({ description: 'what the browser says of itself' })),
  since: EpochMsSchema,
  /** To the day. */
  seenAt: EpochMsSchema,
  isThis: Type.Boolean(),
})
export type RiderDevice = Type.Static<typeof RiderDevice>
/** GET /v1/me/sessions, newest use first. DELETE /v1/me/sessions/{sessionId} → 204 logs out there. */
export const RiderDevices = Type.Object({ sessions: Type.Array(RiderDevice, { maxItems: 100 }) })
export type RiderDevices = Type.Static<typeof RiderDevices>

/** `asked`: it is being made. `failed`: it could not be. `gone`: its time is over, the file is deleted. */
export const DataExportState = Type.Enum(['asked', 'ready', 'failed', 'gone'])
export type DataExportState = Type.Static<typeof DataExportState>

const Code = Type.String({ pattern: '^[0-9]{6}$' })
/** POST /v1/me/exports. The code is of POST /v1/me/exports/codes: one for logging in or for deleting does not do it. */
export const ExportRequest = Type.Object({ code: Code }, closed)
/** POST /v1/me/exports → 202: a copy of everything that we keep of this rider. Real time. */
export const DataExport = Type.Object({
  exportId: Uuid,
  state: DataExportState,
  askedAt: EpochMsSchema,
  readyAt: orNull(EpochMsSchema),
  expiresAt: orNull(EpochMsSchema),
  bytes: orNull(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
})
export type DataExport = Type.Static<typeof DataExport>
/** GET /v1/me/exports, newest first. GET /v1/me/exports/{exportId}/file is one JSON document. */
export const DataExports = Type.Object({ exports: Type.Array(DataExport, { maxItems: 20 }) })
export type DataExports = Type.Static<typeof DataExports>

/** POST /v1/me/erasure → 202. The code is of POST /v1/me/erasure/codes: one for logging in does not do it. */
export const ErasureRequest = Type.Object({ confirm: Type.Literal('delete'), code: Code }, closed)
/** From now on nobody is logged in, and the address is a stranger's. What is left is forgotten within minutes. */
export const ErasureAccepted = Type.Object({ state: Type.Literal('asked') })
