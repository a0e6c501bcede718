import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { converse } from './client-conversation.ts'
import type { SessionQueue } from './session-queue.ts'
import { errorResponse, readyForQuery } from './wire-messages.ts'

/** Above all pools of all processes together; more are turned away with the sentence a real server would give. */
export const maxConnections = 100

/** A transaction blocks everybody, so a client that began one and then fell silent is cut off. */
const silentTransactionLimitMs = 60_000

export interface ClientServer {
  /** Takes no new clients and hangs up on the others; their open transactions are rolled back. */
  close(): Promise<void>
}

/** A refused client that does not even say who it is. */
const refusedClientLimitMs = 5_000

/** Serves the queue's database on a Unix socket. A leftover file of a dead server is replaced. */
export async function serveClients(
  queue: SessionQueue,
  path: string,
  silenceLimitMs = silentTransactionLimitMs,
): Promise<ClientServer> {
  const ends = new Map<Socket, () => Promise<void>>()
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    if (ends.size >= maxConnections) {
      // Its greeting is read first: an answer to a client that is still writing would be lost in a broken pipe.
      socket.once('data', () => socket.end(errorResponse('FATAL', '53300', 'sorry, too many clients already')))
      socket.setTimeout(refusedClientLimitMs, () => socket.destroy())
      return
    }
    ends.set(socket, welcomeClient(queue, socket, silenceLimitMs))
    socket.on('close', () => {
      const end = ends.get(socket)
      ends.delete(socket)
      end?.().catch((error: Error) => server.emit('error', error))
    })
  })
  await rm(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      const rolledBack = [...ends.values()].map((end) => end())
      for (const socket of ends.keys()) socket.destroy()
      await Promise.all([closed, ...rolledBack])
    },
  }
}

function welcomeClient(queue: SessionQueue, socket: Socket, silenceLimitMs: number): () => Promise<void> {
  let silence: NodeJS.Timeout | undefined
  const conversation = converse(
    queue,
    (bytes) => {
      socket.write(bytes)
      if (!leavesTransactionOpen(bytes)) return
      silence = setTimeout(() => socket.destroy(), silenceLimitMs)
    },
    () => socket.destroySoon(),
  )
  socket.on('data', (bytes) => {
    clearTimeout(silence)
    conversation.receive(bytes)
  })
  return () => {
    clearTimeout(silence)
    return conversation.end()
  }
}

/** ReadyForQuery ends an answer and tells: I(dle), T(ransaction open), E(rror in a transaction still open). */
function leavesTransactionOpen(answer: Buffer): boolean {
  return answer.at(-6) === readyForQuery && answer.at(-1) !== 'I'.charCodeAt(0)
}
