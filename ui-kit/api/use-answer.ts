import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, Refused } from './api-client.ts'

export interface Loaded<T> {
  readonly value: T | null
  readonly refused: Refused | null
  readonly loading: boolean
  readonly again: () => void
}

/**
 * Loads one thing for a screen, again when `key` changes and every `everyMs` while the page is seen. The last good
 * value stays during a repeat or a failure, which is repeated once the network is back; an answer to an older key is
 * dropped. Null as key: nothing to load.
 */
export function useAnswer<T>(key: string | null, load: () => Promise<Answer<T>>, everyMs?: number): Loaded<T> {
  const [held, setHeld] = useState<{ key: string; value: T | null; refused: Refused | null } | null>(null)
  const [round, setRound] = useState(0)
  const latest = useRef(load)
  latest.current = load

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is the wish to load again
  useEffect(() => {
    if (key === null) return
    let dropped = false
    void latest.current().then((answer) => {
      if (dropped) return
      setHeld((before) => {
        const kept = before?.key === key ? before.value : null
        return answer.kind === 'ok'
          ? { key, value: answer.value, refused: null }
          : { key, value: kept, refused: answer }
      })
    })
    return () => {
      dropped = true
    }
  }, [key, round])

  useEffect(() => {
    if (key === null || everyMs === undefined) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setRound((n) => n + 1)
    }, everyMs)
    return () => clearInterval(timer)
  }, [key, everyMs])

  const refused = held?.key === key ? (held?.refused ?? null) : null
  useEffect(() => {
    if (refused?.code !== 'offline' && refused?.code !== 'unreachable') return
    const back = () => setRound((n) => n + 1)
    addEventListener('online', back)
    return () => removeEventListener('online', back)
  }, [refused])

  const again = useCallback(() => setRound((n) => n + 1), [])
  const mine = held !== null && held.key === key ? held : null
  return { value: mine?.value ?? null, refused, loading: key !== null && mine === null, again }
}
