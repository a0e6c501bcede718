import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApi, refusedBy } from './api-client.ts'

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

describe('a request without an answer', () => {
  afterEach(() => vi.unstubAllGlobals())
  /** A phone whose network is there or not at the beginning of each try; every try fails on its way. */
  function phone(hasNetwork: readonly boolean[]): { readonly tries: () => number } {
    let tries = 0
    vi.stubGlobal('navigator', {
      get onLine() {
        return hasNetwork[tries] ?? hasNetwork.at(-1)
      },
    })
    vi.stubGlobal('fetch', () => {
      tries += 1
      return Promise.reject(new TypeError('Failed to fetch'))
    })
    return { tries: () => tries }
  }
  const post = (gestureKey?: string) =>
    createApi('rider').send('/v1/trips', { method: 'POST', ...(gestureKey === undefined ? {} : { gestureKey }) })

  it('was not sent when there was no network to begin with', async () => {
    const { tries } = phone([false])
    expect(await post('one')).toEqual({ kind: 'refused', code: 'offline' })
    expect(tries()).toBe(1)
  })
  it('may have been heard when the network went away during it', async () => {
    phone([true, false])
    expect(await post()).toEqual({ kind: 'refused', code: 'unreachable' })
  })
  it('may have been heard when an earlier try left', async () => {
    phone([true, false])
    expect(await post('two')).toEqual({ kind: 'refused', code: 'unreachable' })
  })
})
