import { describe, expect, it } from 'vitest'
import { checkDigit } from '../contracts/bike-number.ts'
import { readBikeCode } from './bike-code.ts'

const number = `10043${checkDigit('10043')}`

describe('what a rider types', () => {
  it('is a bike number with or without the gaps that are printed in it', () => {
    expect(readBikeCode(number, 'typed')).toEqual({ kind: 'code', code: number })
    expect(readBikeCode(` ${number.slice(0, 2)} ${number.slice(2, 4)}-${number.slice(4)} `, 'typed')).toEqual({
      kind: 'code',
      code: number,
    })
  })
  it('is told to be mistyped when one digit is wrong or two are swapped', () => {
    for (let place = 0; place < number.length; place++) {
      const wrong = (Number(number[place]) + 1) % 10
      const text = number.slice(0, place) + wrong + number.slice(place + 1)
      expect(readBikeCode(text, 'typed')).toEqual({ kind: 'mistyped_number' })
    }
    expect(readBikeCode(`01${number.slice(2)}`, 'typed')).toEqual({ kind: 'mistyped_number' })
  })
  it('may be the code of the sticker or its whole address', () => {
    expect(readBikeCode('Zw100043QxYz', 'typed')).toEqual({ kind: 'code', code: 'Zw100043QxYz' })
    expect(readBikeCode('https://ride.example/b/Zw100043QxYz', 'typed')).toEqual({ kind: 'code', code: 'Zw100043QxYz' })
  })
  it('is not ours when it is anything else', () => {
    for (const text of ['', 'hello', 'bike 12', '<script>']) expect(readBikeCode(text, 'typed').kind).toBe('not_ours')
  })
})

describe('what the camera reads', () => {
  it('counts only as an address of ours', () => {
    expect(readBikeCode('http://10.0.0.2:8080/b/Zw100043QxYz/?from=sticker', 'scanned')).toEqual({
      kind: 'code',
      code: 'Zw100043QxYz',
    })
    for (const text of [
      'Zw100043QxYz',
      'https://pay.example/b/',
      'https://evil.example/b/..%2fadmin',
      'https://shop.example/x/b/Zw100043QxYz',
      'javascript:location="/b/Zw100043QxYz"',
      'WIFI:S:net;P:secret;;',
      `https://ride.example/b/${'a'.repeat(400)}`,
    ]) {
      expect(readBikeCode(text, 'scanned')).toEqual({ kind: 'not_ours' })
    }
  })
})
