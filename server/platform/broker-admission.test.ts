import { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAdmission } from './broker-admission.ts'
import { createRate } from './broker-rate.ts'

afterEach(() => void vi.useRealTimers())

function openDoor(perSecond: number, maxWaiting: number) {
  vi.useFakeTimers()
  let shed = 0
  const nowMs = () => Date.now()
  const door = createAdmission(
    createRate(() => perSecond, perSecond, nowMs()),
    maxWaiting,
    nowMs,
    () => {
      shed += 1
    },
  )
  const admitted: number[] = []
  const knock = (who: number): Socket => {
    const socket = new Socket()
    door.enter(socket, () => void admitted.push(who))
    return socket
  }
  return { door, admitted, knock, shed: () => shed }
}

describe('the door of the broker', () => {
  it('lets a crowd in at its speed, in the order in which it came', async () => {
    const { admitted, knock, shed } = openDoor(10, 1_000)
    for (let who = 0; who < 100; who++) knock(who)
    expect(admitted).toHaveLength(10)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(admitted).toHaveLength(20)
    await vi.advanceTimersByTimeAsync(8_000)
    expect(admitted).toEqual(Array.from({ length: 100 }, (_, who) => who))
    expect(shed()).toBe(0)
  })

  it('closes whom the room has no place for', () => {
    const { admitted, knock, shed } = openDoor(1, 2)
    const sockets = [0, 1, 2, 3].map(knock)
    expect(admitted).toEqual([0])
    expect(sockets.map((socket) => socket.destroyed)).toEqual([false, false, false, true])
    expect(shed()).toBe(1)
  })

  it('gives nobody the turn of one who has hung up', async () => {
    const { admitted, knock } = openDoor(1, 10)
    knock(0)
    for (let who = 1; who < 6; who++) knock(who).destroy()
    knock(6)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(admitted).toEqual([0, 6])
  })

  it('closes everybody in the room when it closes', () => {
    const { door, knock } = openDoor(1, 10)
    knock(0)
    const waiting = knock(1)
    door.close()
    expect(waiting.destroyed).toBe(true)
  })
})
