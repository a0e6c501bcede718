/** What is wrong with a lock for as long as it is wrong: each is told once, and its end too where the protocol has one. */
export type ConditionKind = 'fall' | 'tamper' | 'cable' | 'gnss_jam' | 'temp' | 'sim'

export interface Condition {
  /** As the sensor has it, since when. */
  readonly isOn: boolean
  readonly sinceMs: number
  /** As it is believed: a reading must hold first. */
  readonly isHeld: boolean
  /** An alarm was raised that has not been ended. */
  readonly isTold: boolean
  /** How often it came since it was first told. */
  readonly n: number
  readonly toldAtMs: number | null
  readonly mayTellAtMs: number
  readonly spacingMs: number
}

export type ConditionNews = { readonly say: 'raise'; readonly n: number } | { readonly say: 'end' } | null

/** A thing that comes and goes is told again after 5 minutes, then 10, then 20, at last once an hour. */
const firstSpacingMs = 300_000
const longestSpacingMs = 3_600_000
/** So long without a word of it, and the next time is a new story. */
const forgottenAfterMs = 3_600_000
const mostTimes = 100_000

/** How long a reading must hold before it is believed. Contacts bounce; a falling bike swings; noise comes in bursts. */
const holds: Readonly<Record<ConditionKind, { readonly onMs: number; readonly offMs: number }>> = {
  fall: { onMs: 5_000, offMs: 5_000 },
  tamper: { onMs: 1_000, offMs: 2_000 },
  cable: { onMs: 1_000, offMs: 2_000 },
  gnss_jam: { onMs: 20_000, offMs: 20_000 },
  temp: { onMs: 60_000, offMs: 600_000 },
  sim: { onMs: 600_000, offMs: 1_000 },
}

const quiet: Condition = {
  ...{ isOn: false, sinceMs: 0, isHeld: false, isTold: false },
  ...{ n: 0, toldAtMs: null, mayTellAtMs: 0, spacingMs: firstSpacingMs },
}

/** Found in flash at boot: it was told, and its end has to be. */
export const conditionAtBoot = (n: number): Condition => ({
  ...{ isOn: true, sinceMs: 0, isHeld: true, isTold: true },
  ...{ n, toldAtMs: 0, mayTellAtMs: firstSpacingMs, spacingMs: firstSpacingMs },
})

/** A new reading of the sensor. The same object when it says nothing new. */
export function read(condition: Condition | undefined, isOn: boolean, uptimeMs: number): Condition | undefined {
  if (isOn === (condition?.isOn ?? false)) return condition
  return { ...(condition ?? quiet), isOn, sinceMs: uptimeMs }
}

/** What time has made of it. `mayRaise`: nothing new is told while it is false, but every end is. */
export function settle(
  kind: ConditionKind,
  before: Condition,
  mayRaise: boolean,
  uptimeMs: number,
): { readonly condition: Condition; readonly news: ConditionNews } {
  let condition = before
  if (condition.isOn !== condition.isHeld && uptimeMs >= heldAtMs(kind, condition)) {
    condition = { ...condition, isHeld: condition.isOn }
    if (condition.isHeld) condition = came(condition, uptimeMs)
    else if (condition.isTold) return { condition: { ...condition, isTold: false }, news: { say: 'end' } }
  }
  if (!isDue(condition, mayRaise) || uptimeMs < condition.mayTellAtMs) return { condition, news: null }
  const { n, spacingMs } = condition
  const told = {
    ...{ isTold: true, toldAtMs: uptimeMs, mayTellAtMs: uptimeMs + spacingMs },
    spacingMs: Math.min(longestSpacingMs, 2 * spacingMs),
  }
  return { condition: { ...condition, ...told }, news: { say: 'raise', n } }
}

/** When time alone next changes something, or null. */
export function conditionWakeAtMs(kind: ConditionKind, condition: Condition, mayRaise: boolean): number | null {
  const held = condition.isOn === condition.isHeld ? null : heldAtMs(kind, condition)
  const due = isDue(condition, mayRaise) ? condition.mayTellAtMs : null
  if (held === null || due === null) return held ?? due
  return Math.min(held, due)
}

const isDue = ({ isHeld, isTold }: Condition, mayRaise: boolean): boolean => isHeld && !isTold && mayRaise

const heldAtMs = (kind: ConditionKind, { isOn, sinceMs }: Condition): number =>
  sinceMs + (isOn ? holds[kind].onMs : holds[kind].offMs)

function came(condition: Condition, uptimeMs: number): Condition {
  const { toldAtMs, n } = condition
  const isNew = toldAtMs === null || uptimeMs - toldAtMs > forgottenAfterMs
  return isNew ? { ...condition, n: 1, spacingMs: firstSpacingMs } : { ...condition, n: Math.min(mostTimes, n + 1) }
}
