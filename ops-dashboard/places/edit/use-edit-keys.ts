import type { KeyboardEvent } from 'react'
import type { EditAct } from './edit-state.ts'

/** Fields and dialogs know these keys themselves. */
const isOthers = (target: EventTarget) =>
  target instanceof HTMLElement &&
  target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, dialog') !== null

/** Ctrl+Z, Ctrl+Shift+Z (or Ctrl+Y) and Escape, but for fields and dialogs. */
export function useEditKeys(act: (act: EditAct) => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || isOthers(event.target)) return
    const key = event.key.toLowerCase()
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Escape') act({ act: 'escape' })
    else if (isCommand && key === 'z') act({ act: event.shiftKey ? 'redo' : 'undo' })
    else if (isCommand && key === 'y') act({ act: 'redo' })
    else return
    event.preventDefault()
  }
}
