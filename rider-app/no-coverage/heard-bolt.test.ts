import { describe, expect, it } from 'vitest'
import type { LockReceipt } from '../../contracts/no-coverage.ts'
import { heardOf, standsPaused } from './heard-bolt.ts'

const receipt = (to: LockReceipt['e']['to']) => ({ e: { to } }) as LockReceipt

describe('a ride without a network', () => {
  it('stands as the server last said while the lock has told nothing', () => {
    expect(standsPaused('paused', null)).toBe(true)
    expect(standsPaused('riding', null)).toBe(false)
  })

  it('can be paused again after the phone opened the lock, though the server still says paused', () => {
    const opened = heardOf(receipt('unlocked'), 'paused')
    expect(standsPaused('paused', opened)).toBe(false)
    expect(standsPaused('paused', heardOf(receipt('locked'), 'paused'))).toBe(true)
  })

  it('can be opened after the lever was pushed, though the server still says riding', () => {
    expect(standsPaused('riding', heardOf(receipt('locked'), 'riding'))).toBe(true)
  })

  it('goes by the server again once its view has moved on', () => {
    expect(standsPaused('riding', heardOf(receipt('locked'), 'paused'))).toBe(false)
    expect(standsPaused('paused', heardOf(receipt('unlocked'), 'riding'))).toBe(true)
  })

  it('learns nothing from a bolt that is stuck, or from no receipt', () => {
    expect(heardOf(receipt('jam_open'), 'riding')).toBeNull()
    expect(heardOf(undefined, 'riding')).toBeNull()
  })
})
