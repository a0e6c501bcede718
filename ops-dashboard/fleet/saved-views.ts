export interface SavedView {
  readonly name: string
  /** The part of the address after the page: `?state=alarm`, or nothing. */
  readonly search: string
}

const storageKey = 'zwerm-views'
const mostViews = 20
const longestName = 40

/** This person's own views, on this machine; whatever else lies there is left out. */
export function readViews(): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isView).slice(0, mostViews) : []
  } catch (fault) {
    if (fault instanceof SyntaxError) return []
    throw fault
  }
}

/** One more, or another address under a known name. */
export function keepView(view: SavedView): readonly SavedView[] {
  const name = view.name.trim().slice(0, longestName)
  const others = readViews().filter((one) => one.name !== name)
  return write([{ ...view, name }, ...others].slice(0, mostViews))
}

export const dropView = (name: string): readonly SavedView[] => write(readViews().filter((one) => one.name !== name))

function write(views: readonly SavedView[]): readonly SavedView[] {
  localStorage.setItem(storageKey, JSON.stringify(views))
  return views
}

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as SavedView).name === 'string' &&
  typeof (value as SavedView).search === 'string'
