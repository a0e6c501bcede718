import { describe, expect, it } from 'vitest'
import { partOfRequest } from './part-of-request.ts'

const origin = 'https://bikes.example'
const opened = (path: string) => partOfRequest({ method: 'GET', mode: 'navigate', url: origin + path }, origin)
const asked = (path: string, method = 'GET') =>
  partOfRequest({ method, mode: 'cors', url: new URL(path, origin).href }, origin)

describe("the rider's service worker", () => {
  it.each(['/', '/?scan', '/b/12345', '/trip/01J', '/mine', '/mine/data', '/rides'])('opens %s', (path) => {
    expect(opened(path)).toBe('page')
  })
  it.each([
    '/crew/',
    '/crew/route',
    '/ops/',
    '/ops',
    '/r/abc',
    '/demo/payer',
    '/docs',
    '/health',
    '/v1/me',
    '/minefield',
    '/bikes',
    '/webhooks/alipay',
  ])('leaves %s to the network', (path) => {
    expect(opened(path)).toBeNull()
    expect(asked(path)).toBeNull()
  })
  it('keeps tiles and files whose name is their hash', () => {
    expect(asked('/tiles/14/8403/5374.mvt?v=1-1')).toBe('tile')
    expect(asked('/assets/first-B2Ekpla5.js')).toBe('file')
    expect(asked('/crew/assets/index-B2Ekpla5.js')).toBeNull()
    expect(asked('/manifest.webmanifest')).toBeNull()
  })
  it('touches nothing that is sent, and nothing of other servers', () => {
    expect(asked('/tiles/14/8403/5374.mvt', 'POST')).toBeNull()
    expect(asked('https://api.mapbox.com/tiles/1/2/3.mvt')).toBeNull()
  })
})
