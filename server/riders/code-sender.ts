import type { Language } from '../../contracts/http/riders.ts'

/** What a code does. One that was sent for the one does not do the other. */
export const codePurposes = ['log_in', 'copy', 'erase'] as const
export type CodePurpose = (typeof codePurposes)[number]

export interface CodeMessage {
  readonly to: string
  readonly code: string
  readonly language: Language
  readonly purpose: CodePurpose
  readonly sentAtMs: number
}

/** How one-time codes reach a rider: an SMS or mail gateway, or the demo's local outbox. */
export interface CodeSender {
  send(message: CodeMessage): Promise<void>
}

/** The demo's: keeps the newest messages in memory, where the log-in page of the demo shows them. */
export function localOutbox(capacity = 2_000): CodeSender & { newestFor(to: string): CodeMessage | null } {
  const newest = new Map<string, CodeMessage>()
  return {
    send: async (message) => {
      newest.delete(message.to)
      newest.set(message.to, message)
      const [oldest] = newest.keys()
      if (newest.size > capacity && oldest !== undefined) newest.delete(oldest)
    },
    newestFor: (to) => newest.get(to) ?? null,
  }
}
