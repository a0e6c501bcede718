import { describe, expect, it } from 'vitest'
import { fitWithin } from '../../ui-kit/shrink-photo.ts'
import { navigationUrl } from './navigation-app.ts'

describe('the way to a stop', () => {
  const stop = { lon: 4.7262, lat: 52.3586, name: 'Kade 12 & brug' }
  it('is an address that each navigation app understands', () => {
    expect(navigationUrl('geo', stop)).toBe('geo:52.358600,4.726200?q=52.358600,4.726200(Kade%2012%20%26%20brug)')
    expect(navigationUrl('google', stop)).toContain('destination=52.358600%2C4.726200')
    expect(navigationUrl('apple', stop)).toContain('daddr=52.358600%2C4.726200')
    expect(navigationUrl('osm', stop)).toContain('to=52.358600%2C4.726200')
  })
})

it('makes a picture small without changing its shape, and never larger', () => {
  expect(fitWithin(4_032, 3_024, 1_600)).toEqual({ width: 1_600, height: 1_200 })
  expect(fitWithin(300, 400, 1_600)).toEqual({ width: 300, height: 400 })
})
