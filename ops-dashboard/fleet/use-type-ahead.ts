import { useCallback, useRef } from 'react'

/** Digits typed within this belong to one number. */
const oneNumberMs = 900

/** Gathers digits that are typed one after another; returns those so far. */
export function useTypeAhead(): (digit: string) => string {
  const typed = useRef({ text: '', atMs: Number.NEGATIVE_INFINITY })
  return useCallback((digit) => {
    const nowMs = performance.now()
    const text = nowMs - typed.current.atMs < oneNumberMs ? typed.current.text + digit : digit
    typed.current = { text, atMs: nowMs }
    return text
  }, [])
}
