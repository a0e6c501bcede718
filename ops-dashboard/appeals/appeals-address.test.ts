import { expect, it } from 'vitest'
import { appealsAddress, appealViews, readAppealView } from './appeals-address.ts'

it('an address says which appeals are shown, and which one beside them', () => {
  for (const view of appealViews) {
    expect(readAppealView(new URL(appealsAddress(view), 'https://zwerm.test').search)).toBe(view)
    expect(appealsAddress(view, 'some-id')).toMatch(/^\/appeals\/some-id/)
  }
  expect([readAppealView('?state=nonsense'), readAppealView('')]).toEqual(['open', 'open'])
})
