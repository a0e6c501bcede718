import type { ZoneEditResult, ZoneProblem, ZoneSave } from '../../contracts/http/zones.ts'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { isRefusal, type Refusal, refuse } from '../../contracts/refusals.ts'
import { epochMs, type Position } from '../../contracts/units.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import { type CheckedEdit, checkEdit, holdingAt, type ZoneEdit } from './core/check-edit.ts'
import { insideOf } from './core/count-inside.ts'
import type { KnownZone } from './core/zone-draft.ts'
import { versionsFrom } from './zone-edits-store.ts'
import { holdZones, zonesRevision } from './zones-store.ts'

const mostProblems = 200
const mostNames = 10
const mostOvertaken = 50
/** How often an edit is decided anew because somebody else changed another zone meanwhile. */
const mostTries = 5

/** An edit that its order allows; whether it fits beside the other zones is not looked at yet. */
export interface Decided {
  readonly edit: ZoneEdit
  /** Of the drawing by itself. */
  readonly problems: readonly ZoneProblem[]
  readonly without?: { readonly zoneId: string; readonly version: number }
  /** Saves it, in a transaction in which nobody else changes zones. */
  readonly write: (tx: Queryable) => Promise<void>
  /** Newest afterwards. */
  readonly version: number
  /** It is so already: a request that came twice. */
  readonly isDone?: boolean
}

export type HowToSave = Pick<ZoneSave, 'dryRun' | 'acceptOutside'>

export interface SettleDeps {
  readonly db: Database
  readonly clock: Clock
  /** Where bikes stand that nobody rides. */
  readonly standing: () => readonly Position[]
  readonly tellDesk?: (event: DeskEvent) => void
}

/** Decides anew while others change zones meanwhile, and saves what is sound and wanted. */
export async function settleZoneEdit(
  deps: SettleDeps,
  decide: () => Promise<Decided | Refusal>,
  how: HowToSave,
): Promise<ZoneEditResult | Refusal> {
  const { db } = deps
  for (let tries = 0; tries < mostTries; tries++) {
    const revision = await zonesRevision(db)
    const decided = await decide()
    if (isRefusal(decided)) return decided
    const versions = await versionsFrom(db, epochMs(decided.edit.holdsFromMs))
    const checked = decided.problems.length > 0 ? nothingFound : checkEdit(versions, decided.edit)
    if (checked.takesTheArea) return refuse('service_area_needed')
    const result = resultOf(deps, decided, checked, versions)
    const done = { ...result, done: true, version: decided.version }
    if (decided.isDone) return done
    if (how.dryRun || !mayBeSaved(result, how)) return result
    const isSaved = await db.transaction(async (tx) => {
      await holdZones(tx)
      if ((await zonesRevision(tx)) !== revision) return false
      await decided.write(tx)
      return true
    })
    if (!isSaved) continue
    deps.tellDesk?.({ kind: 'zones' })
    return done
  }
  return refuse('too_many_requests', 'Others are changing zones at the same time. Try again.')
}

const mayBeSaved = ({ problems, outside }: ZoneEditResult, how: HowToSave): boolean =>
  problems.length === 0 && (how.acceptOutside === true || outside.bikes + outside.hotspots === 0)

function resultOf(
  deps: SettleDeps,
  { edit, problems, without }: Decided,
  checked: CheckedEdit,
  versions: readonly KnownZone[],
): ZoneEditResult {
  const standing = deps.standing()
  const own =
    edit.after(edit.holdsFromMs) ?? holdingAt(versions, edit.holdsFromMs).find(({ zoneId }) => zoneId === edit.zoneId)
  const inOwn = insideOf(problems.length > 0 ? [] : (own?.polygons ?? []))
  const nowMs = deps.clock.nowMs()
  const overtaken = versions.filter(
    ({ zoneId, holdsFromMs }) => zoneId === edit.zoneId && holdsFromMs >= edit.holdsFromMs && holdsFromMs > nowMs,
  )
  return {
    done: false,
    version: null,
    problems: [...problems, ...checked.problems].slice(0, mostProblems),
    bikesInside: standing.filter(inOwn).length,
    outside: {
      bikes: own?.kind === 'service_area' ? bikesLeft(standing, checked.areas) : 0,
      hotspots: checked.left.length,
      names: checked.left.slice(0, mostNames).map(({ name }) => name),
    },
    supersedes: (without === undefined ? overtaken : [])
      .slice(0, mostOvertaken)
      .map(({ version, holdsFromMs, removed }) => ({ version, removed, holdsFrom: epochMs(holdsFromMs) })),
  }
}

/** Bikes that a service area covers without the edit, and none does with it. Without any area, everywhere is inside. */
function bikesLeft(standing: readonly Position[], { before, after }: CheckedEdit['areas']): number {
  if (after.length === 0) return 0
  // one test an area: where two of them overlap is inside too
  const anyOf = (areas: typeof after) => {
    const tests = areas.map(({ polygons }) => insideOf(polygons))
    return (at: Position) => tests.some((isInside) => isInside(at))
  }
  const [inBefore, inAfter] = [anyOf(before), anyOf(after)]
  return standing.filter((at) => (before.length === 0 || inBefore(at)) && !inAfter(at)).length
}

const nothingFound: CheckedEdit = { problems: [], left: [], areas: { before: [], after: [] }, takesTheArea: false }
