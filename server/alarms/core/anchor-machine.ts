import type { EpochMs, Position } from '../../../contracts/units.ts'
import type { Anchor } from './alarm-rules.ts'

/** A fix as the shadow has it; `bootId` −1: people put the bike down there. */
export interface Fix extends Position {
  readonly accuracyM: number | null
  readonly bootId: number
  readonly uptimeMs: number
}

/**
 * Where a bike should be. `away`: a rider or a crew has it. `settling`: it was left at `sinceMs`, and its place is the
 * first fix that is not older than the one of then.
 */
export type AnchorState =
  | { readonly kind: 'away' }
  | { readonly kind: 'settling'; readonly sinceMs: EpochMs; readonly after: Pick<Fix, 'bootId' | 'uptimeMs'> | null }
  | { readonly kind: 'set'; readonly anchor: Anchor }

export interface AnchorFacts {
  readonly nowMs: EpochMs
  /** A rider or a crew has it. A claimed bike still stands where it was. */
  readonly isTaken: boolean
  readonly fix: Fix | null
  /** Uptime of the newest word on the bolt: a fix from before the closing is from under way. */
  readonly boltUptimeMs: number
  readonly isPutDown: boolean
}

/** A fix without a word on its accuracy, metres. */
const usualAccuracyM = 25

/** The state after a look at the bike; the same object when nothing changed. */
export function stepAnchor(state: AnchorState, facts: AnchorFacts): AnchorState {
  const { isTaken, fix, nowMs } = facts
  if (isTaken) return state.kind === 'away' ? state : { kind: 'away' }
  switch (state.kind) {
    case 'set':
      // Put down by hand, without anybody having had it: its place was told anew.
      return facts.isPutDown && fix !== null && !isSamePlace(state.anchor, fix)
        ? { kind: 'set', anchor: anchorAt(fix, nowMs) }
        : state
    case 'away': {
      const after =
        fix === null ? null : { bootId: fix.bootId, uptimeMs: Math.max(fix.uptimeMs + 1, facts.boltUptimeMs) }
      return settled({ kind: 'settling', sinceMs: nowMs, after }, facts)
    }
    case 'settling':
      return settled(state, facts)
  }
}

function settled(
  state: Extract<AnchorState, { kind: 'settling' }>,
  { fix, boltUptimeMs, isPutDown }: AnchorFacts,
): AnchorState {
  if (fix === null) return state
  const { after, sinceMs } = state
  const isOfTheClosing = fix.uptimeMs >= boltUptimeMs && fix.uptimeMs >= 0
  const isNewer = after === null ? fix.uptimeMs >= 0 : fix.bootId !== after.bootId || fix.uptimeMs >= after.uptimeMs
  return isPutDown || isOfTheClosing || isNewer ? { kind: 'set', anchor: anchorAt(fix, sinceMs) } : state
}

const anchorAt = ({ lon, lat, accuracyM }: Fix, atMs: EpochMs): Anchor => ({
  ...{ lon, lat, atMs },
  accuracyM: accuracyM ?? usualAccuracyM,
})

const isSamePlace = (a: Position, b: Position): boolean => a.lon === b.lon && a.lat === b.lat
