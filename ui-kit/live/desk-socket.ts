import type { DeskEvent } from '../../contracts/live/desk-events.ts'

export interface DeskListener {
  readonly onFrame?: (frame: ArrayBuffer) => void
  /** `again` comes from here too: after a reconnect something may have been missed. */
  readonly onEvent?: (event: DeskEvent) => void
  readonly onState?: (state: DeskSocketState) => void
}
/** `ended`: the server says that this session sees no desk any more; only a new listener tries again. */
export type DeskSocketState = 'connecting' | 'open' | 'waiting' | 'ended'

export interface DeskSocket {
  /** Opens the socket if nobody listened yet; returns how to stop. */
  listen(listener: DeskListener): () => void
  /** Nothing when the socket is not open: who speaks speaks again at each `open`. */
  send(text: string): void
}

/** The part of a browser's WebSocket that is used here. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'onopen' | 'onmessage' | 'onclose'>

/** Of the desk's own close codes: the session has ended, or may not see the desk any more. */
export const sessionEndedCode = 4_401

const firstRetryMs = 500
const longestRetryMs = 20_000
/** The server says something at least every 10 s; a line that is silent for longer is dead. */
const silentLineMs = 30_000
/** Over the change from one page to the next, its code and its texts loading. */
const lingerMs = 15_000

/**
 * One socket for everything that is live at the desk, opened for the first listener and kept while there is one. A lost
 * one is opened again with growing, jittered pauses, and at once when `nudge` says that it is worth a try.
 * @param open a new socket, binary messages as array buffers   @param nudges the page is seen again, the net is back
 */
export function createDeskSocket(options: {
  readonly open: () => SocketLike
  readonly nudges?: (nudge: () => void) => void
  readonly random?: () => number
}): DeskSocket {
  const { random = Math.random } = options
  const listeners = new Set<DeskListener>()
  let socket: SocketLike | null = null
  let state: DeskSocketState = 'waiting'
  let hasBeenOpen = false
  let retryMs = firstRetryMs
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let silentTimer: ReturnType<typeof setTimeout> | undefined
  let lingerTimer: ReturnType<typeof setTimeout> | undefined

  const become = (next: DeskSocketState) => {
    state = next
    for (const listener of [...listeners]) listener.onState?.(next)
  }
  const tell = (event: DeskEvent) => {
    for (const listener of [...listeners]) listener.onEvent?.(event)
  }

  function connect(): void {
    clearTimeout(retryTimer)
    const opened = options.open()
    socket = opened
    const heard = () => {
      clearTimeout(silentTimer)
      silentTimer = setTimeout(() => lost(opened, null), silentLineMs)
    }
    heard()
    opened.onopen = () => {
      heard()
      become('open')
      if (hasBeenOpen) tell({ kind: 'again' })
      hasBeenOpen = true
    }
    opened.onmessage = ({ data }: MessageEvent) => {
      heard()
      retryMs = firstRetryMs
      if (data instanceof ArrayBuffer) for (const listener of [...listeners]) listener.onFrame?.(data)
      else if (typeof data === 'string') {
        const event = eventOf(data)
        if (event !== null) tell(event)
      }
    }
    opened.onclose = ({ code }: CloseEvent) => lost(opened, code)
    become('connecting')
  }

  function lost(which: SocketLike, code: number | null): void {
    if (socket !== which) return
    drop()
    if (code === sessionEndedCode) {
      become('ended')
      return
    }
    retryTimer = setTimeout(connect, retryMs * (0.5 + random()))
    retryMs = Math.min(longestRetryMs, retryMs * 2)
    become('waiting')
  }

  function drop(): void {
    clearTimeout(silentTimer)
    clearTimeout(retryTimer)
    const dropped = socket
    socket = null
    if (dropped === null) return
    dropped.onopen = null
    dropped.onmessage = null
    dropped.onclose = null
    dropped.close()
  }

  options.nudges?.(() => {
    if (listeners.size === 0 || socket !== null || state === 'ended') return
    retryMs = firstRetryMs
    connect()
  })

  return {
    listen: (listener) => {
      clearTimeout(lingerTimer)
      listeners.add(listener)
      if (socket === null && (state === 'ended' || listeners.size === 1)) connect()
      else listener.onState?.(state)
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return
        lingerTimer = setTimeout(() => {
          drop()
          state = 'waiting'
          hasBeenOpen = false
        }, lingerMs)
      }
    },
    send: (text) => {
      if (state === 'open') socket?.send(text)
    },
  }
}

/** Null for what is no event: the page then shows what it shows. */
function eventOf(text: string): DeskEvent | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as DeskEvent) : null
  } catch {
    return null
  }
}
