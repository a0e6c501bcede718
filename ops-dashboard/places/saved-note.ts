/** What was just saved, told on the next page, once. */
export interface SavedNote {
  readonly name: string
  /** Null: it holds already. */
  readonly holdsFrom: number | null
}

let waiting: SavedNote | null = null

export function tellSaved(note: SavedNote): void {
  waiting = note
}

/** Null when there is nothing, and the second time. */
export function takeSaved(): SavedNote | null {
  const note = waiting
  waiting = null
  return note
}
