import type { KeyboardEvent } from 'react'
import type { EditAct } from './edit-state.ts'

const isTyping = (target: EventTarget) =>
  target instanceof HTMLElement && target.matches('input:not([type=radio]):not([type=checkbox]), textarea, select')

/** Ctrl+Z, Ctrl+Shift+Z (or Ctrl+Y) and Escape, but for fields, which have their own. */
export function useEditKeys(act: (act: EditAct) => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || isTyping(event.target) || event.target instanceof HTMLDialogElement) return
    const key = event.key.toLowerCase()
    const isCommand = event.ctrlKey || event.metaKey
    if (event.key === 'Escape') act({ act: 'escape' })
    else if (isCommand && key === 'z') act({ act: event.shiftKey ? 'redo' : 'undo' })
    else if (isCommand && key === 'y') act({ act: 'redo' })
    else return
    event.preventDefault()
  }
}
