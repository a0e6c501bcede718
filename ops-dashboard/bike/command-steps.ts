import type { StaffCommand, StaffCommandState } from '../../contracts/http/bike-page.ts'

export interface ShownStep {
  readonly state: StaffCommandState
  readonly look: 'past' | 'now' | 'ahead' | 'wrong'
  /** City time; null: not there yet. */
  readonly at: number | null
}

const way: readonly StaffCommandState[] = ['queued', 'sent', 'accepted', 'done']

/**
 * The way of a command as it is drawn: where it has been, where it is, and what is still ahead. What went wrong ends the
 * way at the step where it went wrong.
 */
export function shownSteps({ state, steps }: Pick<StaffCommand, 'state' | 'steps'>): readonly ShownStep[] {
  const timeOf = (wanted: StaffCommandState) => steps.find((step) => step.state === wanted)?.at ?? null
  const last = steps.at(-1)
  if (!way.includes(state)) {
    const been = way.filter((step) => timeOf(step) !== null)
    return [
      ...been.map((step): ShownStep => ({ state: step, look: 'past', at: timeOf(step) })),
      { state, look: 'wrong', at: last?.at ?? null },
    ]
  }
  const here = way.indexOf(state)
  return way.map((step, index) => ({
    state: step,
    look: index < here || step === 'done' ? (index <= here ? 'past' : 'ahead') : index === here ? 'now' : 'ahead',
    at: timeOf(step),
  }))
}

/** Whether more is to be expected of it without anybody doing anything. */
export const isUnderWay = (state: StaffCommandState): state is 'queued' | 'sent' | 'accepted' =>
  state === 'queued' || state === 'sent' || state === 'accepted'

/** Text keys of what went wrong and what to do: the lock's own reason, else how it ended; null: nothing went wrong. */
export function whyOf({
  state,
  resultCode,
}: Pick<StaffCommand, 'state' | 'resultCode'>): { readonly code: string; readonly otherwise: EndedKey } | null {
  if (isUnderWay(state) || state === 'done' || state === 'cancelled') return null
  const otherwise = `bikes.ended.${state}` as const
  return { code: resultCode === null ? otherwise : `bikes.code.${resultCode}`, otherwise }
}

type EndedKey = `bikes.ended.${'rejected' | 'failed' | 'expired' | 'unknown'}`
