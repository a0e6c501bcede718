import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../contracts/random.ts'
import { startTroubles, type Trouble, troubles, wireSwarmOf } from './wire-swarm.ts'

const nothing = Object.fromEntries(troubles.map((trouble) => [trouble, null])) as Record<Trouble, null>

describe('what goes wrong in a run', () => {
  it('is the same for the same seed, and not everything', () => {
    expect(wireSwarmOf('7')).toEqual(wireSwarmOf('7'))
    const enabled = troubles.map((trouble) => {
      const seeds = Array.from({ length: 50 }, (_, seed) => wireSwarmOf(String(seed))[trouble] !== null)
      return seeds.filter((isOn) => isOn).length
    })
    expect(Math.min(...enabled)).toBeGreaterThan(0)
    expect(Math.max(...enabled)).toBeLessThan(50)
  })

  it('happens again and again, one of a kind at a time, until it is stopped', async () => {
    const happened: Trouble[] = []
    let underWay = 0
    let enough: () => void = () => undefined
    const came = new Promise<void>((resolve) => {
      enough = resolve
    })
    const running = startTroubles({ ...nothing, cut: 1 }, seededRandom(1), async (trouble) => {
      underWay += 1
      expect(underWay).toBe(1)
      await new Promise((next) => setImmediate(next))
      underWay -= 1
      happened.push(trouble)
      if (happened.length === 5) enough()
    })
    await came
    await running.stop()
    const atStop = happened.length
    await new Promise((next) => setImmediate(next))
    expect(happened).toEqual(Array.from({ length: atStop }, () => 'cut'))
  })

  it('that cannot be made to happen is told at the end, and ends nothing else', async () => {
    let cuts = 0
    let enough: () => void = () => undefined
    const came = new Promise<void>((resolve) => {
      enough = resolve
    })
    const running = startTroubles({ ...nothing, cut: 1, killed: 1 }, seededRandom(1), async (trouble) => {
      if (trouble === 'killed') throw new Error('the server did not start again')
      cuts += 1
      if (cuts === 50) enough()
    })
    await came
    await expect(running.stop()).rejects.toThrow(/did not start again/)
  })
})
