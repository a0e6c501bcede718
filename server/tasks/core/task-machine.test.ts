import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMs } from '../../../contracts/units.ts'
import { actOnTask, type TaskAct, type TaskFacts } from './task-machine.ts'

const nowMs = epochMs(1_900_000_000_000)
const open: TaskFacts = { state: 'open', assignedTo: null, endedAt: null, endedBy: null, version: 1 }
const acts: readonly TaskAct[] = [
  ...(['start', 'done', 'drop', 'reopen', 'note'] as const).map((act): TaskAct => ({ act })),
  { act: 'assign', to: 'anna' },
  { act: 'assign', to: null },
]

describe('a task', () => {
  it('that is begun is in the hands of who began it, and stays there when said again', () => {
    const begun = actOnTask(open, { act: 'start' }, 'anna', nowMs) as TaskFacts
    expect(begun).toMatchObject({ state: 'doing', assignedTo: 'anna', version: 2 })
    expect(actOnTask(begun, { act: 'start' }, 'anna', nowMs)).toBe(begun)
    expect(actOnTask(begun, { act: 'start' }, 'bram', nowMs)).toMatchObject({ assignedTo: 'bram', version: 3 })
  })

  it('that is done is done by somebody, and can be opened again', () => {
    const done = actOnTask(open, { act: 'done' }, 'anna', nowMs) as TaskFacts
    expect(done).toMatchObject({ state: 'done', assignedTo: 'anna', endedAt: nowMs, endedBy: 'anna' })
    expect(actOnTask(done, { act: 'reopen' }, 'bram', nowMs)).toMatchObject({
      state: 'open',
      endedAt: null,
      endedBy: null,
    })
    for (const act of ['start', 'done', 'drop'] as const) {
      expect(actOnTask(done, { act }, 'bram', nowMs)).toBe('task_ended')
    }
  })

  it('given to another one while somebody does it is open again', () => {
    const doing: TaskFacts = { ...open, state: 'doing', assignedTo: 'anna' }
    expect(actOnTask(doing, { act: 'assign', to: 'bram' }, 'cor', nowMs)).toMatchObject({
      state: 'open',
      assignedTo: 'bram',
    })
    expect(actOnTask(doing, { act: 'assign', to: 'anna' }, 'cor', nowMs)).toMatchObject({ state: 'doing' })
  })

  it('keeps its facts in agreement, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 30 }), (steps) => {
        let task = open
        for (const act of steps) {
          const next = actOnTask(task, act, 'cor', nowMs)
          if (typeof next === 'string') continue
          expect(next.endedAt !== null).toBe(next.state === 'done' || next.state === 'dropped')
          expect(next === task || next.version === task.version + 1).toBe(true)
          task = next
        }
      }),
    )
  })
})
