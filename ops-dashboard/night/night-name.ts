/** `2026-11-21` → "Sat 21 Nov": the evening in which a night begins, whatever zone the reader sits in. */
export function nightName(tag: string, night: string): string {
  const format = new Intl.DateTimeFormat(tag, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
  return format.format(Date.parse(`${night}T12:00:00Z`))
}
