import { type AlarmKind, alarmKinds } from '../../contracts/live/alarm-kinds.ts'

export const alarmViewStates = ['live', 'open', 'acknowledged', 'snoozed', 'resolved'] as const
export type AlarmViewState = (typeof alarmViewStates)[number]
export const alarmOwners = ['all', 'me', 'none'] as const
export type AlarmOwner = (typeof alarmOwners)[number]

/** What the inbox shows: all of it stands in the address. */
export interface AlarmsView {
  readonly state: AlarmViewState
  readonly kind: AlarmKind | null
  readonly owner: AlarmOwner
}

const oneOf = <T extends string>(all: readonly T[], text: string | null): T | null =>
  (all as readonly string[]).includes(text ?? '') ? (text as T) : null

/** Anything unknown in an address is as if it were not there. */
export function readAlarmsView(search: string): AlarmsView {
  const query = new URLSearchParams(search)
  return {
    state: oneOf(alarmViewStates, query.get('state')) ?? 'live',
    kind: oneOf(alarmKinds, query.get('kind')),
    owner: oneOf(alarmOwners, query.get('who')) ?? 'all',
  }
}

/** With its question mark; empty for the usual view. */
export function writeAlarmsView({ state, kind, owner }: AlarmsView): string {
  const query = new URLSearchParams()
  if (state !== 'live') query.set('state', state)
  if (kind !== null) query.set('kind', kind)
  if (owner !== 'all') query.set('who', owner)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The question for one page. What waits comes worst first, what is over newest first. */
export function alarmsQuestion({ state, kind, owner }: AlarmsView, before: string | null): string {
  const query = new URLSearchParams({ state, limit: '60', sort: state === 'resolved' ? 'newest' : 'worst' })
  if (kind !== null) query.set('kind', kind)
  if (owner !== 'all') query.set('assignee', owner)
  if (before !== null) query.set('before', before)
  return `/v1/staff/alarms?${query}`
}
