/** The bike that a list's keys act on. */
export interface ListCursor {
  readonly row: number
  /** Where it stood in the list when it was last there; −1: it has not been there yet. */
  readonly place: number
}

/**
 * The cursor in the list as it is now: it stays with its bike wherever that has moved to. When the bike has left the
 * list, the one that stands at its place now is meant, or the last one. A list without bikes, and a bike that was in
 * none yet, change nothing. Returns the same object for a cursor that fits.
 */
export function cursorIn(rows: Uint32Array, cursor: ListCursor | null): ListCursor | null {
  if (cursor === null) return null
  const place = rows.indexOf(cursor.row)
  if (place >= 0) return place === cursor.place ? cursor : { row: cursor.row, place }
  if (cursor.place < 0 || rows.length === 0) return cursor
  const next = Math.min(cursor.place, rows.length - 1)
  return { row: rows[next] as number, place: next }
}

/** −1: it is in no place of this list. */
export const placeOfCursor = (rows: Uint32Array, cursor: ListCursor | null): number =>
  cursor !== null && rows[cursor.place] === cursor.row ? cursor.place : -1
