/** What the page of locks shows, as its address says it. */
export interface LocksView {
  /** A bike's number or the beginning of a lock's id; empty: all. */
  readonly q: string
  readonly batch: string
  readonly state: '' | 'revoked' | 'active'
  /** The last lock of the page before; empty: the first page. */
  readonly after: string
}

const fitting = (text: string | null, pattern: RegExp): string => (text !== null && pattern.test(text) ? text : '')

/** What is wrong in an address counts as not said. */
export function viewOf(address: URLSearchParams): LocksView {
  const state = address.get('state')
  return {
    q: fitting(address.get('q'), /^[a-z0-9-]{1,32}$/),
    batch: fitting(address.get('batch'), /^[a-z0-9-]{3,40}$/),
    state: state === 'revoked' || state === 'active' ? state : '',
    after: fitting(address.get('after'), /^[a-z0-9-]{6,32}$/),
  }
}

/** The shortest address that says the same. */
export function addressOf(view: LocksView): URLSearchParams {
  const address = new URLSearchParams()
  for (const name of ['q', 'batch', 'state', 'after'] as const) if (view[name] !== '') address.set(name, view[name])
  return address
}

/** What is asked of the server for a view. */
export function questionOf({ q, batch, state, after }: LocksView): string {
  const query = new URLSearchParams()
  if (q !== '') query.set('q', q)
  if (batch !== '') query.set('batch', batch)
  if (state !== '') query.set('revoked', String(state === 'revoked'))
  if (after !== '') query.set('after', after)
  return `/v1/staff/locks?${query}`
}

/** As it is typed: with gaps, capitals and signs that no id has. */
export const typed = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '')
    .slice(0, 32)
