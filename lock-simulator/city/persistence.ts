import { setTimeout as sleep } from 'node:timers/promises'
import type { Told } from './zwerm-api.ts'

const mostTries = 8
const firstPauseMs = 400
const longestPauseMs = 5_000

/**
 * Asks until there is an answer or a refusal: for questions that must not stay open, with an idempotency key or without
 * an effect. Waits as long as the server is away; gives up after `mostTries` tries while it is there.
 */
export async function askPersistently<T>(
  server: { serverHere(): Promise<void> },
  ask: () => Promise<Told<T>>,
  isStillWanted: () => boolean,
): Promise<Told<T>> {
  for (let tries = 1; ; tries++) {
    await server.serverHere()
    const told = await ask()
    if (told.kind !== 'nothing' || tries >= mostTries || !isStillWanted()) return told
    await sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1)))
  }
}
