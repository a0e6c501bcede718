import type { Socket } from 'node:net'
import type { Rate } from './broker-rate.ts'

/** The door of the broker: after a restart a whole city knocks at once, and is let in at the speed that one core bears. */
export interface Admission {
  /** `admit` is called when it is this connection's turn; the room full, it is closed unread. */
  enter(socket: Socket, admit: () => void): void
  close(): void
}

interface Waiting {
  readonly socket: Socket
  readonly admit: () => void
}

/**
 * A connection that waits costs its socket and nothing else: not a byte of it is read, so neither a handshake nor a
 * password is looked at. A lock that is closed here tries again after its back-off, and none of its own allowance is used.
 *
 * @param rate connections let in
 * @param maxWaiting beyond it they are closed
 */
export function createAdmission(rate: Rate, maxWaiting: number, nowMs: () => number, onShed: () => void): Admission {
  const room: Waiting[] = []
  let timer: NodeJS.Timeout | null = null

  function letIn(): void {
    timer = null
    for (let next = room[0]; next !== undefined; next = room[0]) {
      // Who has hung up meanwhile takes nobody's turn.
      const isGone = next.socket.destroyed
      if (!isGone && !rate.take(nowMs())) break
      room.shift()
      next.socket.off('error', ignore)
      if (!isGone) next.admit()
    }
    if (room.length > 0) timer = setTimeout(letIn, rate.waitMs(nowMs()))
  }

  return {
    enter: (socket, admit) => {
      if (room.length === 0 && rate.take(nowMs())) return admit()
      if (room.length >= maxWaiting) {
        socket.destroy()
        return onShed()
      }
      socket.on('error', ignore)
      room.push({ socket, admit })
      timer ??= setTimeout(letIn, rate.waitMs(nowMs()))
    },
    close: () => {
      if (timer !== null) clearTimeout(timer)
      for (const { socket } of room.splice(0)) socket.destroy()
    },
  }
}

/** Every error of a socket is followed by its end. */
const ignore = (): void => undefined
