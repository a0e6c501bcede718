/** A piece's first byte is its number, the highest bit set in the last one (docs/no-coverage.md). */
const pieceBytes = 180
const lastMark = 0x80
const mostFrameBytes = 512

export function piecesOf(frame: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const room = pieceBytes - 1
  const count = Math.max(1, Math.ceil(frame.length / room))
  return Array.from({ length: count }, (_, at) => {
    const part = frame.subarray(at * room, (at + 1) * room)
    const piece = new Uint8Array(part.length + 1)
    piece[0] = at | (at === count - 1 ? lastMark : 0)
    piece.set(part, 1)
    return piece
  })
}

/** Puts pieces together: a whole frame, null while more is to come, 'broken' when one is missing. */
export function createJoiner(): (piece: Uint8Array) => Uint8Array | null | 'broken' {
  let parts: number[] = []
  let next = 0
  return (piece) => {
    const mark = piece[0] ?? 0
    if ((mark & ~lastMark) !== next || parts.length + piece.length - 1 > mostFrameBytes) {
      parts = []
      next = 0
      return 'broken'
    }
    parts.push(...piece.subarray(1))
    next += 1
    if ((mark & lastMark) === 0) return null
    const frame = Uint8Array.from(parts)
    parts = []
    next = 0
    return frame
  }
}
