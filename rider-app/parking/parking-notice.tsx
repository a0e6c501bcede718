/** What closing the lock here would mean, while the ride runs. */
export function ParkingNotice({ tripId: _tripId }: { readonly tripId: string }) {
  return null
}
