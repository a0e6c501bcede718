import type { MoneyMove } from './core/records.ts'

/** Every move of money, in the order in which it was decided; what `/control/journal` reads. */
export interface MoneyLog {
  readonly add: (moves: readonly MoneyMove[]) => void
  readonly length: () => number
  readonly slice: (after: number, limit: number) => readonly MoneyMove[]
}

/** An empty log; a provider fills it from its journal. */
export function newMoneyLog(): MoneyLog {
  const all: MoneyMove[] = []
  return {
    add: (moves) => {
      all.push(...moves)
    },
    length: () => all.length,
    slice: (after, limit) => all.slice(after, after + limit),
  }
}
