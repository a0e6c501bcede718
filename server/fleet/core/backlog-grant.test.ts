import { describe, expect, it } from 'vitest'
import { backlogGrant } from './backlog-grant.ts'

describe('leave to empty an outbox at once', () => {
  it.each([
    ['is not needed by a lock that does not say', undefined, 0],
    ['is not needed by a lock that has said everything', { evt: 0, tel: 0 }, 0],
    ['is not needed for what any lock may send', { evt: 10, tel: 500 }, 0],
    ['is as large as the backlog', { evt: 30, tel: 51 }, 32],
    ['ends where the broker would have to work for one lock alone', { evt: 500, tel: 2_500 }, 100],
  ])('%s', (_, waiting, messages) => {
    expect(backlogGrant(waiting)).toBe(messages)
  })
})
