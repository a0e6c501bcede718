export type PowerLevel = 'ok' | 'low' | 'crit' | 'off'

const lowPercent = 20
const criticalPercent = 8
const offPercent = 2
/** A level is left only this far above its threshold: the voltage of a cell wanders with the cold. */
const hysteresisPercent = 3

const rank: Readonly<Record<PowerLevel, number>> = { off: 0, crit: 1, low: 2, ok: 3 }

export function nextPowerLevel(level: PowerLevel, percent: number): PowerLevel {
  const down = levelAt(percent)
  if (rank[down] <= rank[level]) return down
  const up = levelAt(percent - hysteresisPercent)
  return rank[up] > rank[level] ? up : level
}

function levelAt(percent: number): PowerLevel {
  if (percent <= offPercent) return 'off'
  if (percent <= criticalPercent) return 'crit'
  return percent <= lowPercent ? 'low' : 'ok'
}
