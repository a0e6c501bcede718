import type { ZoneProblem } from '../../../contracts/http/zones.ts'
import { facingOut } from './read-zones.ts'
import { isSameShape } from './same-shape.ts'
import { type KnownZone, problemAt, type ZoneDraft, type ZoneShape } from './zone-draft.ts'

export interface ZoneChange {
  readonly zoneId: string
  readonly version: number
  /** Null: the zone is removed. */
  readonly shape: ZoneShape | null
}

export interface ImportPlan {
  readonly problems: readonly ZoneProblem[]
  /** Zones that stay beside those of the import. */
  readonly others: readonly KnownZone[]
  readonly changes: readonly ZoneChange[]
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly unchanged: number
}

export interface ImportOrder {
  readonly mode: 'add' | 'replace'
  readonly holdsFromMs: number
  readonly newId: () => string
}

/**
 * What an import does to the zones that are known (each in its newest version, also when it holds later only: the newest
 * word holds). A zone is known by its id, else by kind and name.
 */
export function planImport(drafts: readonly ZoneDraft[], known: readonly KnownZone[], order: ImportOrder): ImportPlan {
  const byId = new Map(known.map((zone) => [zone.zoneId, zone]))
  const byName = new Map(known.filter(({ removed }) => !removed).map((zone) => [nameKey(zone), zone]))
  const problems: ZoneProblem[] = []
  const meant = new Map<string, ZoneDraft>()
  const pairs = drafts.map((draft) => {
    const before = draft.zoneId === null ? byName.get(nameKey(draft)) : byId.get(draft.zoneId)
    if (draft.zoneId !== null && !before) {
      const sentence = `No zone has the id ${draft.zoneId}. Leave zoneId out to make a new one.`
      problems.push(problemAt(draft, 'unknown_zone', sentence))
    }
    const first = before && meant.get(before.zoneId)
    if (first) problems.push(problemAt(draft, 'name_twice', `It is the same zone as feature ${first.feature}.`))
    if (before) meant.set(before.zoneId, draft)
    return { draft, before }
  })
  const rest = known.filter(({ zoneId, removed }) => !removed && !meant.has(zoneId))
  const others = order.mode === 'add' ? rest : []
  problems.push(...namesTwice(drafts, others))

  const isSame = ({ draft, before }: (typeof pairs)[number]): boolean =>
    before !== undefined && !before.removed && before.holdsFromMs <= order.holdsFromMs && isSameShape(draft, before)
  const told = pairs.filter((pair) => !isSame(pair))
  const gone = order.mode === 'replace' ? rest : []
  return {
    problems,
    others,
    changes: [
      ...told.map(({ draft, before }) => ({
        zoneId: before?.zoneId ?? order.newId(),
        version: (before?.version ?? 0) + 1,
        shape: { ...draft, polygons: draft.polygons.map(facingOut) },
      })),
      ...gone.map(({ zoneId, version }) => ({ zoneId, version: version + 1, shape: null })),
    ],
    added: told.filter(({ before }) => before === undefined || before.removed).length,
    changed: told.filter(({ before }) => before !== undefined && !before.removed).length,
    removed: gone.length,
    unchanged: pairs.length - told.length,
  }
}

const nameKey = ({ kind, name }: ZoneShape): string => `${kind}/${name}`

function namesTwice(drafts: readonly ZoneDraft[], others: readonly KnownZone[]): ZoneProblem[] {
  const taken = new Map<string, string>(others.map((zone) => [nameKey(zone), 'a zone that stays']))
  return drafts.flatMap((draft) => {
    const owner = taken.get(nameKey(draft))
    if (owner === undefined) {
      taken.set(nameKey(draft), `feature ${draft.feature}`)
      return []
    }
    const sentence = `The ${draft.kind} “${draft.name}” is there twice: ${owner} has this name too. Give it another one.`
    return [problemAt(draft, 'name_twice', sentence)]
  })
}
