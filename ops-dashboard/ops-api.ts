import { type Answer, createApi } from '../ui-kit/api/api-client.ts'

export const opsApi = createApi('ops')

/** For the query library, which wants refusals thrown: the value of an answer, else the refusal as the error. */
export async function valueOrThrow<T>(answer: Promise<Answer<T>>): Promise<T> {
  const settled = await answer
  if (settled.kind === 'ok') return settled.value
  throw Object.assign(new Error(settled.code), { refused: settled })
}
