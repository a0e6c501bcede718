import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { DeskEvent } from '../../contracts/live/desk-events.ts'
import { createLookPace, type LookPace } from './look-pace.ts'
import { useDeskEvents } from './use-desk-events.ts'

/**
 * A person has 600 requests a minute for everything at the desk, over all open pages. What a burst of events costs one
 * page stays far below that, so that an act is never the request too many.
 */
const restPerRequestMs = 1_500

/**
 * Asks again for what is shown of a key when something of it changed: at once, and in a burst about once a second for
 * all its requests together. What is not shown is asked for when it is opened. After a reconnect it looks too.
 */
export function useLookAgain(key: readonly unknown[], isOurs: (event: DeskEvent) => boolean): void {
  const queries = useQueryClient()
  const newest = useRef(key)
  const pace = useRef<LookPace | null>(null)
  useEffect(() => {
    newest.current = key
  })
  useEffect(() => {
    const made = createLookPace({
      restPerRequestMs,
      look: () => queries.invalidateQueries({ queryKey: newest.current }),
      requests: () => requestsOf(queries, newest.current),
      nowMs: () => performance.now(),
      wait: (ms, act) => {
        const timer = setTimeout(act, ms)
        return () => clearTimeout(timer)
      },
    })
    pace.current = made
    return () => made.stop()
  }, [queries])
  useDeskEvents((event) => {
    if (event.kind === 'again' || isOurs(event)) pace.current?.ask()
  })
}

/** A list costs a request for each of its pages that were opened. */
function requestsOf(queries: QueryClient, queryKey: readonly unknown[]): number {
  const shown = queries.getQueryCache().findAll({ queryKey, type: 'active' })
  return shown.reduce((sum, { state }) => {
    const pages = (state.data as { readonly pages?: unknown } | undefined)?.pages
    return sum + (Array.isArray(pages) ? pages.length : 1)
  }, 0)
}
