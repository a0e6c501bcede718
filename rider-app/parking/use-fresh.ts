import { useEffect, useState } from 'react'

/** An answer for as long as it can still be true, then null until there is a new one. Each answer is a new object. */
export function useFresh<T extends object>(value: T | null, forMs: number): T | null {
  const [stale, setStale] = useState<T | null>(null)
  useEffect(() => {
    if (value === null) return
    const timer = setTimeout(() => setStale(value), forMs)
    return () => clearTimeout(timer)
  }, [value, forMs])
  return value === stale ? null : value
}
