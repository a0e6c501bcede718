import { useEffect, useRef, useState } from 'react'

const tickMs = 500

/** How long `key` has been the same on this screen, in ms of real time. */
export function useSince(key: string): number {
  const began = useRef({ key, atMs: performance.now() })
  if (began.current.key !== key) began.current = { key, atMs: performance.now() }
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, nowMs - began.current.atMs)
}
