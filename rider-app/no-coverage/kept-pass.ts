import type { PhonePass } from '../../contracts/http/no-coverage.ts'
import type { LockReceipt } from '../../contracts/no-coverage.ts'
import { forget, lastKnown, remember } from '../../ui-kit/offline/last-known.ts'

/** What this phone keeps of the ride for a time without a network. */
interface Kept {
  readonly pass: PhonePass
  /** The last code that was used. */
  readonly used: number
  /** What the lock said and the server has not heard yet. */
  readonly receipts: readonly LockReceipt[]
}

const slot = 'phone-pass'
/** A ride's codes make no more receipts than this. */
const mostReceipts = 20

export function keptPass(tripId: string): Kept | null {
  const known = lastKnown<Kept>(slot)?.value ?? null
  return known?.pass.tripId === tripId ? known : null
}

/** A newer key begins with its first code; receipts stay until they were heard. */
export function keepPass(pass: PhonePass): Kept {
  const before = keptPass(pass.tripId)
  const used = before?.pass.key?.id === pass.key?.id ? (before?.used ?? 0) : 0
  const kept = { pass, used, receipts: before?.receipts ?? [] }
  remember(slot, kept)
  return kept
}

/** The number of the next code, counted as used before it is said; null: all are used up. */
export function takeCode(tripId: string): number | null {
  const kept = keptPass(tripId)
  if (!kept?.pass.key || kept.used >= kept.pass.key.c) return null
  remember(slot, { ...kept, used: kept.used + 1 })
  return kept.used + 1
}

export function keepReceipt(tripId: string, receipt: LockReceipt): void {
  const kept = keptPass(tripId)
  if (kept) remember(slot, { ...kept, receipts: [...kept.receipts, receipt].slice(-mostReceipts) })
}

/** The ride is over: its codes open nothing for whoever has this phone next. Receipts stay until they were heard. */
export function dropCodes(tripId: string): void {
  const kept = keptPass(tripId)
  if (kept === null) return
  if (kept.receipts.length === 0) forget(slot)
  else remember(slot, { ...kept, pass: { ...kept.pass, key: null, codes: [] } })
}

export function receiptHeard(tripId: string, receipt: LockReceipt): void {
  const kept = keptPass(tripId)
  if (kept) remember(slot, { ...kept, receipts: kept.receipts.filter(({ m }) => m !== receipt.m) })
}
