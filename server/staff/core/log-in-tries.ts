/** Wrong tries to log in, of one log-in name or of one person, kept in the database. */
export interface Tries {
  readonly tries: number
  readonly firstAtMs: number
  readonly lockedUntilMs: number | null
}

export const triesBeforeLock = 5
export const lockMs = 15 * 60_000
/** Wrong tries are forgotten this long after the first of them. */
export const triesForgottenAfterMs = 15 * 60_000

export type Claim =
  | { readonly kind: 'try'; readonly tries: Tries }
  | { readonly kind: 'locked'; readonly untilMs: number }

/**
 * A try is counted before it is looked at: many at once get no more tries than one after the other. The last one locks
 * already; a right answer takes everything back.
 */
export function claimTry(known: Tries | null, nowMs: number): Claim {
  if (known?.lockedUntilMs != null && known.lockedUntilMs > nowMs) {
    return { kind: 'locked', untilMs: known.lockedUntilMs }
  }
  const goesOn = known !== null && known.lockedUntilMs === null && nowMs - known.firstAtMs < triesForgottenAfterMs
  const tries = goesOn ? known.tries + 1 : 1
  const isLast = tries >= triesBeforeLock
  return {
    kind: 'try',
    tries: { tries, firstAtMs: goesOn ? known.firstAtMs : nowMs, lockedUntilMs: isLast ? nowMs + lockMs : null },
  }
}

/** A try that was no wrong one, but no whole log-in either: the password was right and the code is still to come. */
export const giveBack = ({ tries, firstAtMs, lockedUntilMs }: Tries): Tries => ({
  tries: Math.max(0, tries - 1),
  firstAtMs,
  lockedUntilMs: tries - 1 < triesBeforeLock ? null : lockedUntilMs,
})
