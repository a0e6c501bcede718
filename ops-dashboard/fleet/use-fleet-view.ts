import { useCallback, useMemo, useRef } from 'react'
import { useLocation, useSearch } from 'wouter'
import { type FleetView, readFleetView, writeFleetView } from './fleet-view.ts'

/** `quietly`: "back" does not undo it. Typing and moving the map would fill the history. */
export type ChangeView = (change: Partial<FleetView>, how?: 'quietly') => void

/** The view in the address, and a way to change it. */
export function useFleetView(): readonly [FleetView, ChangeView] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const ownPath = useRef(location.pathname)
  const view = useMemo(() => readFleetView(search), [search])
  const change = useCallback<ChangeView>(
    (next, how) => {
      // A map that comes to rest while the next page loads must not call the person back.
      if (location.pathname !== ownPath.current) return
      const now = readFleetView(location.search)
      const text = writeFleetView({ ...now, ...next })
      if (text !== writeFleetView(now)) navigate(`/${text}`, { replace: how === 'quietly' })
    },
    [navigate],
  )
  return [view, change]
}
