import { setImmediate } from 'node:timers/promises'
import type {
  ZoneCollection,
  ZoneImport,
  ZoneImportResult,
  ZoneProblem,
  ZoneVersions,
} from '../../contracts/http/zones.ts'
import type { StaffId } from '../../contracts/ids.ts'
import { type Refusal, refuse } from '../../contracts/refusals.ts'
import { distanceM, type EpochMs, epochMs, type Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database.ts'
import type { Ids } from '../platform/ids.ts'
import { checkShape, checkTogether } from './core/check-zones.ts'
import { type ImportPlan, planImport } from './core/plan-import.ts'
import { readZones } from './core/read-zones.ts'
import { allRings, problemAt, type ZoneDraft } from './core/zone-draft.ts'
import { collectionOf, featureOf, zonesAt } from './zones-at.ts'
import {
  holdZones,
  newestZones,
  saveChanges,
  type UnsoundArea,
  unsoundAreas,
  versionsOf,
  zonesRevision,
} from './zones-store.ts'

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

export function createZones(deps: { readonly db: Database; readonly clock: Clock; readonly ids: Ids }): Zones {
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
      const unsound = [...problems, ...(await shapeProblems(drafts))]
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
        if (isDone) return resultOf(plan, true, [])
      }
      return refuse('too_many_requests', 'Others are changing zones at the same time. Try again.')
    },
    versions: async (zoneId) => {
      const versions = await versionsOf(db, zoneId, mostVersions)
      if (versions.length === 0) return refuse('not_found')
      return {
        versions: versions.map(({ zone, madeAtMs, madeBy }) => ({
          removed: zone.removed,
          madeAt: epochMs(madeAtMs),
          madeBy,
          feature: featureOf(zone),
        })),
      }
    },
  }

  /** Plain geometry names the vertex; PostGIS has the last word on what passed. */
  async function shapeProblems(drafts: readonly ZoneDraft[]): Promise<ZoneProblem[]> {
    const found: ZoneProblem[] = []
    for (const draft of drafts) {
      found.push(...checkShape(draft))
      // Thousands of positions take a while: unlocks go between.
      await setImmediate()
    }
    const wrong = new Set(found.map(({ feature }) => feature))
    const sound = drafts.filter(({ feature }) => !wrong.has(feature))
    const refused = await unsoundAreas(db, sound)
    const byFeature = new Map(sound.map((draft) => [draft.feature, draft]))
    return [
      ...found,
      ...refused.flatMap((one) => {
        const draft = byFeature.get(one.feature)
        return draft ? [unsoundProblem(draft, one)] : []
      }),
    ]
  }
}

function unsoundProblem(draft: ZoneDraft, { reason, lon, lat }: UnsoundArea): ZoneProblem {
  const code = /hole lies outside/i.test(reason) ? 'hole_outside' : 'crosses_itself'
  if (lon === null || lat === null) return problemAt(draft, code, `The area is not sound (${reason}). Draw it anew.`)
  const sentence = `The area is not sound at [${lon}, ${lat}] (${reason}). Draw it anew there.`
  const nearest = allRings(draft)
    .flatMap((ring, index) => ring.map((position, vertex) => ({ ring: index, vertex, position })))
    .map((one) => ({ ...one, metres: distanceM({ lon: one.position[0], lat: one.position[1] }, { lon, lat }) }))
    .reduce((best, one) => (one.metres < best.metres ? one : best))
  return problemAt(draft, code, sentence, { ring: nearest.ring, vertex: nearest.vertex, at: [lon, lat] })
}

function resultOf(plan: ImportPlan, done: boolean, problems: readonly ZoneProblem[]): ZoneImportResult {
  const { added, changed, removed, unchanged } = plan
  const sorted = problems.toSorted((p, q) => p.feature - q.feature)
  return { done, added, changed, removed, unchanged, problems: sorted.slice(0, mostProblems) }
}
