/** What the page of trips shows, as its address says it. */
export interface TripsView {
  readonly tab: TripsTab
  readonly number: string
  /** Days of the city's clock, `YYYY-MM-DD`; empty: not asked. */
  readonly from: string
  readonly to: string
  /** Searched for instead of listed; empty: not searched. */
  readonly q: string
  readonly sort: TripsSort
}

export const tripsTabs = ['active', 'ended', 'debt'] as const
export type TripsTab = (typeof tripsTabs)[number]
export const tripsSorts = ['asked', 'bike', 'state', 'lasts', 'price'] as const
export type TripsSort = (typeof tripsSorts)[number]

const dayText = /^\d{4}-\d\d-\d\d$/
const one = <T extends string>(known: readonly T[], text: string | null): T | null =>
  known.find((each) => each === text) ?? null
const fitting = (text: string | null, pattern: RegExp): string => (text !== null && pattern.test(text) ? text : '')

/** What is wrong in an address counts as not said. */
export function readTripsView(search: string): TripsView {
  const query = new URLSearchParams(search)
  return {
    tab: one(tripsTabs, query.get('tab')) ?? (query.has('number') ? 'ended' : 'active'),
    number: fitting(query.get('number'), /^\d{4,8}$/),
    from: fitting(query.get('from'), dayText),
    to: fitting(query.get('to'), dayText),
    q: fitting(query.get('q'), /^[A-Za-z0-9 -]{4,64}$/),
    sort: one(tripsSorts, query.get('sort')) ?? 'asked',
  }
}

/** The shortest address that says the same; empty or with its `?`. */
export function writeTripsView(view: TripsView): string {
  const query = new URLSearchParams()
  const usual = view.number === '' ? 'active' : 'ended'
  if (view.tab !== usual) query.set('tab', view.tab)
  for (const name of ['number', 'from', 'to', 'q'] as const) if (view[name] !== '') query.set(name, view[name])
  if (view.sort !== 'asked') query.set('sort', view.sort)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** What is asked of the server for a view; `momentOf` turns the first moment of a day of the city into ms. */
export function tripsQuestion(
  view: TripsView,
  momentOf: (day: string) => number | null,
  before: string | null,
): string {
  const query = new URLSearchParams({ state: view.tab })
  if (view.number !== '') query.set('number', view.number)
  const from = view.from === '' ? null : momentOf(view.from)
  const until = view.to === '' ? null : momentOf(dayAfter(view.to))
  if (from !== null) query.set('from', String(from))
  if (until !== null) query.set('to', String(until))
  if (before !== null) query.set('before', before)
  return `/v1/staff/trips?${query}`
}

const dayAfter = (day: string): string => {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(ms) ? '' : new Date(ms + 86_400_000).toISOString().slice(0, 10)
}
