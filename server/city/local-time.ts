/** The operator's own time: days, nights and opening hours are counted in it. */
export interface LocalTime {
  readonly timeZone: string
  /** Minutes that local time is ahead of UTC at that moment (summer time included), -720 to 840. */
  readonly offsetMinutes: (atMs: number) => number
  /** `YYYY-MM-DD`. */
  readonly dateAt: (atMs: number) => string
  /** Minutes since local midnight, by the clock on the wall: 0 to 1439. */
  readonly minuteAt: (atMs: number) => number
  /**
   * The moment at which the wall clock shows `minute` (0 is midnight, may exceed a day) on `date`. In the hour that
   * summer time skips it is the moment just after; in the hour that comes twice the first one.
   */
  readonly momentOf: (date: string, minute: number) => number
}

const minuteMs = 60_000
const dayMs = 86_400_000

/** @throws RangeError for a zone that the machine does not know */
export function localTimeIn(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  })
  const offsetMinutes = (atMs: number): number => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts
    const shown = Date.UTC(year, month - 1, day, hour, minute)
    return Math.round((shown - Math.floor(atMs / minuteMs) * minuteMs) / minuteMs)
  }
  const shown = (atMs: number): Date => new Date(atMs + offsetMinutes(atMs) * minuteMs)
  return {
    timeZone,
    offsetMinutes,
    dateAt: (atMs) => shown(atMs).toISOString().slice(0, 10),
    minuteAt: (atMs) => shown(atMs).getUTCHours() * 60 + shown(atMs).getUTCMinutes(),
    momentOf: (date, minute) => {
      const wanted = Date.parse(`${date}T00:00:00Z`) + minute * minuteMs
      const early = wanted - offsetMinutes(wanted - dayMs / 2) * minuteMs
      const late = wanted - offsetMinutes(wanted + dayMs / 2) * minuteMs
      const fits = [Math.min(early, late), Math.max(early, late)].find(
        (atMs) => atMs + offsetMinutes(atMs) * minuteMs === wanted,
      )
      return fits ?? Math.max(early, late)
    },
  }
}

/** Whether a name is a zone of the machine's time zone table. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
