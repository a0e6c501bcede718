import type { Rate } from './broker-rate.ts'

/** What lets one connection's messages through: at its rate, answered in the order in which they came. */
export interface PublishGate {
  /** `admit` is called when the message may go on; its `done` frees the answer, in order. False: the gate is full. */
  enter(admit: (done: () => void) => void, answer: () => void): boolean
  /** The connection is gone: what waited is forgotten, it was never acknowledged. */
  close(): void
}

interface Waiting {
  readonly admit: (done: () => void) => void
  readonly ticket: Ticket
}
interface Ticket {
  readonly answer: () => void
  ready: boolean
}

/** Messages of one connection that wait for their turn; a lock in step with its window of 8 never comes near. */
const maxWaitingMessages = 100

/** @param onIdle nothing waits and everything is answered: the gate may be forgotten */
export function createPublishGate(rate: Rate, nowMs: () => number, onIdle: () => void): PublishGate {
  const waiting: Waiting[] = []
  const unanswered: Ticket[] = []
  let timer: NodeJS.Timeout | null = null
  let closed = false

  const answerInOrder = () => {
    while (unanswered[0]?.ready) unanswered.shift()?.answer()
    if (unanswered.length === 0 && waiting.length === 0) onIdle()
  }
  const pass = ({ admit, ticket }: Waiting) => {
    unanswered.push(ticket)
    admit(() => {
      ticket.ready = true
      answerInOrder()
    })
  }
  const letThrough = () => {
    timer = null
    while (waiting[0] && rate.take(nowMs())) {
      const next = waiting.shift()
      if (next) pass(next)
    }
    if (waiting.length > 0 && !closed) timer = setTimeout(letThrough, rate.waitMs(nowMs()))
  }

  return {
    enter: (admit, answer) => {
      if (waiting.length >= maxWaitingMessages) return false
      const entry = { admit, ticket: { answer, ready: false } }
      if (waiting.length === 0 && rate.take(nowMs())) {
        pass(entry)
        return true
      }
      waiting.push(entry)
      timer ??= setTimeout(letThrough, rate.waitMs(nowMs()))
      return true
    },
    close: () => {
      closed = true
      if (timer) clearTimeout(timer)
      waiting.length = 0
    },
  }
}
