import type {
  ZoneCollection,
  ZoneImport,
  ZoneImportResult,
  ZoneProblem,
  ZoneVersions,
} from '../../contracts/http/zones.ts'
import type { StaffId } from '../../contracts/ids.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { checkTogether } from './core/check-zones.ts'
import { type ImportPlan, planImport } from './core/plan-import.ts'
import { readZones } from './core/read-zones.ts'
import { shapeProblems } from './shape-problems.ts'
import { collectionOf, featureOf, zonesAt } from './zones-at.ts'
import { holdZones, newestZones, saveChanges, versionsOf, zonesRevision } from './zones-store.ts'

export interface Zones {
  /** The zones that hold at a moment of city time; null is now. */
  collectionAt(atMs: EpochMs | null): Promise<ZoneCollection>
  /** All of it or nothing. Refusals: `bad_request` for a moment that is past, `too_many_requests`. */
  importZones(order: ZoneImport, by: ImportBy): Promise<ZoneImportResult | Refusal>
  versions(zoneId: string): Promise<ZoneVersions | Refusal>
}

export interface ImportBy {
  /** Null: the platform itself. */
  readonly staffId: StaffId | null
  /** Of the city, to notice exchanged coordinates. */
  readonly centre: Position | null
}

const mostProblems = 200
const mostVersions = 500
/** How often an import is decided anew because somebody else changed zones meanwhile. */
const mostTries = 3

export function createZones(deps: {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly tellDesk?: (event: DeskEvent) => void
}): Zones {
  const { db, clock, ids } = deps
  return {
    collectionAt: async (atMs) => collectionOf(await zonesAt(db, atMs ?? clock.nowMs())),
    importZones: async (order, { staffId, centre }) => {
      const nowMs = clock.nowMs()
      if (order.holdsFrom !== undefined && order.holdsFrom < nowMs) {
        return refuse('bad_request', 'holdsFrom is past: what held is not changed. Leave it out to begin now.')
      }
      const holdsFromMs = epochMs(order.holdsFrom ?? nowMs)
      const { drafts, problems } = readZones(order.collection, centre)
      const unsound = [...problems, ...(await shapeProblems(db, drafts))]
      for (let tries = 0; tries < mostTries; tries++) {
        const revision = await zonesRevision(db)
        const plan = planImport(drafts, await newestZones(db), {
          mode: order.mode,
          holdsFromMs,
          newId: () => ids.uuid(),
        })
        const wrong = new Set(unsound.map(({ feature }) => feature))
        const sound = drafts.filter(({ feature }) => !wrong.has(feature))
        const found = [...unsound, ...plan.problems, ...checkTogether(sound, plan.others)]
        if (found.length > 0) return resultOf(plan, false, found)
        if (order.dryRun) return resultOf(plan, false, [])
        const isDone = await db.transaction(async (tx) => {
          await holdZones(tx)
          if ((await zonesRevision(tx)) !== revision) return false
          await saveChanges(tx, plan.changes, { holdsFromMs, atMs: nowMs, by: staffId })
          return true
        })
        if (!isDone) continue
        if (plan.changes.length > 0) deps.tellDesk?.({ kind: 'zones' })
        return resultOf(plan, true, [])
      }
      return refuse('too_many_requests', 'Others are changing zones at the same time. Try again.')
    },
    versions: async (zoneId) => {
      const versions = await versionsOf(db, zoneId, mostVersions)
      if (versions.length === 0) return refuse('not_found')
      return {
        versions: versions.map(({ zone, madeAtMs, madeBy, calledOff }) => ({
          removed: zone.removed,
          madeAt: epochMs(madeAtMs),
          madeBy,
          ...(calledOff === null ? {} : { calledOff: { at: epochMs(calledOff.atMs), by: calledOff.by } }),
          feature: featureOf(zone),
        })),
      }
    },
  }
}

function resultOf(plan: ImportPlan, done: boolean, problems: readonly ZoneProblem[]): ZoneImportResult {
  const { added, changed, removed, unchanged } = plan
  const sorted = problems.toSorted((p, q) => p.feature - q.feature)
  return { done, added, changed, removed, unchanged, problems: sorted.slice(0, mostProblems) }
}
