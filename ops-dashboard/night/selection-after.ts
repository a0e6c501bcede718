import type { PlanEdit } from '../../contracts/http/nights.ts'
import type { Selection } from './night-address.ts'

/** What is looked at once an edit is done: what was moved or added goes on being looked at, what is gone is closed. */
export function selectionAfter(edit: PlanEdit, at: Selection | null): Selection | null {
  switch (edit.kind) {
    case 'move_stop':
      return { kind: 'stop', vanId: edit.toVanId, stop: edit.toStop }
    case 'add_stop':
      return { kind: 'stop', vanId: edit.vanId, stop: edit.atStop }
    case 'add_van':
      return { kind: 'van', vanId: edit.van.vanId }
    case 'drop_stop':
    case 'remove_van':
      return null
    case 'improve':
      // stops have other numbers now
      return at?.kind === 'stop' ? null : at
    case 'lock_stop':
    case 'unlock_stop':
    case 'change_shift':
      return at
  }
}
