import { expect, it } from 'vitest'
import { createSteadyTime } from './steady-time.ts'

it('lets what came due while the process stood still happen in its order, each at its own moment', async () => {
  let nowMs = 0
  const time = createSteadyTime({ nowMs: () => nowMs, speed: () => 1 })
  const happened: [string, number][] = []
  const tell = (what: string) => happened.push([what, time.nowMs()])
  time.schedule(1, () => {
    tell('the motor has pulled')
    time.schedule(time.nowMs() + 2, () => tell('the switch has settled'))
  })
  const callOff = time.schedule(2, () => tell('never'))
  const over = new Promise<void>((resolve) => {
    time.schedule(5, () => {
      tell('the deadline')
      resolve()
    })
  })
  callOff()
  nowMs = 1_000
  expect(time.nowMs(), 'what is heard before they happen is heard before them').toBe(1)
  await over
  expect(happened).toEqual([
    ['the motor has pulled', 1],
    ['the switch has settled', 3],
    ['the deadline', 5],
  ])
  expect(time.nowMs()).toBe(1_000)
})
