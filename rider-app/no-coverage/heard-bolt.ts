import type { LockReceipt } from '../../contracts/no-coverage.ts'

/** The lock's last word to this phone, and what the server's view of the ride was then. */
interface HeardBolt {
  readonly during: string
  readonly to: 'locked' | 'unlocked'
}

/**
 * Whether the ride stands still. Without a network the server's view stays what it was, however often the phone opens
 * and closes the lock: the lock's last word counts until the server's view moves on.
 */
export function standsPaused(state: string, heard: HeardBolt | null): boolean {
  return heard?.during === state ? heard.to === 'locked' : state === 'paused'
}

/** What a receipt says of the bolt; null when it says neither open nor closed. */
export function heardOf(receipt: LockReceipt | undefined, during: string): HeardBolt | null {
  const to = receipt?.e.to
  return to === 'locked' || to === 'unlocked' ? { during, to } : null
}
