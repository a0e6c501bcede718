import { expect, it } from 'vitest'
import { type NightView, readNightView, writeNightView } from './night-address.ts'

it('finds again what it wrote, for every kind of selection', () => {
  const views: readonly NightView[] = [
    { planId: null, tab: 'vans', at: null },
    { planId: 'p-1', tab: 'moves', at: { kind: 'stop', vanId: 'van-1', stop: 3 } },
    { planId: null, tab: 'left', at: { kind: 'place', placeId: 'strays:8a:1' } },
    { planId: null, tab: 'changes', at: { kind: 'van', vanId: 'van-2' } },
    { planId: null, tab: 'vans', at: { kind: 'new_van' } },
  ]
  for (const view of views) expect(readNightView(writeNightView(view))).toEqual(view)
})

it('leaves the address bare when nothing is open', () => {
  expect(writeNightView({ planId: null, tab: 'vans', at: null })).toBe('')
})

it('opens nothing for an address that makes no sense', () => {
  expect(readNightView('?tab=cake&at=stop:van-1').at).toBeNull()
  expect(readNightView('?tab=cake').tab).toBe('vans')
  expect(readNightView('?at=stop:van-1:-2').at).toBeNull()
})
