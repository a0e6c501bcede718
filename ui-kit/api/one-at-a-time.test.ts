import { describe, expect, it } from 'vitest'
import { oneAtATime } from './one-at-a-time.ts'

/** A slow line: each question is answered when the test says so. */
function slowLine() {
  const open: ((answer: string) => void)[] = []
  const told: string[] = []
  let asked = 0
  const asker = oneAtATime(
    () => {
      asked += 1
      return new Promise<string>((resolve) => open.push(resolve))
    },
    (answer) => told.push(answer),
  )
  const answer = async (words: string) => {
    open.shift()?.(words)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { asker, answer, told, asked: () => asked }
}

describe('a question that is asked over and over', () => {
  it('is not asked again while it is open, and its answer is told however late it is', async () => {
    const line = slowLine()
    for (let beat = 0; beat < 5; beat++) line.asker.tick()
    expect(line.asked()).toBe(1)
    await line.answer('here')
    expect(line.told).toEqual(['here'])
    line.asker.tick()
    expect(line.asked()).toBe(2)
  })
  it('is asked once more after the open one when somebody wants to know what is true now', async () => {
    const line = slowLine()
    line.asker.tick()
    line.asker.again()
    line.asker.again()
    expect(line.asked()).toBe(1)
    await line.answer('as it was')
    expect(line.asked()).toBe(2)
    await line.answer('as it is')
    expect(line.told).toEqual(['as it was', 'as it is'])
    expect(line.asked()).toBe(2)
  })
  it('of which nobody wants to know any more tells nothing and asks nothing', async () => {
    const line = slowLine()
    line.asker.tick()
    line.asker.again()
    line.asker.stop()
    await line.answer('too late')
    expect(line.told).toEqual([])
    expect(line.asked()).toBe(1)
  })
})
