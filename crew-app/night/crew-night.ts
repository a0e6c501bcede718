import type { CrewAct, CrewRoute, CrewSession, CrewStop } from '../../contracts/http/crews.ts'
import { type Answer, type Api, createApi, type FailureCode } from '../../ui-kit/api/api-client.ts'
import { setCityZone } from '../../ui-kit/city-zone.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { cleanNote } from '../outbox/clean-note.ts'
import { undoable, unsentOf } from '../outbox/next-send.ts'
import { type Sender, type SendState, startSender } from '../outbox/sender.ts'
import { applyActs } from '../route/apply-acts.ts'
import { askClock, askConfig } from './ask-city.ts'
import { cityNow, realClock } from './city-clock.ts'
import { type Keep, type Kept, type KeptFacts, openKeep } from './keep.ts'
import { lastPlace } from './place.ts'

type Only<T> = T extends unknown ? Omit<T, 'actId' | 'routeId' | 'atMs' | 'lon' | 'lat'> : never
/** An act as a screen asks for it: who, when and where are added. */
export type Deed = Only<CrewAct>

export interface NightView extends Kept {
  readonly session: 'unknown' | 'in' | 'out'
  /** The route as the crew sees it: the server's last word with its own unsent acts; null while none is ours. */
  readonly route: CrewRoute | null
  readonly sending: SendState
  /** The last act, as long as it can be undone. */
  readonly canUndo: CrewAct | null
  /** What was done last on this screen, for the line that tells it. */
  readonly lastDeed: { readonly act: CrewAct; readonly undone: boolean; readonly count: number } | null
  /** The server has planned the rest anew; `gone` is the stop at hand when it is no longer on the route. */
  readonly replanned: { readonly gone: CrewStop | null } | null
}

export interface Night {
  readonly api: Api
  readonly view: () => NightView
  readonly subscribe: (listener: () => void) => () => void
  /** Keeps an act on the phone, shows it, and sends it when it can. @returns false when there is no route */
  readonly act: (deed: Deed, photo?: Blob | null) => Promise<boolean>
  readonly undo: () => Promise<void>
  readonly showStop: (stopId: string) => Promise<void>
  readonly seePlan: () => Promise<void>
  readonly takeRoute: (route: CrewRoute) => Promise<void>
  readonly closeEnded: () => Promise<void>
  readonly forgetRefused: (actId: string) => Promise<void>
  readonly setFact: <K extends keyof KeptFacts>(key: K, value: KeptFacts[K] | null) => Promise<void>
  readonly heard: (code: FailureCode | null) => void
  /** Exchanges a one-time link for the cookie, while nothing is being sent. */
  readonly logIn: (link: string) => Promise<Answer<CrewSession>>
  readonly logOut: () => Promise<void>
  readonly cityNow: () => number
}

const refreshEveryMs = 45_000
const notLoggedIn: readonly FailureCode[] = ['log_in_first', 'session_ended']
const notOurs: readonly FailureCode[] = ['route_not_yours', 'route_ended', 'not_found', 'route_taken']

/** Everything that the crew's app knows and does, over reloads and without a network. Screens only draw it. */
export async function openNight(): Promise<Night> {
  const api = createApi('crew')
  const keep = await openKeep()
  const listeners = new Set<() => void>()
  const otherTabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('zwerm-crew') : null
  let view: NightView = viewOf(await keep.readAll(), first)

  const show = (change: Partial<NightView>) => {
    view = { ...view, ...change }
    for (const listener of listeners) listener()
  }
  const reread = async () => {
    const kept = await keep.readAll()
    view = viewOf(kept, view)
    for (const listener of listeners) listener()
  }
  const changed = async () => {
    await reread()
    otherTabs?.postMessage('changed')
  }
  if (otherTabs !== null) otherTabs.onmessage = () => void reread()
  const heard = (code: FailureCode | null) => {
    if (code === null) {
      if (view.session !== 'in') show({ session: 'in' })
      if (view.sending === 'log_in') sender.wake()
    } else if (notLoggedIn.includes(code)) show({ session: 'out' })
  }
  const sender = startSender({
    api,
    keep,
    crewId: () => view.facts.crewId ?? null,
    waiting: () => view.waiting,
    onChanged: changed,
    onState: (sending) => show({ sending, ...(sending === 'log_in' ? { session: 'out' as const } : {}) }),
  })
  const night: Night = {
    api,
    view: () => view,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    act: async (deed, photo = null) => {
      const { route } = view
      if (route === null) return false
      const { lon, lat } = lastPlace()
      const act: CrewAct = {
        ...withCleanNote(deed),
        actId: newUuid(),
        routeId: route.routeId,
        atMs: night.cityNow(),
        lon,
        lat,
      }
      await keep.addAct(act, Date.now(), photo, applyActs(route, [act]))
      show({ lastDeed: { act, undone: false, count: (view.lastDeed?.count ?? 0) + 1 } })
      await changed()
      sender.wake()
      return true
    },
    undo: async () => {
      const act = await keep.undoLast()
      if (act?.act === 'finish_stop' || act?.act === 'skip_stop') await keep.setFact('shownStopId', act.stopId)
      if (act !== null) show({ lastDeed: { act, undone: true, count: (view.lastDeed?.count ?? 0) + 1 } })
      await changed()
    },
    showStop: (stopId) => keep.setFact('shownStopId', stopId).then(changed),
    seePlan: async () => {
      const { route, replanned } = view
      if (route !== null) await keep.setFact('seenRevision', route.revision)
      if (replanned?.gone) await keep.setFact('shownStopId', null)
      await changed()
    },
    takeRoute: (route) => keep.takeRoute(route).then(changed),
    closeEnded: () => keep.closeEnded().then(changed),
    forgetRefused: (actId) => keep.forgetRefused(actId).then(changed),
    setFact: (key, value) => keep.setFact(key, value).then(changed),
    heard,
    logIn: (link) =>
      sender.between(async () => {
        const answer = await api.send<CrewSession>('/v1/crew/sessions', { method: 'POST', body: { link } })
        if (answer.kind !== 'ok') return answer
        await keep.logIn(answer.value)
        await changed()
        heard(null)
        sender.wake()
        return answer
      }),
    logOut: async () => {
      await api.send('/v1/crew/sessions/current', { method: 'DELETE' })
      await keep.forgetEverything()
      show({ session: 'out', lastDeed: null })
      await changed()
    },
    cityNow: () => cityNow(view.facts.clock ?? realClock, Date.now()),
  }
  stayFresh({ night, keep, sender, changed })
  return night
}

