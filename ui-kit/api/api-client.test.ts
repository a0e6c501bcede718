import { describe, expect, it } from 'vitest'
import { refusedBy } from './api-client.ts'

describe('an answer that is no yes', () => {
  it('is the refusal in its problem details', () => {
    const problem = {
      type: 'urn:x',
      title: '',
      status: 409,
      code: 'bike_in_use',
      detail: 'since 7:02',
      requestId: 'r1',
    }
    expect(refusedBy(409, problem)).toEqual({
      kind: 'refused',
      code: 'bike_in_use',
      detail: 'since 7:02',
      requestId: 'r1',
    })
  })
  it('of a proxy on the way says that our server cannot be reached', () => {
    expect(refusedBy(502, null)).toEqual({ kind: 'refused', code: 'unreachable' })
  })
  it('without a code is told by its status, and is no word of our server', () => {
    expect(refusedBy(404, '<html>').isGuess).toBe(true)
    expect([400, 401, 403, 404, 429, 500].map((status) => refusedBy(status, '<html>').code)).toEqual([
      'bad_request',
      'log_in_first',
      'not_allowed',
      'not_found',
      'too_many_requests',
      'server_fault',
    ])
  })
})
