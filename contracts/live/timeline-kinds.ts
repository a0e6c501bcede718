/** What a bike's timeline is made of. No schema library here: browsers load this. Kinds are added, never re-used. */
export const timelineKinds = [
  'message',
  'telemetry',
  'command',
  'trip',
  'alarm',
  'task',
  'report',
  'note',
  'service',
  'move',
] as const
export type TimelineKind = (typeof timelineKinds)[number]
