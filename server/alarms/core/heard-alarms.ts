import type { AlarmKind } from '../../../contracts/live/alarm-kinds.ts'
import type { LockEvent } from '../../../contracts/mqtt/reports.ts'
import type { EpochMs } from '../../../contracts/units.ts'

/** What a lock's own words say about alarms. */
export type HeardAlarm =
  | { readonly say: 'raise'; readonly kind: AlarmKind; readonly blocksRental?: boolean; readonly detail: object }
  | { readonly say: 'clear'; readonly kind: AlarmKind }

export interface Hearing {
  /** When the lock made the report, and now: city time. */
  readonly madeAtMs: EpochMs
  readonly nowMs: EpochMs
  /** A rider or a crew has the bike: it shakes and tilts then. */
  readonly isInHands: boolean
}

/** A shake that is told so much later is no news. */
const staleMs = 3_600_000

/** The alarms of a report. Total; what says nothing about alarms says nothing. */
export function heardAlarms(event: LockEvent, hearing: Hearing): readonly HeardAlarm[] {
  switch (event.k) {
    case 'bolt':
      return boltAlarms(event)
    case 'alarm':
      return ownAlarms(event.a, hearing)
    case 'power':
    case 'boot':
    case 'cfg':
    case 'self':
      return []
  }
}

/** One jam when opening is often a lever under load, and blocks nothing; one when closing may leave the bike open. */
function boltAlarms({ to, by }: Extract<LockEvent, { k: 'bolt' }>): readonly HeardAlarm[] {
  if (to === 'jam_close') return [{ say: 'raise', kind: 'jammed_close', detail: {} }]
  if (to === 'jam_open') return [{ say: 'raise', kind: 'jammed_open', blocksRental: false, detail: {} }]
  // It opens after all.
  return to === 'unlocked' && by !== 'force' ? [{ say: 'clear', kind: 'jammed_open' }] : []
}

function ownAlarms(a: Extract<LockEvent, { k: 'alarm' }>['a'], hearing: Hearing): readonly HeardAlarm[] {
  const { isInHands, madeAtMs, nowMs } = hearing
  const isNews = !isInHands && nowMs - madeAtMs < staleMs
  switch (a) {
    case 'forced':
      return [{ say: 'raise', kind: 'forced', detail: {} }]
    case 'tamper':
    case 'cable':
      return isInHands ? [] : [{ say: 'raise', kind: 'tampered', detail: { what: a } }]
    case 'tamper_end':
    case 'cable_end':
      return [{ say: 'clear', kind: 'tampered' }]
    case 'fall':
      return isNews ? [{ say: 'raise', kind: 'fallen', detail: {} }] : []
    case 'fall_end':
      return [{ say: 'clear', kind: 'fallen' }]
    case 'move':
    case 'shake':
      return isNews ? [{ say: 'raise', kind: 'shaken', detail: { what: a } }] : []
    case 'gnss_jam_end':
      return []
    case 'temp':
    case 'gnss_jam':
    case 'sim':
      return isInHands ? [] : [{ say: 'raise', kind: 'lock_trouble', detail: { what: a } }]
  }
}
