import { leastNodes, mostCapacity, mostNodes, type Read, type Refused, refused } from './instance.ts'

const headers = ['NAME', 'TYPE', 'COMMENT', 'DIMENSION', 'CAPACITY', 'EDGE_WEIGHT_TYPE', 'DISPLAY_DATA_TYPE'] as const
const sections = ['NODE_COORD_SECTION', 'DISPLAY_DATA_SECTION', 'DEMAND_SECTION'] as const
/** Largest coordinate: the rounded distances stay far from the limits of whole numbers. */
const mostCoordinate = 1e8

interface Entry {
  readonly value: number
  readonly line: number
}

interface Sheet {
  readonly headers: Map<string, { readonly value: string; readonly line: number }>
  readonly sections: Map<string, Entry[]>
}

/**
 * Reads an instance of the one-commodity pickup-and-delivery travelling salesman problem (Hernandez-Perez,
 * Salazar-Gonzalez): TSPLIB-like with NODE_COORD_SECTION and DEMAND_SECTION, Euclidean distances rounded to whole
 * numbers. Node 1 of the file is the depot and becomes node 0; its demand closes the sum to 0 and narrows nothing more.
 */
export function readPdtsp(name: string, text: string): Read | Refused {
  const sheet = readSheet(text)
  if ('kind' in sheet) return sheet
  const nodeCount = wholeHeader(sheet, 'DIMENSION', leastNodes, mostNodes)
  if (typeof nodeCount !== 'number') return nodeCount
  const capacity = wholeHeader(sheet, 'CAPACITY', 1, mostCapacity)
  if (typeof capacity !== 'number') return capacity
  const kind = sheet.headers.get('EDGE_WEIGHT_TYPE')
  if (kind === undefined) return refused('EDGE_WEIGHT_TYPE is missing: EUC_2D was expected')
  if (kind.value !== 'EUC_2D')
    return refused(`line ${kind.line}: EDGE_WEIGHT_TYPE is "${shown(kind.value)}", only EUC_2D can be read`)
  const places = readRows(sheet, 'NODE_COORD_SECTION', nodeCount, 2)
  if (!(places instanceof Float64Array)) return places
  const demands = readRows(sheet, 'DEMAND_SECTION', nodeCount, 1)
  if (!(demands instanceof Float64Array)) return demands
  const wrong = wrongDemand(demands, capacity) ?? wrongPlace(places)
  if (wrong !== null) return wrong
  const demand = Int32Array.from(demands)
  demand[0] = 0
  const distance = roundedDistances(places, nodeCount)
  return { kind: 'read', instance: { name, nodeCount, capacity, demand, distance, tourLimit: 1 } }
}

function readSheet(text: string): Sheet | Refused {
  const sheet: Sheet = { headers: new Map(), sections: new Map() }
  let open: Entry[] | null = null
  for (const [i, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const trimmed = raw.trim()
    if (trimmed === '') continue
    const [, word = '', value = ''] = /^([A-Z_0-9]+)\s*:?\s*(.*)$/.exec(trimmed) ?? []
    if (word === 'EOF') break
    if (headers.some((header) => header === word)) {
      if (sheet.headers.has(word)) return refused(`line ${i + 1}: ${word} is given twice`)
      sheet.headers.set(word, { value: value.trim(), line: i + 1 })
      continue
    }
    const isSection = sections.some((section) => section === word)
    if (isSection) {
      if (sheet.sections.has(word)) return refused(`line ${i + 1}: ${word} is given twice`)
      open = []
      sheet.sections.set(word, open)
    }
    const numbers = isSection ? value.trim() : trimmed
    const bad = readNumbers(numbers, i + 1, open)
    if (bad !== null) return bad
  }
  return sheet
}

function readNumbers(text: string, line: number, into: Entry[] | null): Refused | null {
  for (const word of text.split(/\s+/)) {
    if (word === '') continue
    const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word) ? Number(word) : Number.NaN
    if (into === null || !Number.isFinite(value))
      return refused(`line ${line}: found "${shown(word)}" where a number of a section or a known header was expected`)
    into.push({ value, line })
  }
  return null
}

function wholeHeader(sheet: Sheet, name: string, from: number, to: number): number | Refused {
  const header = sheet.headers.get(name)
  if (header === undefined) return refused(`${name} is missing: a whole number from ${from} to ${to} was expected`)
  const value = /^\d+$/.test(header.value) ? Number(header.value) : Number.NaN
  if (value >= from && value <= to) return value
  return refused(
    `line ${header.line}: ${name} is "${shown(header.value)}", a whole number from ${from} to ${to} was expected`,
  )
}

/** Values of a section by node, each row beginning with the node's number from 1. */
function readRows(sheet: Sheet, name: string, nodeCount: number, perNode: number): Float64Array | Refused {
  const entries = sheet.sections.get(name)
  if (entries === undefined) return refused(`${name} is missing`)
  const due = nodeCount * (1 + perNode)
  if (entries.length !== due)
    return refused(`${name}: ${entries.length} numbers found, ${due} expected for ${nodeCount} nodes`)
  const values = new Float64Array(nodeCount * perNode)
  const seen = new Set<number>()
  for (let i = 0; i < entries.length; i += 1 + perNode) {
    const { value: node, line } = entries[i] as Entry
    if (!Number.isInteger(node) || node < 1 || node > nodeCount || seen.has(node))
      return refused(`line ${line}: found node ${node} in ${name}, each of 1 to ${nodeCount} was expected once`)
    seen.add(node)
    for (let k = 0; k < perNode; k++) values[(node - 1) * perNode + k] = (entries[i + 1 + k] as Entry).value
  }
  return values
}

function wrongDemand(demands: Float64Array, capacity: number): Refused | null {
  let sum = 0
  for (const [i, bikes] of demands.entries()) {
    if (!Number.isInteger(bikes)) return refused(`the demand of node ${i + 1} is ${bikes}, no whole number`)
    if (Math.abs(bikes) > capacity)
      return refused(`the demand of node ${i + 1} is ${bikes}, more than the capacity ${capacity}`)
    sum += bikes
  }
  return sum === 0 ? null : refused(`the demands sum to ${sum}: one tour needs a sum of 0, the depot counted`)
}

function wrongPlace(places: Float64Array): Refused | null {
  const i = places.findIndex((coordinate) => Math.abs(coordinate) > mostCoordinate)
  if (i < 0) return null
  return refused(`node ${Math.floor(i / 2) + 1} has the coordinate ${places[i]}, at most ${mostCoordinate} can be read`)
}

function roundedDistances(places: Float64Array, nodeCount: number): Float64Array {
  const distance = new Float64Array(nodeCount * nodeCount)
  for (let from = 0; from < nodeCount; from++) {
    for (let to = 0; to < nodeCount; to++) {
      const x = (places[2 * from] as number) - (places[2 * to] as number)
      const y = (places[2 * from + 1] as number) - (places[2 * to + 1] as number)
      distance[from * nodeCount + to] = Math.floor(Math.sqrt(x * x + y * y) + 0.5)
    }
  }
  return distance
}

/** Longest piece of a file that a sentence repeats. */
const mostShownCharacters = 24

function shown(text: string): string {
  return text.length > mostShownCharacters ? `${text.slice(0, mostShownCharacters)}…` : text
}
