import type { AlarmView } from '../../contracts/http/alarms.ts'
import { formatClock, formatDay } from '../../ui-kit/formats.ts'
import type { TextKey, Variables } from '../../ui-kit/i18n/text.ts'

interface Words {
  readonly tag: string
  readonly t: (key: TextKey, variables?: Variables) => string
  readonly ofCode: (key: string, otherwise: TextKey, variables?: Variables) => string
}

export const formatMoment = (tag: string, atMs: number): string => `${formatDay(tag, atMs)} ${formatClock(tag, atMs)}`

/** What is known of an alarm besides its kind, as a sentence; null: nothing. */
export function alarmSentence({ kind, detail }: AlarmView, { t, ofCode, tag }: Words): string | null {
  const number = (name: string) => (typeof detail[name] === 'number' ? (detail[name] as number) : null)
  const text = (name: string) => (typeof detail[name] === 'string' ? (detail[name] as string) : null)
  const [percent, metres, since, what, why, note, by] = [
    ...[number('percent'), number('metres'), number('since')],
    ...[text('what'), text('why'), text('note'), text('by')],
  ] as const
  const [mv, count] = [number('mv'), number('count')]
  if (why === 'flat') return t('alarms.is.flat')
  if (percent !== null && mv !== null) return t('alarms.is.percent_volts', { percent, volts: (mv / 1_000).toFixed(2) })
  if (percent !== null) return t('alarms.is.percent', { percent })
  if (kind === 'brown_outs' && count !== null) return t('alarms.is.brown_outs', { count })
  if (kind === 'restarts' && count !== null) return t('alarms.is.restarts', { count, why: reasonsIn(detail, t) })
  if (metres !== null) return t(kind === 'outside_zone' ? 'alarms.is.outside' : 'alarms.is.away', { metres })
  if (what !== null) return ofCode(`alarms.what.${what}`, 'alarm.other')
  if (why === 'not_found_twice') return t('alarms.is.not_found_twice')
  if (since !== null) return t(sinceKeys[kind] ?? 'alarms.is.since', { moment: formatMoment(tag, since) })
  if (by !== null) return note === null ? by : `${by}: ${note}`
  return null
}

const restartReasons = ['watchdog', 'panic', 'brownout', 'power'] as const

const reasonsIn = (detail: AlarmView['detail'], t: Words['t']): string =>
  restartReasons
    .filter((reason) => typeof detail[reason] === 'number' && detail[reason] !== 0)
    .map((reason) => t(`alarms.is.restart.${reason}`, { count: Number(detail[reason]) }))
    .join(', ')

const sinceKeys: Readonly<Record<string, TextKey>> = {
  silent: 'alarms.is.silent_since',
  lost: 'alarms.is.silent_since',
  not_moved: 'alarms.is.stands_since',
  long_trip: 'alarms.is.rides_since',
}
