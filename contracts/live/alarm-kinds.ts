/** What a person may be told to look at. No schema library here: browsers load this. Kinds are added, never re-used. */
export const alarmKinds = [
  'stolen',
  'forced',
  'opened_after_release',
  'moved_without_trip',
  'tampered',
  'cable_cut',
  'lost',
  'jammed_open',
  'jammed_close',
  'lock_did_not_close',
  'broken',
  'not_found',
  'blocked',
  'pause_too_long',
  'long_trip',
  'outside_zone',
  'short_trips',
  'silent',
  'gnss_jammed',
  'brown_outs',
  'restarts',
  'low_battery',
  'fallen',
  'reported',
  'not_moved',
  'shaken',
  'lock_trouble',
  'opened_by_staff',
] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** Worst first. */
export const alarmSeverities = ['urgent', 'warning', 'notice'] as const
export type AlarmSeverity = (typeof alarmSeverities)[number]

export const alarmStates = ['open', 'acknowledged', 'snoozed', 'resolved'] as const
export type AlarmState = (typeof alarmStates)[number]

/** How an alarm ended: by a person, or because the world showed that it is over. */
export const alarmResolutions = ['fixed', 'false_alarm', 'bike_collected', 'other'] as const
export type AlarmResolution = (typeof alarmResolutions)[number] | 'by_itself'
