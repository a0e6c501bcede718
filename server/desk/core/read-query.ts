/** What a typed or pasted text could be the name of. */
export interface Names {
  /** A QR code or a bike's number. */
  readonly code: string | null
  readonly lockId: string | null
  /** Of a trip or a bike. */
  readonly uuid: string | null
  readonly receipt: string | null
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** Of a sticker's address, `https://…/b/CODE`. */
const inLink = /\/b\/([A-Za-z0-9]{8,32})(?:[/?#].*)?$/
const inTripPage = /\/trips?\/([0-9a-f-]{36})(?:[/?#].*)?$/

/** Reads a search: spaces as printed on the bike are no part of it, and a scanned link stands for what it leads to. */
export function readQuery(text: string): Names {
  const typed = text.trim()
  const word = typed.replace(/\s+/g, '')
  const lower = (inTripPage.exec(word)?.[1] ?? word).toLowerCase()
  const code = inLink.exec(word)?.[1] ?? word
  return {
    code: /^([0-9]{4,8}|[A-Za-z0-9]{8,32})$/.test(code) ? code : null,
    lockId: /^[a-z0-9-]{6,32}$/.test(lower) ? lower : null,
    uuid: uuid.test(lower) ? lower : null,
    receipt: /^[0-9]{4}-[0-9]{6,9}$/.test(word) ? word : null,
  }
}
