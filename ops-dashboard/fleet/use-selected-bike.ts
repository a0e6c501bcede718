import { useCallback, useEffect, useState } from 'react'

const parameter = 'bike'
const inAddress = () => new URLSearchParams(location.search).get(parameter)

/** Number of the selected bike, kept in the address: it can be sent to a colleague, and "back" undoes it. */
export function useSelectedBike(): readonly [string | null, (number: string | null) => void] {
  const [number, setNumber] = useState(inAddress)
  useEffect(() => {
    const follow = () => setNumber(inAddress())
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  const select = useCallback((next: string | null) => {
    if (next === inAddress()) return
    const address = new URL(location.href)
    if (next === null) address.searchParams.delete(parameter)
    else address.searchParams.set(parameter, next)
    history.pushState(null, '', address)
    setNumber(next)
  }, [])
  return [number, select]
}
