import { createDeskSocket } from '../../ui-kit/live/desk-socket.ts'

/** The desk's one live line: the fleet's frames and what has changed, for all pages. */
export const deskLive = createDeskSocket({
  open: () => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/staff/live`)
    socket.binaryType = 'arraybuffer'
    return socket
  },
  nudges: (nudge) => {
    addEventListener('online', nudge)
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) nudge()
    })
  },
})
