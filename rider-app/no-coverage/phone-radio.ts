import type { LockFrame, PhoneFrame } from '../../contracts/no-coverage.ts'

/** The phone's way to the lock beside it: its own Bluetooth, or in the demo the simulated city in its place. */
export interface PhoneRadio {
  /** Whether this device has such a radio at all. */
  readonly isHere: boolean
  readonly isDemo: boolean
  /**
   * @returns null when the rider picked no lock
   * @throws RadioTrouble when the lock is not found, or another phone has it
   */
  connect(advertisedAs: readonly string[]): Promise<PhoneLine | null>
}

export interface PhoneLine {
  say(frame: PhoneFrame): Promise<void>
  /** The next frame of the lock, of whatever kind. @throws RadioTrouble when it breaks off, or says nothing for long */
  next(waitMs: number): Promise<LockFrame>
  close(): void
}

export type RadioTroubleKind = 'radio' | 'off' | 'taken' | 'gone'

/** The lock could not be reached, or not any more. */
export class RadioTrouble extends Error {
  override readonly name = 'RadioTrouble'
  readonly trouble: RadioTroubleKind

  constructor(trouble: RadioTroubleKind) {
    super(`no way to the lock: ${trouble}`)
    this.trouble = trouble
  }
}

/** The server checks what a lock says; here it only has to be a frame at all. */
export function readFrame(text: string): LockFrame | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && 'k' in read ? (read as LockFrame) : null
  } catch {
    // Noise of the air.
    return null
  }
}
