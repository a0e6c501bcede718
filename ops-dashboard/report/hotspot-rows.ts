import type { MorningReport } from '../../contracts/http/nights.ts'

export type HotspotRow = MorningReport['hotspots'][number]

/** Those furthest from what was planned first, then those that changed most, then by name. */
export const rowsOfHotspots = (hotspots: readonly HotspotRow[]): readonly HotspotRow[] =>
  hotspots.toSorted(
    (a, b) =>
      Math.abs(b.stands - b.planned) - Math.abs(a.stands - a.planned) ||
      Math.abs(b.stands - b.before) - Math.abs(a.stands - a.before) ||
      a.name.localeCompare(b.name),
  )

export type Verdict = 'as_planned' | 'fewer' | 'more'
export const verdictOf = ({ stands, planned }: Pick<HotspotRow, 'stands' | 'planned'>): Verdict =>
  stands === planned ? 'as_planned' : stands < planned ? 'fewer' : 'more'
