/** Where a page of a list begins: rank (0 where time alone orders), time and id of the last row of the page before. */
export type ListPlace = readonly [rank: number, atMs: number, id: string]

/** As contracts/http/alarms.ts `Cursor` has checked it. */
export function placeOf(cursor: string): ListPlace {
  const [rank = '', atMs = '', id = ''] = cursor.split('_')
  return [Number(rank), Number(atMs), id]
}

export const cursorOf = ([rank, atMs, id]: ListPlace): string => `${rank}_${atMs}_${id}`
