import type { NextAction, WayToPay } from '../../../contracts/http/payments.ts'
import type { EpochMs, MinorUnits } from '../../../contracts/units.ts'
import type { HoldSnapshot } from '../core/payment-machine.ts'

/** What a provider knows of one of our holds, now. The only source of truth about money. */
export interface Snapshot {
  readonly hold: HoldSnapshot
  /** What it holds or held, as it says; null while nothing is confirmed. */
  readonly heldMinor: MinorUnits | null
  /** Its own number of the hold, needed to capture and to release. */
  readonly providerRef: string | null
  /** Its own number of the capture: what stands on the rider's statement. */
  readonly transactionRef: string | null
}

/** A message that proved to come from the provider. It changes nothing by itself: it says which payment to fetch. */
export interface Notification {
  /** The provider's own id of this message; it is stored once. */
  readonly eventId: string
  /** Our own number of the hold or of the capture it speaks of. */
  readonly ourKey: string
  /** The whole amount of that hold or capture, as the message says. */
  readonly amountMinor: MinorUnits
  readonly about: 'hold' | 'capture'
}

export interface WebhookAnswer {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/**
 * A provider that promises money first and takes the exact amount later. `key` is stored before the first call that
 * carries it; a repeat with the same key and amounts is safe and gives the same result. Throws only `ProviderFault`.
 */
export interface PaymentProvider {
  readonly id: string
  /** As riders know it. */
  readonly name: string
  /** ISO 4217 codes of the currencies it can hold. */
  readonly currencies: readonly string[]
  /** How a payer can get to the question here; the first is what most want. */
  readonly ways: readonly WayToPay[]
  hold(request: {
    readonly key: string
    readonly amountMinor: MinorUnits
    readonly currency: string
    readonly title: string
    readonly notifyUrl: string
    readonly returnUrl: string | null
    readonly way: WayToPay
    /** Until when a code that is shown may be scanned. */
    readonly expiresAtMs: EpochMs
  }): Promise<NextAction>
  /** The same question, reached in another way, without asking for anything again. */
  turned(next: NextAction, to: { readonly way: WayToPay; readonly expiresAtMs: EpochMs }): NextAction
  /** Takes `amountMinor` of the hold and gives the rest back. */
  capture(request: {
    readonly key: string
    readonly providerRef: string
    readonly amountMinor: MinorUnits
    readonly title: string
    readonly notifyUrl: string
  }): Promise<Snapshot>
  /** Gives a confirmed hold back as a whole. */
  release(request: {
    readonly key: string
    readonly providerRef: string
    readonly heldMinor: MinorUnits
    readonly reason: string
  }): Promise<Snapshot>
  /** Ends a hold that the payer has not confirmed. */
  cancelHold(request: { readonly holdKey: string; readonly reason: string }): Promise<Snapshot>
  /** Resolves when the money is on its way back. */
  refund(request: {
    readonly key: string
    readonly captureKey: string
    readonly amountMinor: MinorUnits
    readonly reason: string
  }): Promise<void>
  /** `captureKey` only once a capture may have been sent. */
  fetch(request: { readonly holdKey: string; readonly captureKey: string | null }): Promise<Snapshot>
  /** Whether a refund that was asked for has happened. */
  fetchRefund(request: { readonly key: string; readonly captureKey: string }): Promise<boolean>
  /** Proves that the message is the provider's; throws `invalid_request` when it is not. */
  notification(raw: { readonly headers: Readonly<Record<string, unknown>>; readonly body: Uint8Array }): Notification
  acknowledge(ok: boolean): WebhookAnswer
}

/**
 * `declined`: the provider or the payer said no, nothing happened. `invalid_request`: what was sent makes no sense to
 * the receiver. `unknown`: time-out, 5xx, unreadable or badly signed answer: it may have happened, so fetch, then
 * repeat with the same key.
 */
export type ProviderFaultCode = 'declined' | 'invalid_request' | 'unknown'

export class ProviderFault extends Error {
  override readonly name = 'ProviderFault'
  readonly code: ProviderFaultCode
  /** The provider's own word for it, to be logged; never shown to riders. */
  readonly providerCode: string

  constructor(code: ProviderFaultCode, providerCode: string, cause?: unknown) {
    super(`${code}: ${providerCode}`, cause === undefined ? {} : { cause })
    this.code = code
    this.providerCode = providerCode
  }
}

/** True when the provider answered and nothing came of the call. */
export const isNo = (error: unknown): error is ProviderFault =>
  error instanceof ProviderFault && error.code !== 'unknown'
