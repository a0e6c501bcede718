import type { PlanMove, PlanView } from '../../contracts/http/nights.ts'

export type MoveOrder = 'number' | 'van' | 'from' | 'to' | 'value'

/** A move with the names that people search for. */
export interface NamedMove {
  readonly move: PlanMove
  readonly vanName: string
  readonly from: string
  /** Null: it stays in the van until the depot. */
  readonly to: string | null
  readonly value: number
}

export function namedMoves(plan: Pick<PlanView, 'moves' | 'places' | 'routes'>): readonly NamedMove[] {
  const vans = new Map(plan.routes.map(({ vanId, vanName }) => [vanId, vanName]))
  return plan.moves.map((move) => ({
    move,
    vanName: vans.get(move.vanId) ?? move.vanId,
    from: plan.places[move.fromPlace]?.name ?? '',
    to: move.toPlace === null ? null : (plan.places[move.toPlace]?.name ?? ''),
    value: move.takeValue + move.giveValue,
  }))
}

/** Those whose bike number, van or places hold the searched text; numbers are found with or without their gap. */
export function findMoves(moves: readonly NamedMove[], search: string, order: MoveOrder): readonly NamedMove[] {
  const text = search.trim().toLowerCase()
  const digits = /^[\d\s]+$/.test(text) ? text.replace(/\s/g, '') : null
  const found = moves.filter(({ move, vanName, from, to }) => {
    if (text === '') return true
    if (digits !== null && move.number.includes(digits)) return true
    return [vanName, from, to ?? ''].some((name) => name.toLowerCase().includes(text))
  })
  return found.toSorted((a, b) => compare(a, b, order) || a.move.number.localeCompare(b.move.number))
}

function compare(a: NamedMove, b: NamedMove, order: MoveOrder): number {
  switch (order) {
    case 'number':
      return Number(a.move.number) - Number(b.move.number)
    case 'van':
      return a.vanName.localeCompare(b.vanName, undefined, { numeric: true })
    case 'from':
      return a.from.localeCompare(b.from)
    case 'to':
      return (a.to ?? '').localeCompare(b.to ?? '')
    case 'value':
      return b.value - a.value
  }
}

/** RFC 4180, with a heading. A text that a spreadsheet would take for a formula is told to be a text. */
export function movesCsv(moves: readonly NamedMove[]): string {
  const heading = 'bike,van,from,to,reasons,idle_hours,battery_percent,rides_by_taking,rides_by_putting'
  const rows = moves.map(({ move, vanName, from, to }) =>
    [
      move.number,
      textCell(vanName),
      textCell(from),
      textCell(to ?? ''),
      move.reasons.join(' '),
      move.idleHours?.toFixed(1) ?? '',
      move.batteryPercent ?? '',
      move.takeValue.toFixed(2),
      move.giveValue.toFixed(2),
    ].join(','),
  )
  return [heading, ...rows, ''].join('\r\n')
}

function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
