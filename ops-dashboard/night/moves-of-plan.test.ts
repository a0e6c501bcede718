import { describe, expect, it } from 'vitest'
import type { PlanMove, PlanView } from '../../contracts/http/nights.ts'
import { findMoves, movesCsv, namedMoves } from './moves-of-plan.ts'

const move = (number: string, change: Partial<PlanMove> = {}): PlanMove => ({
  bikeId: number,
  number: number as PlanMove['number'],
  vanId: 'van-1',
  fromPlace: 0,
  toPlace: 1,
  reasons: ['outside_hotspot', 'idle'],
  idleHours: 31.52,
  batteryPercent: 18,
  takeValue: 0.4,
  giveValue: 1.1,
  ...change,
})
const plan = {
  places: [{ name: 'Behind the =mill, east' }, { name: 'Station' }],
  routes: [
    { vanId: 'van-1', vanName: 'Van 1' },
    { vanId: 'van-2', vanName: 'Van 2' },
  ],
  moves: [move('100123'), move('100045', { vanId: 'van-2', toPlace: null, takeValue: 2 }), move('200123')],
} as unknown as PlanView
const moves = namedMoves(plan)
const numbers = (found: ReturnType<typeof findMoves>) => found.map(({ move: { number } }) => number)

describe('the moves of a plan', () => {
  it('are found by a part of the bike number, typed as it is printed', () => {
    expect(numbers(findMoves(moves, '0 123', 'number'))).toEqual(['100123', '200123'])
  })
  it('are found by van and by place', () => {
    expect(numbers(findMoves(moves, 'van 2', 'number'))).toEqual(['100045'])
    expect(numbers(findMoves(moves, 'STATION', 'number'))).toEqual(['100123', '200123'])
  })
  it('come in the order that was asked for, the most worth first', () => {
    expect(numbers(findMoves(moves, '', 'value'))[0]).toBe('100045')
    expect(numbers(findMoves(moves, '', 'van'))).toEqual(['100123', '200123', '100045'])
  })
  it('go into a file that a spreadsheet reads as text', () => {
    const lines = movesCsv(moves).split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[1]).toBe('100123,Van 1,"Behind the =mill, east",Station,outside_hotspot idle,31.5,18,0.40,1.10')
    expect(lines[2]).toContain(',outside_hotspot idle,')
  })
  it('never let a name of a place run as a formula', () => {
    const [, row] = movesCsv(
      namedMoves({ ...plan, places: [{ name: '=1+1' }, { name: 'x' }] } as unknown as PlanView),
    ).split('\r\n')
    expect(row).toContain(",'=1+1,")
  })
})
