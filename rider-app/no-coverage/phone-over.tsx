import { useEffect } from 'react'
import { useRider } from '../rider-state.ts'
import { dropCodes } from './kept-pass.ts'
import { sendKeptReceipts } from './lock-talk.ts'

/** After the ride: what the lock told this phone still goes to the server, its codes are forgotten. Shows nothing. */
export function PhoneOver({ tripId }: { readonly tripId: string }) {
  const { api } = useRider()
  useEffect(() => {
    dropCodes(tripId)
    void sendKeptReceipts(api, tripId).then(() => dropCodes(tripId))
  }, [api, tripId])
  return null
}
