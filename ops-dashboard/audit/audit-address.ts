/** What the audit page shows, as its address says it. Days are the city's. */
export interface AuditView {
  readonly who: string
  /** The beginning of an action's name. */
  readonly what: string
  readonly about: string
  /** `2026-11-22`, both within. */
  readonly from: string
  readonly to: string
  readonly before: number | null
}

const day = /^\d{4}-\d{2}-\d{2}$/
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Whatever is in the address, something that can be asked comes out of it. */
export function viewOf(address: URLSearchParams): AuditView {
  const text = (name: string) => (address.get(name) ?? '').trim().slice(0, 120)
  const matching = (name: string, shape: RegExp) => (shape.test(text(name)) ? text(name) : '')
  const before = Number(text('before'))
  return {
    who: matching('who', uuid),
    what: text('what'),
    about: text('about'),
    from: matching('from', day),
    to: matching('to', day),
    before: Number.isSafeInteger(before) && before > 0 ? before : null,
  }
}

/** The same view without what is not said. */
export function addressOf(view: AuditView): URLSearchParams {
  const address = new URLSearchParams()
  for (const [name, value] of Object.entries(view)) if (value !== '' && value !== null) address.set(name, String(value))
  return address
}

const dayMs = 86_400_000

/**
 * The query of GET /v1/staff/audit and audit.csv.
 * @param midnightOf epoch ms of the beginning of a day in the city
 */
export function queryOf(view: AuditView, midnightOf: (day: string) => number): URLSearchParams {
  const query = new URLSearchParams()
  if (view.who !== '') query.set('staffId', view.who)
  if (view.what !== '') query.set('action', view.what)
  if (view.about !== '') query.set('subject', view.about)
  if (view.from !== '') query.set('from', String(midnightOf(view.from)))
  if (view.to !== '') query.set('to', String(midnightOf(nextDay(view.to))))
  if (view.before !== null) query.set('before', String(view.before))
  return query
}

const nextDay = (of: string): string => new Date(Date.parse(`${of}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)
