import { below } from './fast-random.ts'
import { refreshChain, type TourChain } from './tour-chain.ts'

/** Longest block that is moved often, and the longest that is moved at all. */
const shortBlock = 3
const longBlock = 50

/**
 * Draws a move that brings a place and one of its near stops side by side: a part turned round (4 in 15), a block moved
 * behind the place as it is (5) or turned (3), or two short blocks exchanged (3). False when the draw gives no move.
 */
export function drawMove(chain: TourChain): boolean {
  const { random, size, stopIds, near, nearCount, order, placeOf } = chain
  const place = below(random, size)
  const id = order[place] as number
  const row = (id < stopIds ? id : 0) * nearCount
  let other = near[row + below(random, nearCount)] as number
  if (other === 0) {
    const copy = below(random, size - stopIds + 1)
    if (copy === 0) return false
    other = stopIds + copy - 1
  }
  if (other === id) return false
  const target = placeOf[other] as number
  const kind = below(random, 15)
  if (kind < 4) return turnPart(chain, place, target)
  if (kind >= 12) return exchangeBlocks(chain, place, target)
  const longest = below(random, 8) === 0 ? longBlock : shortBlock
  const length = 1 + below(random, longest)
  return kind < 9 ? moveBlock(chain, place, target, length) : moveTurnedBlock(chain, place, target, length)
}

/** Writes the move into the chain. */
export function applyMove(chain: TourChain): void {
  const { order, scratch, move } = chain
  let count = 0
  for (let i = 0; i < move.pieces; i++) {
    const to = move.to[i] as number
    let at = move.from[i] as number
    const step = at <= to ? 1 : -1
    for (; at !== to; at += step) scratch[count++] = order[at] as number
    scratch[count++] = order[to] as number
  }
  for (let i = 0; i < count; i++) order[move.low + i] = scratch[i] as number
  refreshChain(chain, move.low)
}

function setPiece(chain: TourChain, index: number, from: number, to: number): void {
  chain.move.from[index] = from
  chain.move.to[index] = to
}

function setSpan(chain: TourChain, low: number, high: number, pieces: number): true {
  chain.move.low = low
  chain.move.high = high
  chain.move.pieces = pieces
  return true
}

function turnPart(chain: TourChain, place: number, target: number): boolean {
  const low = Math.min(place, target) + 1
  const high = Math.max(place, target)
  if (low >= high) return false
  setPiece(chain, 0, high, low)
  return setSpan(chain, low, high, 1)
}

/** The block of `length` places that begins with `target` goes behind `place`. */
function moveBlock(chain: TourChain, place: number, target: number, length: number): boolean {
  const end = target + length - 1
  if (target > place) {
    if (end >= chain.size || target === place + 1) return false
    setPiece(chain, 0, target, end)
    setPiece(chain, 1, place + 1, target - 1)
    return setSpan(chain, place + 1, end, 2)
  }
  if (end >= place || target < 1) return false
  setPiece(chain, 0, end + 1, place)
  setPiece(chain, 1, target, end)
  return setSpan(chain, target, place, 2)
}

/** The block of `length` places that ends with `target` goes behind `place`, turned round. */
function moveTurnedBlock(chain: TourChain, place: number, target: number, length: number): boolean {
  const begin = target - length + 1
  if (target > place) {
    if (begin <= place + 1) return false
    setPiece(chain, 0, target, begin)
    setPiece(chain, 1, place + 1, begin - 1)
    return setSpan(chain, place + 1, target, 2)
  }
  if (begin < 1) return false
  setPiece(chain, 0, target + 1, place)
  setPiece(chain, 1, target, begin)
  return setSpan(chain, begin, place, 2)
}

/** One or two places behind `place` and one or two from `target` on change sides. */
function exchangeBlocks(chain: TourChain, place: number, target: number): boolean {
  const { random } = chain
  const own = 1 + below(random, 2)
  const others = 1 + below(random, 2)
  const isAhead = target > place
  const firstLow = isAhead ? place + 1 : target
  const firstHigh = isAhead ? place + own : target + others - 1
  const lastLow = isAhead ? target : place + 1
  const lastHigh = isAhead ? target + others - 1 : place + own
  if (firstHigh >= lastLow || lastHigh >= chain.size || firstLow < 1) return false
  setPiece(chain, 0, lastLow, lastHigh)
  if (firstHigh + 1 === lastLow) {
    setPiece(chain, 1, firstLow, firstHigh)
    return setSpan(chain, firstLow, lastHigh, 2)
  }
  setPiece(chain, 1, firstHigh + 1, lastLow - 1)
  setPiece(chain, 2, firstLow, firstHigh)
  return setSpan(chain, firstLow, lastHigh, 3)
}
