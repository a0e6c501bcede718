import { useEffect, useRef } from 'react'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { deskLive } from './desk-live.ts'

/**
 * What changes at the desk, as it happens, over the one socket that all pages share. The handler may be a new function at
 * each render. `{ kind: 'again' }` says that something may have been missed: look at everything again.
 */
export function useDeskEvents(handler: (event: DeskEvent) => void): void {
  const newest = useRef(handler)
  useEffect(() => {
    newest.current = handler
  })
  useEffect(() => deskLive.listen({ onEvent: (event) => newest.current(event) }), [])
}
