import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, Refused } from './api-client.ts'
import { type Asker, oneAtATime } from './one-at-a-time.ts'

export interface Loaded<T> {
  readonly value: T | null
  readonly refused: Refused | null
  readonly loading: boolean
  readonly again: () => void
}

/**
 * Loads one thing for a screen, again when `key` changes and every `everyMs` while the page is seen. The last good
 * value stays during a repeat or a failure, which is repeated once the network is back; an answer to an older key is
 * dropped. There is one request at a time. Null as key: nothing to load.
 */
export function useAnswer<T>(key: string | null, load: () => Promise<Answer<T>>, everyMs?: number): Loaded<T> {
  const [held, setHeld] = useState<{ key: string; value: T | null; refused: Refused | null } | null>(null)
  const asker = useRef<Asker | null>(null)
  const latest = useRef(load)
  latest.current = load

  useEffect(() => {
    if (key === null) return
    const own = oneAtATime(
      () => latest.current(),
      (answer) =>
        setHeld((before) => {
          const kept = before?.key === key ? before.value : null
          return answer.kind === 'ok'
            ? { key, value: answer.value, refused: null }
            : { key, value: kept, refused: answer }
        }),
    )
    asker.current = own
    own.tick()
    return () => {
      own.stop()
      asker.current = null
    }
  }, [key])

  useEffect(() => {
    if (key === null || everyMs === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') asker.current?.tick()
    }, everyMs)
    return () => clearInterval(timer)
  }, [key, everyMs])

  const again = useCallback(() => asker.current?.again(), [])
  const refused = held?.key === key ? (held?.refused ?? null) : null
  useEffect(() => {
    if (refused?.code !== 'offline' && refused?.code !== 'unreachable') return
    addEventListener('online', again)
    return () => removeEventListener('online', again)
  }, [refused, again])

  const mine = held !== null && held.key === key ? held : null
  return { value: mine?.value ?? null, refused, loading: key !== null && mine === null, again }
}
