import { setImmediate } from 'node:timers/promises'
import type { ZoneProblem } from '../../contracts/http/zones.ts'
import type { Database } from '../platform/database.ts'
import { checkShape, nearestVertex } from './core/check-zones.ts'
import { problemAt, type ZoneDraft } from './core/zone-draft.ts'
import { type UnsoundArea, unsoundAreas } from './zones-store.ts'

/** What is wrong with areas by themselves: plain geometry names the vertex; PostGIS has the last word on what passed. */
export async function shapeProblems(db: Database, drafts: readonly ZoneDraft[]): Promise<ZoneProblem[]> {
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

function unsoundProblem(draft: ZoneDraft, { reason, lon, lat }: UnsoundArea): ZoneProblem {
  const code = /hole lies outside/i.test(reason) ? 'hole_outside' : 'crosses_itself'
  if (lon === null || lat === null) return problemAt(draft, code, `The area is not sound (${reason}). Draw it anew.`)
  const sentence = `The area is not sound at [${lon}, ${lat}] (${reason}). Draw it anew there.`
  return problemAt(draft, code, sentence, { ...nearestVertex(draft, [lon, lat]), at: [lon, lat] })
}
