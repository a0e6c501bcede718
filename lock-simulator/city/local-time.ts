import type { LocalTime } from './core/demand.ts'

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** A zone changes its offset on a quarter of an hour at the most often. */
const offsetKeptMs = 900_000

/** City time as people of the zone read it, daylight saving included. */
export function createLocalTime(timeZone: string): (cityMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  let kept: { readonly quarter: number; readonly time: LocalTime } | null = null
  return (cityMs) => {
    const quarter = Math.floor(cityMs / offsetKeptMs)
    if (kept?.quarter !== quarter) {
      const parts = new Map(format.formatToParts(quarter * offsetKeptMs).map(({ type, value }) => [type, value]))
      const hour = Number(parts.get('hour')) + Number(parts.get('minute')) / 60
      kept = { quarter, time: { weekday: Math.max(0, weekdays.indexOf(parts.get('weekday') ?? '')), hour } }
    }
    return { weekday: kept.time.weekday, hour: kept.time.hour + (cityMs - quarter * offsetKeptMs) / 3_600_000 }
  }
}
