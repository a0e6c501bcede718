import { leastNodes, mostCapacity, mostDistance, mostNodes, type Read, type Refused, refused } from './instance.ts'

interface Word {
  readonly text: string
  readonly line: number
}

/**
 * Reads an instance of the bike sharing rebalancing problem (Dell'Amico, Hadjicostantinou, Iori, Novellani, Omega 45,
 * 2014): the number of nodes n, n signed demands (the depot's first), the capacity, n x n distances row by row. Any
 * whitespace separates numbers; the diagonal may be 1e+009 or anything; the depot's demand is not used.
 */
export function readBrp(name: string, text: string): Read | Refused {
  const words = split(text)
  const [first] = words
  if (first === undefined) return refused('the file is empty: a number of nodes was expected')
  const nodeCount = whole(first.text)
  if (nodeCount === null || nodeCount < leastNodes || nodeCount > mostNodes)
    return refused(`${at(first)}: the number of nodes must be a whole number from ${leastNodes} to ${mostNodes}`)
  const due = 2 + nodeCount + nodeCount * nodeCount
  if (words.length !== due) {
    return refused(
      `${words.length} numbers found, ${due} expected for ${nodeCount} nodes: the number of nodes, ${nodeCount} demands, the capacity and ${nodeCount} x ${nodeCount} distances`,
    )
  }
  const capacityWord = words[1 + nodeCount] as Word
  const capacity = whole(capacityWord.text)
  if (capacity === null || capacity < 1 || capacity > mostCapacity)
    return refused(`${at(capacityWord)}: the capacity must be a whole number from 1 to ${mostCapacity}`)
  const demand = readDemands(words.slice(1, 1 + nodeCount), capacity)
  if (!(demand instanceof Int32Array)) return demand
  const distance = readDistances(words.slice(2 + nodeCount), nodeCount)
  if (!(distance instanceof Float64Array)) return distance
  return { kind: 'read', instance: { name, nodeCount, capacity, demand, distance, tourLimit: nodeCount - 1 } }
}

function readDemands(words: readonly Word[], capacity: number): Int32Array | Refused {
  const demand = new Int32Array(words.length)
  for (const [node, word] of words.entries()) {
    const bikes = whole(word.text)
    if (bikes === null) return refused(`${at(word)}: the demand of node ${node} must be a whole number`)
    if (node === 0) continue
    if (Math.abs(bikes) > capacity)
      return refused(`${at(word)}: the demand of node ${node} is more than the capacity ${capacity}`)
    demand[node] = bikes
  }
  return demand
}

function readDistances(words: readonly Word[], nodeCount: number): Float64Array | Refused {
  const distance = new Float64Array(nodeCount * nodeCount)
  for (const [i, word] of words.entries()) {
    const from = Math.floor(i / nodeCount)
    const to = i % nodeCount
    const metres = number(word.text)
    if (metres === null) return refused(`${at(word)}: the distance from ${from} to ${to} must be a number`)
    if (from === to) continue
    if (metres < 0 || metres > mostDistance)
      return refused(`${at(word)}: the distance from ${from} to ${to} must be from 0 to ${mostDistance}`)
    distance[i] = metres
  }
  return distance
}

function split(text: string): Word[] {
  const words: Word[] = []
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries())
    for (const word of line.split(/\s+/)) if (word !== '') words.push({ text: word, line: i + 1 })
  return words
}

/** Longest piece of a file that a sentence repeats. */
const mostShownCharacters = 24

function at(word: Word): string {
  const shown = word.text.length > mostShownCharacters ? `${word.text.slice(0, mostShownCharacters)}…` : word.text
  return `line ${word.line}: found "${shown}"`
}

/** Decimal numbers only: JavaScript's own reading would also take 0x10, an empty word and Infinity. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

function number(text: string): number | null {
  const value = decimal.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
}

function whole(text: string): number | null {
  const value = number(text)
  return value !== null && Number.isSafeInteger(value) && Math.abs(value) <= 0x7fff_ffff ? value : null
}
