import { forget } from '../../ui-kit/offline/last-known.ts'

/** Where the log-in form keeps an address that its owner wants to find again. */
const rememberedAddressKey = 'zwerm-address'

/** What this device knows of a rider goes with the log-in; after a deletion also the address that was to be kept. */
export function leaveNothing(why: 'logged_out' | 'deleted'): void {
  for (const name of ['me', 'trip', 'rides']) forget(name)
  if (why === 'deleted') localStorage.removeItem(rememberedAddressKey)
}
