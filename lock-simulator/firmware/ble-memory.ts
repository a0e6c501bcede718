/** What of the phones survives a reset, as a part of the journal. */
export interface PhoneMemory {
  /** Counter of the key of a ride that was used last, its last code, and its openings without a clock. */
  readonly keySeq: number
  readonly lastCode: number
  readonly graceUses: number
  /** Counter of the last unlock that was obeyed, by command or by grant: keys of before it are over. */
  readonly openedAt: number
  /** Token that the bolt is opening by; found at boot, it was interrupted. */
  readonly opening: string | null
}

export const freshMemory: PhoneMemory = { keySeq: 0, lastCode: 0, graceUses: 0, openedAt: 0, opening: null }
