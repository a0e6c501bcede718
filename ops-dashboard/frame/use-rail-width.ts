import { useCallback, useState } from 'react'

const storageKey = 'zwerm-rail'
/** Below this the words would take from the map. */
const roomyPx = 1_680

/** Whether the rail shows icons alone: this person's own choice, else what the window has room for. */
export function useRailWidth(): readonly [boolean, () => void] {
  const [isNarrow, setNarrow] = useState(() => {
    const chosen = localStorage.getItem(storageKey)
    return chosen === null ? window.innerWidth < roomyPx : chosen === 'narrow'
  })
  const toggle = useCallback(() => {
    setNarrow((before) => {
      localStorage.setItem(storageKey, before ? 'wide' : 'narrow')
      return !before
    })
  }, [])
  return [isNarrow, toggle]
}
