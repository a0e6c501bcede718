import type { PhotoType } from '../../../contracts/photo-limits.ts'

/**
 * A picture without what its camera wrote beside it: place, time, device, a smaller picture of the same, anything after its
 * end. Only what draws it is kept, so what nobody thought of is left out too.
 *
 * @returns null when the bytes are no whole picture of that type
 * Sources: ITU-T T.81 annex B (JPEG), W3C PNG third edition section 5, RFC 9649 (WebP)
 */
export function stripMetadata(type: PhotoType, bytes: Uint8Array): Uint8Array | null {
  switch (type) {
    case 'image/jpeg':
      return stripJpeg(bytes)
    case 'image/png':
      return stripPng(bytes)
    case 'image/webp':
      return stripWebp(bytes)
  }
}

const startOfImage = 0xd8
const endOfImage = 0xd9
const startOfScan = 0xda
/** Colours depend on it. */
const adobe = 0xee

function stripJpeg(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage) return null
  const kept = new Kept(bytes)
  kept.add(0, 2)
  let hasPicture = false
  let at = 2
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === endOfImage) {
      kept.add(at, at + 2)
      return hasPicture ? kept.bytes() : null
    }
    const end = endOfSegment(bytes, at, marker)
    if (end === null) return null
    if (!isJpegExtra(marker)) kept.add(at, end)
    hasPicture ||= marker === startOfScan
    at = end
  }
  return null
}

/** A filling byte is a segment of its own; a scan goes on to where the next segment begins. */
function endOfSegment(bytes: Uint8Array, at: number, marker: number): number | null {
  if (marker === 0xff) return at + 1
  const length = 2 + u16(bytes, at + 2)
  const end = at + length
  if (length < 4 || end > bytes.length) return null
  return marker === startOfScan ? endOfScan(bytes, end) : end
}

/** Application segments and comments; the profile of the colours goes too: what the pages send is sRGB. */
const isJpegExtra = (marker: number): boolean =>
  (marker >= 0xe0 && marker <= 0xef && marker !== adobe) || marker === 0xfe || (marker >= 0xf0 && marker <= 0xfd)

/** Where the next segment begins: 0xff00 is a byte of the picture, 0xffd0 to 0xffd7 only restart the counting. */
function endOfScan(bytes: Uint8Array, from: number): number | null {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] !== 0xff) continue
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at
  }
  return null
}

const pngChunks: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB'])
const pngSignature = 8
const pngChunkFrame = 12

function stripPng(bytes: Uint8Array): Uint8Array | null {
  const kept = new Kept(bytes)
  kept.add(0, pngSignature)
  let hasPicture = false
  let at = pngSignature
  while (at + pngChunkFrame <= bytes.length) {
    const length = u32(bytes, at)
    const name = ascii(bytes, at + 4)
    const end = at + pngChunkFrame + length
    if (end > bytes.length || (at === pngSignature && name !== 'IHDR')) return null
    if (pngChunks.has(name)) kept.add(at, end)
    if (name === 'IEND') return hasPicture ? kept.bytes() : null
    hasPicture ||= name === 'IDAT'
    at = end
  }
  return null
}

const webpChunks: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH'])
const webpHeader = 12
/** Of VP8X: there is an ICC profile, EXIF, XMP, a film. */
const webpExtraFlags = 0x20 | 0x08 | 0x04 | 0x02

function stripWebp(bytes: Uint8Array): Uint8Array | null {
  const whole = 8 + u32little(bytes, 4)
  if (whole > bytes.length || whole < webpHeader) return null
  const own = bytes.slice(0, whole)
  const kept = new Kept(own)
  kept.add(0, webpHeader)
  let hasPicture = false
  let at = webpHeader
  while (at + 8 <= whole) {
    const name = ascii(bytes, at)
    const length = u32little(bytes, at + 4)
    const end = at + 8 + length + (length % 2)
    if (end > whole) return null
    if (webpChunks.has(name)) {
      if (name === 'VP8X') own[at + 8] = (own[at + 8] ?? 0) & ~webpExtraFlags
      kept.add(at, end)
      hasPicture ||= name === 'VP8 ' || name === 'VP8L'
    }
    at = end
  }
  if (!hasPicture) return null
  const stripped = kept.bytes()
  if (stripped === null) return null
  const rest = stripped.length - 8
  for (let place = 0; place < 4; place += 1) stripped[4 + place] = (rest >>> (8 * place)) & 0xff
  return stripped
}

/** No camera makes a picture of more parts; a file that does is made to keep us busy. */
const mostPieces = 10_000

/** What is kept of a picture, in its order. Neighbours are one piece. */
class Kept {
  readonly #bytes: Uint8Array
  readonly #pieces: [from: number, to: number][] = []
  #tooMany = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  add(from: number, to: number): void {
    const last = this.#pieces.at(-1)
    if (last?.[1] === from) last[1] = to
    else if (this.#pieces.length < mostPieces) this.#pieces.push([from, to])
    else this.#tooMany = true
  }

  /** Null: of too many pieces. */
  bytes(): Uint8Array | null {
    if (this.#tooMany) return null
    const whole = new Uint8Array(this.#pieces.reduce((sum, [from, to]) => sum + to - from, 0))
    let at = 0
    for (const [from, to] of this.#pieces) {
      whole.set(this.#bytes.subarray(from, to), at)
      at += to - from
    }
    return whole
  }
}

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 65_536 + u16(bytes, at + 2)
const u32little = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0) * 65_536 + (bytes[at + 3] ?? 0) * 16_777_216
const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
