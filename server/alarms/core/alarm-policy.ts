import type { AlarmKind, AlarmSeverity } from '../../../contracts/live/alarm-kinds.ts'

export interface AlarmPolicy {
  readonly severity: AlarmSeverity
  /** Until it is resolved nobody can rent the bike. */
  readonly blocksRental: boolean
  /** Told again so soon after its end, city time, it is the same alarm: what flaps does not fill the inbox. */
  readonly muteMs: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** What a lock or a crew tells is each time a new story. */
const never = 0

const urgent = (blocksRental: boolean, muteMs: number): AlarmPolicy => ({ severity: 'urgent', blocksRental, muteMs })
const warning = (blocksRental: boolean, muteMs: number): AlarmPolicy => ({ severity: 'warning', blocksRental, muteMs })
const notice = (muteMs: number): AlarmPolicy => ({ severity: 'notice', blocksRental: false, muteMs })

/** Little things that nothing ends: not told for so long, city time, they are over. */
export const quietKinds: readonly { readonly kind: AlarmKind; readonly afterMs: number }[] = [
  { kind: 'shaken', afterMs: 2 * hourMs },
  { kind: 'lock_trouble', afterMs: 24 * hourMs },
  { kind: 'brown_outs', afterMs: 3 * 24 * hourMs },
  { kind: 'restarts', afterMs: 6 * hourMs },
]

/** How bad each kind is when whoever raises it says nothing else. */
export const alarmPolicies: Readonly<Record<AlarmKind, AlarmPolicy>> = {
  stolen: urgent(true, 30 * minuteMs),
  forced: urgent(true, never),
  opened_after_release: urgent(true, never),
  moved_without_trip: urgent(false, 30 * minuteMs),
  tampered: urgent(false, 10 * minuteMs),
  cable_cut: urgent(false, 10 * minuteMs),
  lost: urgent(true, hourMs),
  jammed_open: warning(true, never),
  jammed_close: warning(true, never),
  lock_did_not_close: warning(true, never),
  broken: warning(true, never),
  not_found: warning(true, never),
  blocked: warning(true, never),
  pause_too_long: warning(true, never),
  long_trip: warning(false, hourMs),
  outside_zone: warning(false, 30 * minuteMs),
  short_trips: warning(false, hourMs),
  silent: warning(false, 10 * minuteMs),
  gnss_jammed: warning(false, 30 * minuteMs),
  brown_outs: warning(false, hourMs),
  restarts: warning(false, hourMs),
  low_battery: notice(hourMs),
  fallen: notice(10 * minuteMs),
  reported: notice(never),
  not_moved: notice(24 * hourMs),
  shaken: notice(30 * minuteMs),
  lock_trouble: notice(hourMs),
  opened_by_staff: notice(never),
}
