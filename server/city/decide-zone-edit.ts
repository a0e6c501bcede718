import type { ZoneRemoval, ZoneSave } from '../../contracts/http/zones.ts'
import type { StaffId } from '../../contracts/ids.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { holdingAt } from './core/check-edit.ts'
import { facingOut, readZones } from './core/read-zones.ts'
import { isSameShape } from './core/same-shape.ts'
import { problemAt, type ZoneDraft } from './core/zone-draft.ts'
import type { Decided } from './settle-zone-edit.ts'
import { shapeProblems } from './shape-problems.ts'
import { callOff, versionsFrom } from './zone-edits-store.ts'
import { type KeptVersion, saveChanges, versionsOf } from './zones-store.ts'

export interface ZoneEditor {
  readonly staffId: StaffId
  /** Of the city, to notice exchanged coordinates. */
  readonly centre: Position | null
}

const mostVersions = 500

/** What an order means for a zone as it is kept now. */
export function zoneEditDeciders({ db, clock }: { readonly db: Database; readonly clock: Clock }) {
  /** From when on an edit holds; a refusal for a moment that is past. */
  const beginOf = (holdsFrom: number | undefined): EpochMs | Refusal => {
    const nowMs = clock.nowMs()
    if (holdsFrom !== undefined && holdsFrom < nowMs) {
      return refuse('bad_request', 'holdsFrom is past: what held is not changed. Leave it out to begin now.')
    }
    return epochMs(holdsFrom ?? nowMs)
  }

  /** The newest version is the one that the page knew, or somebody else was first. */
  async function expected(zoneId: string, version: number): Promise<readonly KeptVersion[] | Refusal> {
    const kept = await versionsOf(db, zoneId, mostVersions)
    const newest = kept.at(-1)
    if ((newest?.zone.version ?? 0) === version) return kept
    return newest === undefined ? refuse('not_found') : changedBy(newest)
  }

  async function decideSave(zoneId: string, order: ZoneSave, by: ZoneEditor): Promise<Decided | Refusal> {
    const holdsFromMs = beginOf(order.holdsFrom)
    if (isRefusal(holdsFromMs)) return holdsFromMs
    const { drafts, problems } = readZones({ type: 'FeatureCollection', features: [order.feature] }, by.centre)
    const [draft = null] = drafts
    const known = await expected(zoneId, order.expectedVersion)
    if (isRefusal(known)) return (await wasMine(zoneId, draft, order, by)) ?? known
    const last = known.at(-1)?.zone
    const unsound = [...problems, ...(await shapeProblems(db, drafts))]
    if (last !== undefined && draft !== null && last.kind !== draft.kind) {
      const sentence = `A zone keeps its kind, ${last.kind}. Draw a new one, and remove this one.`
      unsound.push(problemAt(draft, 'kind_changed', sentence))
    }
    const version = order.expectedVersion + 1
    const shape = draft === null ? null : { ...draft, polygons: draft.polygons.map(facingOut) }
    return {
      edit: { zoneId, holdsFromMs, after: () => draft, changesAtMs: [] },
      problems: unsound,
      version,
      write: (tx) => write(tx, { zoneId, version, shape }, { holdsFromMs, by }),
    }
  }

  /** The same person said the same just now: the answer was lost on the way. */
  async function wasMine(
    zoneId: string,
    draft: ZoneDraft | null,
    order: ZoneSave,
    by: ZoneEditor,
  ): Promise<Decided | null> {
    const newest = (await versionsOf(db, zoneId, 1)).at(-1)
    if (newest === undefined || draft === null || newest.calledOff !== null || newest.zone.removed) return null
    const { zone, madeById } = newest
    const isMine = zone.version === order.expectedVersion + 1 && madeById === by.staffId
    if (!isMine || !isSameShape(draft, zone)) return null
    if (order.holdsFrom !== undefined && order.holdsFrom !== zone.holdsFromMs) return null
    return {
      edit: { zoneId, holdsFromMs: zone.holdsFromMs, after: () => draft, changesAtMs: [] },
      ...{ problems: [], version: zone.version, isDone: true },
      write: async () => undefined,
    }
  }

  const write = (
    tx: Queryable,
    change: Parameters<typeof saveChanges>[1][number],
    { holdsFromMs, by }: { readonly holdsFromMs: EpochMs; readonly by: ZoneEditor },
  ) => saveChanges(tx, [change], { holdsFromMs, atMs: clock.nowMs(), by: by.staffId })

  async function decideRemoval(zoneId: string, order: ZoneRemoval, by: ZoneEditor): Promise<Decided | Refusal> {
    const holdsFromMs = beginOf(order.holdsFrom)
    if (isRefusal(holdsFromMs)) return holdsFromMs
    const known = await expected(zoneId, order.expectedVersion)
    if (isRefusal(known)) return known
    const standing = known.findLast(({ calledOff }) => calledOff === null)
    if (standing === undefined || standing.zone.removed) return refuse('not_found')
    const version = order.expectedVersion + 1
    return {
      edit: { zoneId, holdsFromMs, after: () => null, changesAtMs: [] },
      problems: [],
      version,
      write: (tx) => write(tx, { zoneId, version, shape: null }, { holdsFromMs, by }),
    }
  }

  async function decideCallOff(zoneId: string, version: number, by: ZoneEditor): Promise<Decided | Refusal> {
    const nowMs = clock.nowMs()
    const kept = await versionsOf(db, zoneId, mostVersions)
    const meant = kept.find(({ zone }) => zone.version === version)
    if (meant === undefined || meant.calledOff !== null) return refuse('not_found')
    if (meant.zone.holdsFromMs <= nowMs) return refuse('zone_in_force')
    const { holdsFromMs } = meant.zone
    const without = { zoneId, version }
    const own = (await versionsFrom(db, epochMs(holdsFromMs), without)).filter((zone) => zone.zoneId === zoneId)
    return {
      edit: {
        zoneId,
        holdsFromMs,
        after: (atMs) => holdingAt(own, atMs).map((zone) => ({ ...zone, feature: 0 }))[0] ?? null,
        changesAtMs: own.map((zone) => zone.holdsFromMs),
      },
      problems: [],
      without,
      version: kept.at(-1)?.zone.version ?? version,
      write: async (tx) => void (await callOff(tx, without, { staffId: by.staffId, atMs: nowMs })),
    }
  }

  return { decideSave, decideRemoval, decideCallOff }
}

function changedBy({ madeAtMs, madeBy, calledOff, zone }: KeptVersion): Refusal {
  const [who, atMs] = calledOff === null ? [madeBy, madeAtMs] : [calledOff.by, calledOff.atMs]
  const when = new Date(atMs).toISOString()
  return refuse(
    'zone_changed',
    `${who ?? 'The platform'} changed it at ${when}; its newest version is ${zone.version}.`,
  )
}
