import type { Notification } from './records.ts'

/** A notification that the merchant has not acknowledged yet. */
export interface Pending {
  readonly notification: Notification
  readonly attempts: number
  readonly dueMs: number
}

export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly pending: Pending }
  | { readonly kind: 'gave-up' }

const minuteMs = 60_000

/** Alipay's waits between attempts; after the last one it gives up: eight attempts in about a day. */
export const retryWaitsMs: readonly number[] = [4, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * minuteMs)

/** Under a fast clock a retry still waits this long, so that a merchant that restarts is not flooded. */
const shortestRetryWaitMs = 1_000

/** A new notification, due at once. */
export function pendingOf(notification: Notification): Pending {
  return { notification, attempts: 0, dueMs: notification.createdMs }
}

/** What follows an attempt. Only the exact body `success` acknowledges. */
export function afterAttempt(pending: Pending, acknowledged: boolean, nowMs: number, timeScale: number): Delivery {
  if (acknowledged) return { kind: 'delivered' }
  const waitMs = retryWaitsMs[pending.attempts]
  if (waitMs === undefined) return { kind: 'gave-up' }
  const scaledMs = Math.max(Math.round(waitMs / timeScale), Math.min(waitMs, shortestRetryWaitMs))
  return { kind: 'retry', pending: { ...pending, attempts: pending.attempts + 1, dueMs: nowMs + scaledMs } }
}
