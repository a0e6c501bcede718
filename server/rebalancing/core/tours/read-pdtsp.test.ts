import { describe, expect, it } from 'vitest'
import { readPdtsp } from './read-pdtsp.ts'

const good = `NAME: small, 3 nodes
COMMENT: three of them
DIMENSION: 3
CAPACITY: 5
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1   0.0   0.0
2   3.0   4.0
3 -10.4 0
DISPLAY_DATA_SECTION:
 1  1 1
 2  2 2
 3  3 3
DEMAND_SECTION
1 -1
2 -2
3 3
EOF`

describe('a file of the one-commodity pickup-and-delivery tour', () => {
  it('is read for one tour, with node 1 as the depot and rounded distances', () => {
    expect(readPdtsp('small', good)).toEqual({
      kind: 'read',
      instance: {
        name: 'small',
        nodeCount: 3,
        capacity: 5,
        demand: Int32Array.of(0, -2, 3),
        distance: Float64Array.of(0, 5, 10, 5, 0, 14, 10, 14, 0),
        tourLimit: 1,
      },
    })
  })

  it('may have other line ends, spaces and no end mark', () => {
    const other = good.replaceAll('\n', '\r\n').replaceAll(': ', ' :  ').replace('EOF', '').replaceAll('3 3', '3    3')
    expect(readPdtsp('small', other)).toEqual(readPdtsp('small', good))
  })

  it.each([
    ['', 'DIMENSION is missing: a whole number from 2 to 1000 was expected'],
    [good.replace('DIMENSION: 3', 'DIMENSION: many'), 'line 3: DIMENSION is "many"'],
    [good.replace('CAPACITY: 5\n', ''), 'CAPACITY is missing'],
    [good.replace('CAPACITY: 5', 'CAPACITY: 5\nCAPACITY: 6'), 'line 5: CAPACITY is given twice'],
    [good.replace('EDGE_WEIGHT_TYPE: EUC_2D\n', ''), 'EDGE_WEIGHT_TYPE is missing: EUC_2D was expected'],
    [good.replace('EUC_2D', 'GEO'), 'line 5: EDGE_WEIGHT_TYPE is "GEO", only EUC_2D can be read'],
    [good.replace('DEMAND_SECTION', 'DEMANDS'), 'line 14: found "DEMANDS" where a number'],
    [good.replace('3.0   4.0', '3.0 NaN'), 'line 8: found "NaN" where a number'],
    [good.replace('3.0   4.0', '3.0'), 'NODE_COORD_SECTION: 8 numbers found, 9 expected for 3 nodes'],
    [good.replace('2   3.0', '1   3.0'), 'line 8: found node 1 in NODE_COORD_SECTION'],
    [good.replace('3 3\nEOF', '3 7\nEOF'), 'the demand of node 3 is 7, more than the capacity 5'],
    [good.replace('3 3\nEOF', '3 2\nEOF'), 'the demands sum to -1: one tour needs a sum of 0'],
    [good.replace('3 3\nEOF', '3 2.5\nEOF'), 'the demand of node 3 is 2.5, no whole number'],
    [good.replace('-10.4', '-1e9'), 'node 3 has the coordinate -1000000000'],
  ])('is refused with one sentence that says what was found and where (%#)', (text, sentence) => {
    const read = readPdtsp('bad', text)
    expect(read.kind === 'refused' && read.sentence).toContain(sentence)
  })
})
