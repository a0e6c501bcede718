import type { CrewAct, CrewActsAnswer } from '../../contracts/http/crews.ts'
import type { WaitingAct } from './next-send.ts'

/** An act that the server did not take, kept until the crew has read it. */
export interface RefusedAct {
  readonly actId: string
  readonly act: CrewAct
  /** A refusal's code. */
  readonly code: string
  /** Who has it instead. */
  readonly by: string | null
}

export interface Settled {
  /** Confirmed or refused: they leave the phone. */
  readonly done: readonly number[]
  readonly refused: readonly RefusedAct[]
}

/** What an answer means for the acts that were sent. An act that it does not mention stays, and is sent again. */
export function settleAnswer(sent: readonly WaitingAct[], results: CrewActsAnswer['results']): Settled {
  const resultOf = new Map(results.map((result) => [result.actId, result]))
  const answered = sent.filter(({ act }) => resultOf.has(act.actId))
  return {
    done: answered.map(({ seq }) => seq),
    refused: answered.flatMap(({ act }) => {
      const result = resultOf.get(act.actId)
      if (result === undefined || result.outcome !== 'refused') return []
      return [{ actId: act.actId, act, code: result.code ?? 'server_fault', by: result.by }]
    }),
  }
}

const firstPauseMs = 2_000
const longestPauseMs = 60_000

/** How long to rest after the n-th failed try, doubling to a minute. @param random 0…1, spreads the vans */
export const pauseAfter = (failures: number, random: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1)) * (0.75 + random / 2)
