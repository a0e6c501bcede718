import { describe, expect, it } from 'vitest'
import me from '../contracts/http/examples/riders.json' with { type: 'json' }
import type { Me } from '../contracts/http/riders.ts'
import { whoIsThere } from './rider-state.ts'

const ada = me.Me as Me

describe('who is there', () => {
  it('is a rider also while the server is asked again, or cannot be', () => {
    expect(whoIsThere({ me: ada, meLoading: true, meTrouble: null })).toBe('a_rider')
    expect(whoIsThere({ me: ada, meLoading: false, meTrouble: 'offline' })).toBe('a_rider')
  })

  it('is nobody only when the server said so', () => {
    expect(whoIsThere({ me: null, meLoading: true, meTrouble: null })).toBe('not_told_yet')
    expect(whoIsThere({ me: null, meLoading: false, meTrouble: 'server_fault' })).toBe('cannot_tell')
    expect(whoIsThere({ me: null, meLoading: false, meTrouble: 'offline' })).toBe('cannot_tell')
    expect(whoIsThere({ me: null, meLoading: false, meTrouble: null })).toBe('nobody')
  })
})
