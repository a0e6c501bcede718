import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { CrewAct, CrewActResult } from '../../contracts/http/crews.ts'
import type { Answer, Api, FailureCode } from '../../ui-kit/api/api-client.ts'
import { photoOf, type WaitingAct } from './next-send.ts'
import { type KeepOfActs, type SendState, startSender } from './sender.ts'
import type { RefusedAct } from './settle-answer.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  vi.stubGlobal('navigator', { onLine: true })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const mia = id(101)

const waitingAct = (seq: number, photoId?: string): WaitingAct => ({
  seq,
  act: {
    ...{ act: 'blocked', actId: id(seq), routeId: id(999), atMs: 1_795_298_400_000, lon: null, lat: null },
    ...{ bike: '10012', stopId: null, ...(photoId === undefined ? {} : { photoId }) },
  } as CrewAct,
  ...{ doneAtMs: 0, tried: false, hasPhoto: photoId !== undefined, crewId: mia },
  ...{ confirmed: false, photoTries: 0, faults: 0 },
})

type Verdict = FailureCode | 'html' | 'ok'
const refusedWith = (verdict: Exclude<Verdict, 'ok'>): Answer<never> =>
  verdict === 'html'
    ? { kind: 'refused', code: 'not_found', isGuess: true }
    : { kind: 'refused', code: verdict as FailureCode }

/** A phone with acts on it, and a server that says what the test tells it to. */
function openOutbox(first: readonly WaitingAct[]) {
  let acts = [...first]
  const box = {
    crewId: mia,
    states: [] as SendState[],
    sent: [] as string[],
    refused: [] as RefusedAct[],
    photo: 'ok' as Verdict,
    rest: 'ok' as Verdict,
    ofAct: (_act: CrewAct): Verdict => 'ok',
    beforeMark: (): unknown => null,
    seqs: () => acts.map(({ seq }) => seq),
    undo: (seq: number) => {
      acts = acts.filter((one) => one.seq !== seq)
    },
  }
  const change = async (seqs: readonly number[], by: (one: WaitingAct) => WaitingAct) => {
    acts = acts.map((one) => (seqs.includes(one.seq) ? by(one) : one))
  }
  const keep: KeepOfActs = {
    markTried: async (seqs) => {
      box.beforeMark()
      await change(seqs, (one) => ({ ...one, tried: true }))
      return acts.filter(({ seq }) => seqs.includes(seq))
    },
    photoFailed: (seq) => change([seq], (one) => ({ ...one, photoTries: one.photoTries + 1 })),
    addFault: (seq) => change([seq], (one) => ({ ...one, faults: one.faults + 1 })),
    photo: async () => new Blob(['jpeg']),
    dropPhoto: async (photoId) => {
      acts = acts
        .filter((one) => !(one.confirmed && photoOf(one.act) === photoId))
        .map((one) => (photoOf(one.act) === photoId ? { ...one, hasPhoto: false } : one))
    },
    dropPhotoOfAct: (photoId) => keep.dropPhoto(photoId),
    settle: async ({ done, refused }) => {
      box.refused.push(...refused)
      acts = acts
        .filter(({ seq, hasPhoto }) => !done.includes(seq) || hasPhoto)
        .map((one) => (done.includes(one.seq) ? { ...one, confirmed: true } : one))
    },
  }
  const answer = async (path: string, body: unknown): Promise<Answer<unknown>> => {
    if (path.includes('/photos/')) {
      box.sent.push('photo')
      return box.photo === 'ok' ? { kind: 'ok', value: {} } : refusedWith(box.photo)
    }
    const batch = (body as { acts: readonly CrewAct[] }).acts
    box.sent.push(batch.map(({ actId }) => Number(actId.slice(-3))).join('+'))
    const results: CrewActResult[] = []
    for (const act of batch) {
      const verdict = box.ofAct(act)
      if (verdict !== 'ok') return refusedWith(verdict)
      results.push({ actId: act.actId, outcome: 'applied', code: null, by: null })
    }
    return { kind: 'ok', value: { results, route: null } }
  }
  const api = {
    get: async () => (box.rest === 'ok' ? { kind: 'ok', value: {} } : refusedWith(box.rest)),
    send: (path: string, { body }: { body?: unknown }) => answer(path, body),
  } as Api
  const sender = startSender({
    ...{ api, keep, crewId: () => box.crewId, waiting: () => acts },
    onChanged: async () => undefined,
    onState: (state) => box.states.push(state),
  })
  sender.wake()
  return box
}

it('sends the acts when their picture cannot be sent, and the picture when it can', async () => {
  const box = openOutbox([waitingAct(1, id(50)), waitingAct(2)])
  box.photo = 'server_fault'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(box.sent).toEqual(['photo', '1+2', 'photo'])
  expect(box.seqs()).toEqual([1])
  box.photo = 'ok'
  await vi.advanceTimersByTimeAsync(60_000)
  expect(box.seqs()).toEqual([])
  expect(box.refused).toEqual([])
})

it('sets the one act aside over which the server breaks again and again, and sends the others', async () => {
  const box = openOutbox([waitingAct(1), waitingAct(2), waitingAct(3)])
  box.ofAct = ({ actId }) => (actId === id(2) ? 'server_fault' : 'ok')
  await vi.advanceTimersByTimeAsync(600_000)
  expect(box.refused).toMatchObject([{ actId: id(2), code: 'server_fault' }])
  expect(box.seqs()).toEqual([])
})

it('keeps every act while the server as a whole is broken', async () => {
  const box = openOutbox([waitingAct(1), waitingAct(2)])
  box.ofAct = () => 'server_fault'
  box.rest = 'server_fault'
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(box.seqs()).toEqual([1, 2])
  box.ofAct = () => 'ok'
  await vi.advanceTimersByTimeAsync(120_000)
  expect(box.seqs()).toEqual([])
  expect(box.refused).toEqual([])
})

it('loses no act to what a network in between says', async () => {
  const box = openOutbox([waitingAct(1)])
  box.ofAct = () => 'html'
  await vi.advanceTimersByTimeAsync(600_000)
  expect(box.seqs()).toEqual([1])
  expect(box.refused).toEqual([])
})

it('does not send what was undone at the last moment', async () => {
  const box = openOutbox([waitingAct(1), waitingAct(2)])
  box.beforeMark = () => box.undo(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(box.sent).toEqual(['1'])
})

it('does not send acts of a crew while another one is logged in', async () => {
  const box = openOutbox([waitingAct(1)])
  box.crewId = id(102)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(box.sent).toEqual([])
  expect(box.states.at(-1)).toBe('other_crew')
})