const first: NightView = {
  facts: {},
  waiting: [],
  refused: [],
  session: 'unknown',
  route: null,
  sending: 'idle',
  canUndo: null,
  lastDeed: null,
  replanned: null,
}

function viewOf(kept: Kept, before: NightView): NightView {
  const base = kept.facts.route ?? null
  const crewId = kept.facts.crewId ?? null
  const route =
    base === null
      ? null
      : applyActs(
          base,
          unsentOf(kept.waiting, crewId).map(({ act }) => act),
        )
  if (kept.facts.config !== undefined) setCityZone(kept.facts.config.timeZone)
  return {
    ...before,
    ...kept,
    facts: { ...kept.facts, ...sameConfig(kept.facts, before.facts) },
    route,
    canUndo: undoable(kept.waiting, crewId)?.act ?? null,
    replanned: base === null ? null : replannedOf(base, kept.facts, before),
  }
}

/** An unchanged configuration stays the same object: the map is drawn anew for another one. */
const sameConfig = ({ config }: Partial<KeptFacts>, before: Partial<KeptFacts>) =>
  before.config !== undefined && JSON.stringify(config) === JSON.stringify(before.config)
    ? { config: before.config }
    : {}

/** A plan that the crew has not been told of, and the stop at hand when that plan has taken it away. */
function replannedOf(base: CrewRoute, facts: Partial<KeptFacts>, before: NightView): NightView['replanned'] {
  const { shownStopId } = facts
  const shown = base.stops.find((stop) => stop.stopId === shownStopId)
  const isGone = shownStopId !== undefined && shown?.state !== 'planned'
  const isNew = base.revision > (facts.seenRevision ?? base.revision)
  if (!isGone && !isNew) return null
  const known = shown ?? before.route?.stops.find((stop) => stop.stopId === shownStopId)
  return { gone: isGone ? (before.replanned?.gone ?? known ?? null) : null }
}

/** Also after its end, for as long as its van holds bikes: they can still be put down. */
const isStillOurs = ({ isMine, state, load }: CrewRoute) => isMine && (state === 'claimed' || load.length > 0)

/** The crew ended it itself and has only put down what was left in its van. */
const whyEnded = ({ state }: CrewRoute) => (state === 'done' ? 'end_shift' : 'lost')

const withCleanNote = (deed: Deed): Deed =>
  'note' in deed && deed.note !== undefined ? { ...deed, note: cleanNote(deed.note) } : deed

interface Parts {
  readonly night: Night
  readonly keep: Keep
  readonly sender: Sender
  readonly changed: () => Promise<void>
}

/** Asks for news and sends what waits: at the start, with each return of the network or the person, and by a timer. */
function stayFresh({ night, keep, sender, changed }: Parts): void {
  let looking = false
  const look = async () => {
    if (document.visibilityState !== 'visible') return
    sender.wake()
    if (looking) return
    looking = true
    await ask().finally(() => {
      looking = false
    })
  }
  const ask = async () => {
    const config = await askConfig(night.api)
    if (config !== null) {
      await keep.setFact('config', config)
      const clock = await askClock(config.demo)
      if (clock !== null) await keep.setFact('clock', clock)
      await changed()
    }
    await sender.between(refreshRoute)
  }
  const refreshRoute = async () => {
    const { route, waiting, session, facts } = night.view()
    if (route === null || unsentOf(waiting, facts.crewId ?? null).length > 0 || session === 'out') return
    const answer = await night.api.get<CrewRoute>(`/v1/crew/routes/${route.routeId}`)
    night.heard(answer.kind === 'ok' ? null : answer.code)
    // an act made meanwhile stays on top of what was read
    const isOurs = answer.kind === 'ok' && isStillOurs(answer.value)
    if (isOurs) await keep.setFact('route', answer.value)
    else if (answer.kind === 'ok' || notOurs.includes(answer.code)) await keep.endRoute({ route, why: whyEnded(route) })
    await changed()
  }
  addEventListener('online', () => void look())
  document.addEventListener('visibilitychange', () => void look())
  setInterval(() => void look(), refreshEveryMs)
  void look()
}
