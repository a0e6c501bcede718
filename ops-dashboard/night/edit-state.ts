import type { PlanEdit, PlanEditAnswer } from '../../contracts/http/nights.ts'
import type { Refused } from '../../ui-kit/api/api-client.ts'

/**
 * The life of one edit at the desk: its price is asked, a person looks at it, and only then it is done. `revision` is
 * that of the plan that the price holds for.
 */
export type EditState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly edit: PlanEdit }
  | { readonly kind: 'priced'; readonly edit: PlanEdit; readonly answer: PlanEditAnswer; readonly revision: number }
  | { readonly kind: 'doing'; readonly edit: PlanEdit }
  | { readonly kind: 'refused'; readonly edit: PlanEdit; readonly refused: Refused }

export type EditEvent =
  | { readonly kind: 'ask'; readonly edit: PlanEdit }
  | { readonly kind: 'price'; readonly edit: PlanEdit; readonly answer: PlanEditAnswer; readonly revision: number }
  | { readonly kind: 'do'; readonly edit: PlanEdit }
  | { readonly kind: 'done'; readonly edit: PlanEdit }
  | { readonly kind: 'refuse'; readonly edit: PlanEdit; readonly refused: Refused }
  | { readonly kind: 'cancel' }

export const noEdit: EditState = { kind: 'none' }

/** Answers to an edit that is no longer wanted are dropped; nothing is asked while an edit is being done. */
export function nextEditState(state: EditState, event: EditEvent): EditState {
  switch (event.kind) {
    case 'ask':
      return state.kind === 'doing' ? state : { kind: 'asking', edit: event.edit }
    case 'price':
      return state.kind === 'asking' && state.edit === event.edit
        ? { kind: 'priced', edit: event.edit, answer: event.answer, revision: event.revision }
        : state
    case 'do':
      return state.kind === 'doing' ? state : { kind: 'doing', edit: event.edit }
    case 'done':
      return state.kind === 'doing' && state.edit === event.edit ? noEdit : state
    case 'refuse':
      return (state.kind === 'asking' || state.kind === 'doing') && state.edit === event.edit
        ? { kind: 'refused', edit: event.edit, refused: event.refused }
        : state
    case 'cancel':
      return state.kind === 'doing' ? state : noEdit
  }
}
