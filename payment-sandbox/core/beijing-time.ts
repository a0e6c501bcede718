const beijingOffsetMs = 8 * 3_600_000

/** Writes a moment as Alipay does, `yyyy-MM-dd HH:mm:ss` in Beijing time (UTC+8, no summer time). */
export function beijingTime(epochMs: number): string {
  return new Date(epochMs + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ')
}

/** Reads `yyyy-MM-dd HH:mm:ss` as if the text were UTC; undefined for other shapes and for days that do not exist. */
export function epochMsOfUtcText(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined
  const epochMs = Date.parse(`${text.replace(' ', 'T')}Z`)
  if (Number.isNaN(epochMs)) return undefined
  const written = new Date(epochMs).toISOString().slice(0, 19).replace('T', ' ')
  return written === text ? epochMs : undefined
}

/** Reads `yyyy-MM-dd HH:mm:ss` in Beijing time. */
export function epochMsOfBeijingTime(text: string): number | undefined {
  const epochMs = epochMsOfUtcText(text)
  return epochMs === undefined ? undefined : epochMs - beijingOffsetMs
}
