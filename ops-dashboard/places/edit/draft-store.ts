import type { Drawing } from './drawing.ts'
import type { ZoneForm } from './zone-form-state.ts'

/** What was drawn and not saved: kept in the browser's tab over a reload. */
export interface ZoneDraft {
  /** Null: a new zone. */
  readonly zoneId: string | null
  /** That it would become when it is saved; a new zone's is made by the page. */
  readonly saveAs: string
  /** Newest version when the drawing began; 0 for a new zone. */
  readonly version: number
  readonly form: ZoneForm
  readonly drawing: Drawing
}

const prefix = 'zwerm-zone-draft:'
/** Browsers keep some 5 MB; a border of 5,000 corners takes 150 kB. */
const largestChars = 1_000_000
const keyOf = (zoneId: string | null) => prefix + (zoneId ?? 'new')

export function keepDraft(store: Storage, draft: ZoneDraft): void {
  const text = JSON.stringify(draft)
  if (text.length <= largestChars) store.setItem(keyOf(draft.zoneId), text)
}

export const dropDraft = (store: Storage, zoneId: string | null): void => store.removeItem(keyOf(zoneId))

/** Null where there is none, or one that another version of this page wrote. */
export function keptDraft(store: Storage, zoneId: string | null): ZoneDraft | null {
  return readDraft(store.getItem(keyOf(zoneId)))
}

/** All drawings that wait to be saved. */
export function keptDrafts(store: Storage): readonly ZoneDraft[] {
  const keys = Array.from({ length: store.length }, (_, i) => store.key(i) ?? '').filter((key) =>
    key.startsWith(prefix),
  )
  return keys.flatMap((key) => readDraft(store.getItem(key)) ?? [])
}

function readDraft(text: string | null): ZoneDraft | null {
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Partial<ZoneDraft>
    const isDraft =
      typeof value.saveAs === 'string' &&
      typeof value.version === 'number' &&
      typeof value.form?.name === 'string' &&
      (value.drawing?.kind === 'circle' || Array.isArray((value.drawing as { polygons?: unknown })?.polygons))
    return isDraft ? (value as ZoneDraft) : null
  } catch (fault) {
    if (fault instanceof SyntaxError) return null
    throw fault
  }
}
