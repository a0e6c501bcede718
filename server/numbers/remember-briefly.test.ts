import { expect, it } from 'vitest'
import { realMs } from '../../contracts/units.ts'
import { rememberBriefly } from './remember-briefly.ts'

it('counts once for all who ask at a time, again later, and at once after a failure', async () => {
  let nowMs = 0
  let made = 0
  const briefly = rememberBriefly({ realNowMs: () => realMs(nowMs) }, 1_000)
  const ask = (key = 'today') => briefly(key, async () => ++made)
  expect(await Promise.all([ask(), ask(), ask('before')])).toEqual([1, 1, 2])
  nowMs = 999
  expect(await ask()).toBe(1)
  nowMs = 1_000
  expect(await ask()).toBe(3)
  await expect(briefly('broken', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await ask('broken')).toBe(4)
})
