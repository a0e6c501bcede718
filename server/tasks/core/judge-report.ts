import type { ReportKind } from '../../../contracts/http/tasks.ts'
import type { FreeExitReason } from '../../../contracts/http/trips.ts'

/** A bike with these faults hurts somebody. */
export const dangerous: readonly ReportKind[] = ['brakes', 'lock']
/** Other riders' words count so long, city time. */
export const togetherMs = 86_400_000

export interface ReportNews {
  readonly kind: ReportKind
  /** This rider had the bike, and so had another one who said the same of it within `togetherMs`. */
  readonly isConfirmed: boolean
}

/** What the desk is told of a report: nothing (it waits in the list), a notice, or an alarm that keeps the bike. */
export function judgeReport({ kind, isConfirmed }: ReportNews): 'nothing' | 'notice' | 'block' {
  if (!dangerous.includes(kind)) return 'nothing'
  return isConfirmed ? 'block' : 'notice'
}

/** What a free exit says of the bike; null: nothing. */
export const reportOfFreeExit = (reason: FreeExitReason): ReportKind | null =>
  reason === 'changed_my_mind' ? null : reason
