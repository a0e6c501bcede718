/** Which debt is being paid in this tab, and by which promise: over the payer's page and back. */
const key = 'zwerm-paying-debt'

export const rememberPaying = (tripId: string, promiseId: string): void =>
  sessionStorage.setItem(key, `${tripId} ${promiseId}`)

/** The promise that is to pay for this trip, if one was begun in this tab. */
export function promiseBegunFor(tripId: string): string | null {
  const [trip, promise] = sessionStorage.getItem(key)?.split(' ') ?? []
  return trip === tripId && promise !== undefined ? promise : null
}

export const hasBegunPaying = (): boolean => sessionStorage.getItem(key) !== null
export const forgetPaying = (): void => sessionStorage.removeItem(key)
