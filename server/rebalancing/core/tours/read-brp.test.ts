import { describe, expect, it } from 'vitest'
import { readBrp } from './read-brp.ts'

const good = '3\n0\t-2\t2\t\n5\n1e+009\t10\t20\n11\t1e+009\t30.5\n21\t31\t1e+009\n\n'

describe('a file of the bike sharing rebalancing problem', () => {
  it('is read with its asymmetric distances, and the diagonal is not looked at', () => {
    const read = readBrp('small', good)
    expect(read).toEqual({
      kind: 'read',
      instance: {
        name: 'small',
        nodeCount: 3,
        capacity: 5,
        demand: Int32Array.of(0, -2, 2),
        distance: Float64Array.of(0, 10, 20, 11, 0, 30.5, 21, 31, 0),
        tourLimit: 2,
      },
    })
  })

  it('may lay out its numbers in any way', () => {
    expect(readBrp('small', good.replaceAll(/\s+/g, '\r\n  '))).toEqual(readBrp('small', good))
    expect(readBrp('small', good.replaceAll(/\s+/g, ' '))).toEqual(readBrp('small', good))
  })

  it.each([
    ['', 'the file is empty: a number of nodes was expected'],
    ['three', 'line 1: found "three": the number of nodes must be a whole number from 2 to 1000'],
    ['1 0 5 0', 'line 1: found "1": the number of nodes must be a whole number from 2 to 1000'],
    [good.replace('31', ''), '13 numbers found, 14 expected for 3 nodes'],
    [`${good} 7`, '15 numbers found, 14 expected for 3 nodes'],
    [good.replace('-2', '-6'), 'line 2: found "-6": the demand of node 1 is more than the capacity 5'],
    [good.replace('-2', '1.5'), 'line 2: found "1.5": the demand of node 1 must be a whole number'],
    [good.replace('\n5\n', '\n0\n'), 'line 3: found "0": the capacity must be a whole number from 1 to 100000'],
    [good.replace('\t30.5', '\t-30'), 'line 5: found "-30": the distance from 1 to 2 must be from 0 to 1000000000'],
    [good.replace('\t30.5', '\tNaN'), 'line 5: found "NaN": the distance from 1 to 2 must be a number'],
    [good.replace('\t30.5', '\t0x1f'), 'line 5: found "0x1f": the distance from 1 to 2 must be a number'],
  ])('is refused with one sentence that says what was found and where (%#)', (text, sentence) => {
    const read = readBrp('bad', text)
    expect(read.kind === 'refused' && read.sentence).toContain(sentence)
  })
})
