/** Something that goes wrong on purpose. `before` and `after` mean the state change, not the answer. */
export type Fault =
  | { readonly kind: 'delay-answer'; readonly delayMs: number }
  | { readonly kind: 'drop-answer'; readonly when: 'before' | 'after' }
  | { readonly kind: 'http-500'; readonly when: 'before' | 'after' }
  | { readonly kind: 'system-error'; readonly when: 'before' | 'after' }
  | { readonly kind: 'corrupt-answer-signature' }
  | { readonly kind: 'insufficient-funds' }
  | { readonly kind: 'drop-notification' }
  | { readonly kind: 'duplicate-notification' }
  | { readonly kind: 'reorder-notification' }
  | { readonly kind: 'delay-notification'; readonly delayMs: number }
  | { readonly kind: 'corrupt-notification-signature' }
  | { readonly kind: 'old-notification-timestamp' }

/** A fault, for one gateway method or notify type (`*`: any), for the next n times or with a probability. */
export interface FaultRule {
  readonly id: string
  readonly fault: Fault
  readonly target: string
  /** Strikes only requests that name this number of the merchant's, whatever else goes on beside it. */
  readonly number?: string
  readonly next?: number
  readonly probability?: number
}

/** A call: its method or notify type, and the values that it names. */
export interface FaultTarget {
  readonly target: string
  readonly numbers?: readonly unknown[]
}

export interface Draw {
  readonly hits: readonly Fault[]
  readonly rules: readonly FaultRule[]
}

/**
 * Which faults strike this call, and the rules that are left. `chance` gives a number in [0, 1) for each rule with a
 * probability. Answer faults never meet notifications nor the other way round, whatever the target.
 */
export function drawFaults(
  rules: readonly FaultRule[],
  side: 'answer' | 'notification',
  { target, numbers = [] }: FaultTarget,
  chance: () => number,
): Draw {
  const hits: Fault[] = []
  const left: FaultRule[] = []
  for (const rule of rules) {
    const isMeant =
      sideOf(rule.fault) === side &&
      (rule.target === '*' || rule.target === target) &&
      (rule.number === undefined || numbers.includes(rule.number))
    const strikes = isMeant && (rule.next === undefined ? chance() < (rule.probability ?? 0) : rule.next > 0)
    if (strikes) hits.push(rule.fault)
    if (!strikes || rule.next === undefined) left.push(rule)
    else if (rule.next > 1) left.push({ ...rule, next: rule.next - 1 })
  }
  return { hits, rules: left }
}

/** The first hit of a kind. */
export function hitOf<Kind extends Fault['kind']>(
  hits: readonly Fault[],
  kind: Kind,
): Extract<Fault, { kind: Kind }> | undefined {
  return hits.find((hit): hit is Extract<Fault, { kind: Kind }> => hit.kind === kind)
}

/** True when a fault of this kind strikes at this moment. */
export function strikes(
  hits: readonly Fault[],
  kind: 'drop-answer' | 'http-500' | 'system-error',
  when: 'before' | 'after',
): boolean {
  return hits.some((hit) => hit.kind === kind && hit.when === when)
}

function sideOf(fault: Fault): 'answer' | 'notification' {
  switch (fault.kind) {
    case 'delay-answer':
    case 'drop-answer':
    case 'http-500':
    case 'system-error':
    case 'corrupt-answer-signature':
    case 'insufficient-funds':
      return 'answer'
    case 'drop-notification':
    case 'duplicate-notification':
    case 'reorder-notification':
    case 'delay-notification':
    case 'corrupt-notification-signature':
    case 'old-notification-timestamp':
      return 'notification'
  }
}
