import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { checkBeside, hotspotsLeft } from './check-zones.ts'
import { type KnownZone, problemAt, type ZoneDraft } from './zone-draft.ts'

/** Of later moments at which something else changes, so many are looked at. */
const mostMoments = 40

export interface ZoneEdit {
  readonly zoneId: string
  readonly holdsFromMs: number
  /** What the zone is at a moment from then on; null: it is not there. Its feature is 0. */
  readonly after: (atMs: number) => ZoneDraft | null
  /** Moments after that at which the zone itself changes. */
  readonly changesAtMs: readonly number[]
}

export interface CheckedEdit {
  readonly problems: readonly ZoneProblem[]
  /** Hotspots that a service area covers without the edit, and none does with it. */
  readonly left: readonly KnownZone[]
  /** Service areas when the edit begins: as it would be without it, and with it. */
  readonly areas: { readonly before: readonly KnownZone[]; readonly after: readonly (KnownZone | ZoneDraft)[] }
  /** The city would be without its service area at some moment. */
  readonly takesTheArea: boolean
}

/**
 * What an edit of one zone means beside all others, when it begins and at each later moment at which another zone
 * changes. `versions`: of every zone what holds at `holdsFromMs`, and what is scheduled for later.
 */
export function checkEdit(versions: readonly KnownZone[], edit: ZoneEdit): CheckedEdit {
  const { zoneId, holdsFromMs } = edit
  const others = versions.filter((zone) => zone.zoneId !== zoneId)
  const later = [...others.map((zone) => zone.holdsFromMs), ...edit.changesAtMs].filter((atMs) => atMs > holdsFromMs)
  const moments = [...new Set([holdsFromMs, ...later.toSorted((p, q) => p - q)])].slice(0, mostMoments)
  const problems = new Map<string, ZoneProblem>()
  const left = new Map<string, KnownZone>()
  let takesTheArea = false
  for (const atMs of moments) {
    const beside = holdingAt(others, atMs)
    const after = edit.after(atMs)
    for (const problem of after === null ? [] : [...nameTwice(after, beside), ...checkBeside(after, beside)]) {
      problems.set(`${problem.code} ${problem.sentence}`, problem)
    }
    const areas = areasAt(versions, beside, edit, atMs)
    if (areas.before.length > 0 && areas.after.length === 0) takesTheArea = true
    const outBefore = new Set(hotspotsLeft(areas.before, beside).map(({ zone }) => zone.zoneId))
    for (const { zone } of hotspotsLeft(areas.after, beside))
      if (!outBefore.has(zone.zoneId)) left.set(zone.zoneId, zone)
  }
  return {
    problems: [...problems.values()],
    left: [...left.values()],
    areas: areasAt(versions, holdingAt(others, holdsFromMs), edit, holdsFromMs),
    takesTheArea,
  }
}

function areasAt(versions: readonly KnownZone[], beside: readonly KnownZone[], edit: ZoneEdit, atMs: number) {
  const isArea = (zone: KnownZone | ZoneDraft) => zone.kind === 'service_area'
  const own = holdingAt(
    versions.filter(({ zoneId }) => zoneId === edit.zoneId),
    atMs,
  )
  const after = edit.after(atMs)
  return {
    before: [...beside, ...own].filter(isArea),
    after: [...beside, ...(after === null ? [] : [after])].filter(isArea),
  }
}

/** The zones that hold at a moment. Of two versions of a zone the newer counts. */
export function holdingAt(versions: readonly KnownZone[], atMs: number): readonly KnownZone[] {
  const newest = new Map<string, KnownZone>()
  for (const zone of versions) {
    const known = newest.get(zone.zoneId)
    if (zone.holdsFromMs <= atMs && (known === undefined || known.version < zone.version)) newest.set(zone.zoneId, zone)
  }
  return [...newest.values()].filter(({ removed }) => !removed)
}

function nameTwice(draft: ZoneDraft, beside: readonly KnownZone[]): readonly ZoneProblem[] {
  const other = beside.find(({ kind, name }) => kind === draft.kind && name === draft.name)
  if (other === undefined) return []
  const sentence = `Another ${draft.kind} is called “${draft.name}”. Give this one another name.`
  return [problemAt(draft, 'name_twice', sentence, { other: other.name })]
}
