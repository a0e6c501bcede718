import { type Step, unchanged } from '../../../contracts/step.ts'

/** What became of a grant. `unanswered` may still be settled by the lock's own word. */
export type GrantState = 'outstanding' | 'unanswered' | 'opened' | 'failed' | 'dead'

export type GrantEvent =
  /** The bolt's own word names this grant. */
  | { readonly kind: 'told'; readonly to: 'unlocked' | 'jam_open' }
  /** A later challenge, or a hello, shows that the lock never obeyed it and never will. */
  | { readonly kind: 'proven_unused' }
  | { readonly kind: 'expired' }

export type GrantEffect =
  /** The lock tried and could not. */
  { readonly kind: 'jammed' } | { readonly kind: 'not_opened' } | { readonly kind: 'unanswered' }

/** One step of a grant: total, repeats change nothing. */
export function stepGrant(state: GrantState, event: GrantEvent): Step<GrantState, GrantEffect> {
  switch (state) {
    case 'outstanding':
    case 'unanswered':
      return unsettled(state, event)
    case 'failed':
      // A bolt that jammed and came free by itself while its lock still tried.
      return event.kind === 'told' && event.to === 'unlocked' ? { state: 'opened', effects: [] } : unchanged(state)
    case 'opened':
    case 'dead':
      return unchanged(state)
  }
}

function unsettled(state: 'outstanding' | 'unanswered', event: GrantEvent): Step<GrantState, GrantEffect> {
  switch (event.kind) {
    case 'told':
      return event.to === 'unlocked'
        ? { state: 'opened', effects: [] }
        : { state: 'failed', effects: [{ kind: 'jammed' }] }
    case 'proven_unused':
      return { state: 'dead', effects: [{ kind: 'not_opened' }] }
    case 'expired':
      return state === 'unanswered' ? unchanged(state) : { state: 'unanswered', effects: [{ kind: 'unanswered' }] }
  }
}

/**
 * The lock's next hello: a counter below the grant's, when its challenge is over, proves that it was never obeyed. After
 * a factory reset the counter has begun again, and proves nothing.
 */
export function isProvenUnused(
  grant: {
    readonly counter: number
    readonly bootId: number
    readonly challengedUptime: number
    readonly ttlMs: number
  },
  hello: { readonly ctr: number; readonly b: number; readonly u: number },
): boolean {
  if (hello.ctr >= grant.counter) return false
  if (hello.b === grant.bootId) return hello.u > grant.challengedUptime + grant.ttlMs
  return isEarlierBoot(grant.bootId, hello.b)
}

/** Boot ids count up within one factory reset, whose 8 random bits are the highest: between two resets nobody knows. */
export const isEarlierBoot = (one: number, other: number): boolean => one >>> 24 === other >>> 24 && one < other
