/**
 * `2026-11-22T06:00` on the clock of a time zone, as ms since 1970; null for no moment. In the hour that a clock skips
 * the moment after it, in the hour that it repeats the first.
 * @param zone IANA name; left out: the device's own
 */
export function momentInZone(text: string, zone: string | undefined): number | null {
  const asUtc = Date.parse(`${text}Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) || Number.isNaN(asUtc)) return null
  // the offset at the guess, then at the better guess: enough, as offsets change by an hour at most
  const first = asUtc - offsetMs(asUtc, zone)
  return asUtc - offsetMs(first, zone)
}

function offsetMs(atMs: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(atMs)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - atMs
}
