import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import { type NightView, readNightView, writeNightView } from './night-address.ts'

/** What is open, from the address, and a way to open something else. */
export function useNightView(): readonly [NightView, (change: Partial<NightView>) => void] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const view = useMemo(() => readNightView(search), [search])
  const change = useCallback(
    (next: Partial<NightView>) => {
      const now = readNightView(location.search)
      const text = writeNightView({ ...now, ...next })
      if (text !== writeNightView(now)) navigate(`/night${text}`)
    },
    [navigate],
  )
  return [view, change]
}
