import { type Answer, type Api, createApi, type Refused } from '../ui-kit/api/api-client.ts'

/** Nobody is logged in any more, or not far enough: whoever asked, the desk as a whole has to know. */
const shutOut: ReadonlySet<string> = new Set(['log_in_first', 'session_ended', 'second_factor_needed'])
const listeners = new Set<(refused: Refused) => void>()

/** Calls back whenever an answer says that this person is not (or no longer) let in. */
export function onShutOut(listener: (refused: Refused) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

const plain = createApi('ops')
const told = <T>(answer: Answer<T>): Answer<T> => {
  if (answer.kind === 'refused' && shutOut.has(answer.code)) for (const listener of listeners) listener(answer)
  return answer
}

export const opsApi: Api = {
  get: async (path) => told(await plain.get(path)),
  send: async (path, options) => told(await plain.send(path, options)),
}

/** For the query library, which wants refusals thrown: the value of an answer, else the refusal as the error. */
export async function valueOrThrow<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer
  if (settled.kind === 'ok') return settled.value
  throw Object.assign(new Error(settled.code), { refused: settled })
}
