/** How much is left, as it is told: each level once on the way down, `ok` once it has recovered. */
export type PowerLevel = 'ok' | 'low' | 'crit' | 'off'

/** At these charges, percent, or these resting voltages, mV, whichever is worse: cold hides charge from the gauge. */
const thresholds = {
  low: { percent: 20, milliVolts: 3_480 },
  crit: { percent: 8, milliVolts: 3_350 },
  off: { percent: 2, milliVolts: 3_200 },
} as const
/** A level is left only this far above its threshold: a reading wanders with the cold and with what is switched on. */
const hysteresis = { percent: 3, milliVolts: 60 }

const rank: Readonly<Record<PowerLevel, number>> = { off: 0, crit: 1, low: 2, ok: 3 }

export function nextPowerLevel(level: PowerLevel, percent: number, milliVolts: number): PowerLevel {
  const down = levelAt(percent, milliVolts)
  if (rank[down] <= rank[level]) return down
  const up = levelAt(percent - hysteresis.percent, milliVolts - hysteresis.milliVolts)
  return rank[up] > rank[level] ? up : level
}

/**
 * The charge that is told: never more than the level that holds. What a cold cell cannot give it does not have, and the
 * platform can tell by the charge alone how seldom a lock speaks.
 */
export function toldPercent(level: PowerLevel, percent: number): number {
  return level === 'ok' ? percent : Math.min(percent, thresholds[level].percent)
}

function levelAt(percent: number, milliVolts: number): PowerLevel {
  const isAt = ({ percent: p, milliVolts: mv }: { readonly percent: number; readonly milliVolts: number }) =>
    percent <= p || milliVolts <= mv
  if (isAt(thresholds.off)) return 'off'
  if (isAt(thresholds.crit)) return 'crit'
  return isAt(thresholds.low) ? 'low' : 'ok'
}
