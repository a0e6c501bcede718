import { useEffect, useRef, useState } from 'react'

/** Single letters of the live map. They can be turned off: speech and some keyboards send them by mistake (WCAG 2.1.4). */
export const deskKeys = [
  { key: '/', text: 'ops.keys.search' },
  { key: 'L', text: 'ops.keys.list' },
  { key: 'Z', text: 'ops.keys.zones' },
  { key: 'P', text: 'ops.keys.pause' },
  { key: 'F', text: 'ops.keys.follow' },
  { key: 'V', text: 'ops.keys.view' },
  { key: 'W', text: 'ops.keys.wall' },
  { key: '?', text: 'ops.keys.help' },
  { key: 'Esc', text: 'ops.keys.escape' },
] as const
export type DeskKey = (typeof deskKeys)[number]['key']

const storageKey = 'zwerm-keys'

/** Calls the handler for a key that is not typed into a field, nor meant for an open dialog. */
export function useDeskKeys(onKey: (key: DeskKey) => void): readonly [boolean, (isOn: boolean) => void] {
  const [isOn, setOn] = useState(() => localStorage.getItem(storageKey) !== 'off')
  const newest = useRef(onKey)
  newest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('dialog[open]') !== null) return
      const name = event.key === 'Escape' ? 'Esc' : event.key.toUpperCase()
      const known = deskKeys.find(({ key }) => key === name)
      if (known === undefined || (!isOn && known.key !== 'Esc')) return
      if (known.key !== 'Esc') event.preventDefault()
      newest.current(known.key)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [isOn])
  return [
    isOn,
    (next) => {
      localStorage.setItem(storageKey, next ? 'on' : 'off')
      setOn(next)
    },
  ]
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
