import { drawFaults, type Fault, type FaultRule, type FaultTarget } from './core/faults.ts'

/** The faults that are set now. They live in memory only: a restarted sandbox is a healthy one. */
export interface FaultBox {
  readonly rules: () => readonly FaultRule[]
  readonly add: (rule: FaultRule) => void
  /** Removes one rule, or all; the number removed. */
  readonly remove: (id?: string) => number
  readonly draw: (side: 'answer' | 'notification', call: FaultTarget) => readonly Fault[]
}

/** More rules than this at once are refused. */
export const maxFaultRules = 100

/** An empty box; `chance` gives numbers in [0, 1). */
export function newFaultBox(chance: () => number): FaultBox {
  let rules: readonly FaultRule[] = []
  return {
    rules: () => rules,
    add: (rule) => {
      rules = [...rules, rule]
    },
    remove: (id) => {
      const kept = id === undefined ? [] : rules.filter((rule) => rule.id !== id)
      const removed = rules.length - kept.length
      rules = kept
      return removed
    },
    draw: (side, call) => {
      const drawn = drawFaults(rules, side, call, chance)
      rules = drawn.rules
      return drawn.hits
    },
  }
}
