import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { CrewAct, CrewRoute } from '../../contracts/http/crews.ts'
import type { AppConfig } from '../../ui-kit/api/app-config.ts'
import { photoOf, undoable, type WaitingAct } from '../outbox/next-send.ts'
import type { RefusedAct, Settled } from '../outbox/settle-answer.ts'
import type { CityClock } from './city-clock.ts'

/** Facts of which there is one. */
export interface KeptFacts {
  /** Who is logged in, by the last link that was used on this phone. */
  readonly crewId: string
  readonly name: string
  /** The server's last word on the route that is ours; left out when none is. */
  readonly route: CrewRoute
  /** The route as it was when it stopped being ours, to be looked at until it is closed. */
  readonly ended: { readonly route: CrewRoute; readonly why: 'end_shift' | 'hand_over' | 'lost' }
  readonly shownStopId: string
  /** The newest plan that the crew knows of. */
  readonly seenRevision: number
  readonly config: AppConfig & { readonly timeZone: string; readonly minZoom: number }
  readonly clock: CityClock
  /** How much of the map is stored, and for which route. */
  readonly tiles: { readonly routeId: string; readonly stored: number; readonly wanted: number }
}

type KeptAct = Omit<WaitingAct, 'seq' | 'hasPhoto'> & { readonly seq?: number }
interface Shelves extends DBSchema {
  facts: { key: keyof KeptFacts; value: KeptFacts[keyof KeptFacts] }
  acts: { key: number; value: KeptAct }
  refused: { key: string; value: RefusedAct }
  photos: { key: string; value: Blob }
}

export interface Kept {
  readonly facts: Partial<KeptFacts>
  readonly waiting: readonly WaitingAct[]
  readonly refused: readonly RefusedAct[]
}

/** What survives the end of the page: every change is one transaction, done before the screen shows it. */
export interface Keep {
  readonly readAll: () => Promise<Kept>
  readonly setFact: <K extends keyof KeptFacts>(key: K, value: KeptFacts[K] | null) => Promise<void>
  /** @param seen the route as it is seen now: what ends the work with it puts it aside */
  readonly addAct: (act: CrewAct, doneAtMs: number, photo: Blob | null, seen: CrewRoute) => Promise<void>
  /** Another crew does not go on with this one's route; acts that wait stay under the name of who did them. */
  readonly logIn: (crew: Pick<KeptFacts, 'crewId' | 'name'>) => Promise<void>
  /** The route is ours from now on. */
  readonly takeRoute: (route: CrewRoute) => Promise<void>
  readonly endRoute: (ended: KeptFacts['ended']) => Promise<void>
  /** What has ended is not looked at any more. */
  readonly closeEnded: () => Promise<void>
  /** Takes the last act back, unless it may be with the server. */
  readonly undoLast: () => Promise<CrewAct | null>
  /** Of these acts the server may hear from now on. @returns those that are still here: one may have been undone */
  readonly markTried: (seqs: readonly number[]) => Promise<readonly WaitingAct[]>
  /** Its picture could not be sent. */
  readonly photoFailed: (seq: number) => Promise<void>
  /** The server broke over this act. */
  readonly addFault: (seq: number) => Promise<void>
  readonly photo: (photoId: string) => Promise<Blob | null>
  /** The server has the picture. */
  readonly dropPhoto: (photoId: string) => Promise<void>
  /** The picture cannot be kept by the server: its act goes without. */
  readonly dropPhotoOfAct: (photoId: string) => Promise<void>
  readonly settle: (settled: Settled, route: CrewRoute | null) => Promise<void>
  readonly forgetRefused: (actId: string) => Promise<void>
  readonly forgetEverything: () => Promise<void>
}

const databaseName = 'zwerm-crew'
const databaseVersion = 1

export async function openKeep(): Promise<Keep> {
  const db = await openDB<Shelves>(databaseName, databaseVersion, {
    upgrade: (fresh) => {
      fresh.createObjectStore('facts')
      fresh.createObjectStore('acts', { keyPath: 'seq', autoIncrement: true })
      fresh.createObjectStore('refused', { keyPath: 'actId' })
      fresh.createObjectStore('photos')
    },
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  return {
    readAll: () => readAll(db),
    setFact: async (key, value) => {
      if (value === null) await db.delete('facts', key)
      else await db.put('facts', value, key)
    },
    addAct: async (act, doneAtMs, photo, seen) => {
      const tx = db.transaction(['acts', 'photos', 'facts'], 'readwrite')
      const photoId = photoOf(act)
      const facts = tx.objectStore('facts')
      const crewId = crewIdOf(await facts.get('crewId'))
      if (photo !== null && photoId !== null) void tx.objectStore('photos').put(photo, photoId)
      void tx.objectStore('acts').add({ act, doneAtMs, crewId, ...untried })
      if (act.act === 'finish_stop' || act.act === 'skip_stop') void facts.delete('shownStopId')
      // with bikes in its van the route stays, for them to be put down
      if (act.act === 'end_shift' && seen.load.length > 0) void facts.delete('shownStopId')
      else if (act.act === 'end_shift' || act.act === 'hand_over') putAside(facts, { route: seen, why: act.act })
      await tx.done
    },
    takeRoute: async (route) => {
      const tx = db.transaction('facts', 'readwrite')
      void tx.store.put(route, 'route')
      void tx.store.put(route.revision, 'seenRevision')
      void tx.store.delete('shownStopId')
      void tx.store.delete('ended')
      await tx.done
    },
    logIn: async ({ crewId, name }) => {
      const tx = db.transaction('facts', 'readwrite')
      const before = await tx.store.get('crewId')
      if (before !== crewId) for (const fact of [...factsOfRoute, 'ended'] as const) void tx.store.delete(fact)
      void tx.store.put(crewId, 'crewId')
      void tx.store.put(name, 'name')
      await tx.done
    },
    endRoute: async (ended) => {
      const tx = db.transaction('facts', 'readwrite')
      putAside(tx.store, ended)
      await tx.done
    },
    closeEnded: async () => {
      const tx = db.transaction('facts', 'readwrite')
      for (const fact of [...factsOfRoute, 'ended'] as const) void tx.store.delete(fact)
      await tx.done
    },
    undoLast: async () => {
      const tx = db.transaction(['acts', 'photos', 'facts'], 'readwrite')
      const crewId = crewIdOf(await tx.objectStore('facts').get('crewId'))
      const acts = await tx.objectStore('acts').getAll()
      const last = undoable(
        acts.map((one) => waitingOf(one, new Set())),
        crewId,
      )
      if (last !== null) {
        void tx.objectStore('acts').delete(last.seq)
        const photoId = photoOf(last.act)
        if (photoId !== null) void tx.objectStore('photos').delete(photoId)
      }
      await tx.done
      return last?.act ?? null
    },
    markTried: async (seqs) => {
      const found: WaitingAct[] = []
      await changeActs(db, seqs, (one) => {
        found.push(waitingOf(one, new Set()))
        return { ...one, tried: true }
      })
      return found
    },
    photoFailed: (seq) => changeActs(db, [seq], (one) => ({ ...one, photoTries: one.photoTries + 1 })),
    addFault: (seq) => changeActs(db, [seq], (one) => ({ ...one, faults: one.faults + 1 })),
    photo: async (photoId) => (await db.get('photos', photoId)) ?? null,
    dropPhoto: async (photoId) => {
      const tx = db.transaction(['acts', 'photos'], 'readwrite')
      const acts = tx.objectStore('acts')
      for (const one of await acts.getAll()) {
        if (photoOf(one.act) === photoId && one.confirmed) void acts.delete(one.seq ?? 0)
      }
      void tx.objectStore('photos').delete(photoId)
      await tx.done
    },
    dropPhotoOfAct: async (photoId) => {
      const tx = db.transaction(['acts', 'photos'], 'readwrite')
      for (const one of await tx.objectStore('acts').getAll()) {
        if (photoOf(one.act) !== photoId) continue
        const { photoId: _dropped, ...act } = one.act as CrewAct & { photoId?: string }
        if (one.confirmed) void tx.objectStore('acts').delete(one.seq ?? 0)
        else void tx.objectStore('acts').put({ ...one, act: act as CrewAct })
      }
      void tx.objectStore('photos').delete(photoId)
      await tx.done
    },
    settle: async ({ done, refused }, route) => {
      const tx = db.transaction(['acts', 'refused', 'facts', 'photos'], 'readwrite')
      const acts = tx.objectStore('acts')
      const photos = tx.objectStore('photos')
      for (const one of refused) {
        void tx.objectStore('refused').put(one)
        const photoId = photoOf(one.act)
        if (photoId !== null) void photos.delete(photoId)
      }
      for (const seq of done) {
        const one = await acts.get(seq)
        const photoId = one === undefined ? null : photoOf(one.act)
        const hasPhoto = photoId !== null && (await photos.getKey(photoId)) !== undefined
        if (one !== undefined && hasPhoto) void acts.put({ ...one, confirmed: true, faults: 0 })
        else void acts.delete(seq)
      }
      const ours = (await tx.objectStore('facts').get('route')) as CrewRoute | undefined
      if (route !== null && ours?.routeId === route.routeId) void tx.objectStore('facts').put(route, 'route')
      await tx.done
    },
    forgetRefused: (actId) => db.delete('refused', actId),
    forgetEverything: async () => {
      const shelves = ['facts', 'acts', 'refused', 'photos'] as const
      const tx = db.transaction(shelves, 'readwrite')
      for (const shelf of shelves) void tx.objectStore(shelf).clear()
      await tx.done
    },
  }
}

type FactsShelf = IDBPObjectStore<Shelves, ('facts' | 'acts' | 'refused' | 'photos')[], 'facts', 'readwrite'>

function putAside(facts: Pick<FactsShelf, 'put' | 'delete'>, ended: KeptFacts['ended']): void {
  void facts.put(ended, 'ended')
  for (const fact of factsOfRoute) void facts.delete(fact)
}

const factsOfRoute = ['route', 'shownStopId', 'seenRevision'] as const
const untried = { tried: false, confirmed: false, photoTries: 0, faults: 0 }
const crewIdOf = (fact: KeptFacts[keyof KeptFacts] | undefined) => (typeof fact === 'string' ? fact : null)

/** Changes what is still here of these acts, in one transaction. */
async function changeActs(
  db: IDBPDatabase<Shelves>,
  seqs: readonly number[],
  change: (one: KeptAct) => KeptAct,
): Promise<void> {
  const tx = db.transaction('acts', 'readwrite')
  for (const seq of seqs) {
    const one = await tx.store.get(seq)
    if (one !== undefined) void tx.store.put(change(one))
  }
  await tx.done
}

async function readAll(db: IDBPDatabase<Shelves>): Promise<Kept> {
  const tx = db.transaction(['facts', 'acts', 'refused', 'photos'])
  const [keys, values, acts, refused, photoIds] = await Promise.all([
    tx.objectStore('facts').getAllKeys(),
    tx.objectStore('facts').getAll(),
    tx.objectStore('acts').getAll(),
    tx.objectStore('refused').getAll(),
    tx.objectStore('photos').getAllKeys(),
  ])
  const photos = new Set(photoIds)
  return {
    facts: Object.fromEntries(keys.map((key, index) => [key, values[index]])) as Partial<KeptFacts>,
    waiting: acts.map((one) => waitingOf(one, photos)),
    refused,
  }
}

const waitingOf = (one: KeptAct, photos: ReadonlySet<string>): WaitingAct => {
  const photoId = photoOf(one.act)
  return { ...one, seq: one.seq ?? 0, hasPhoto: photoId !== null && photos.has(photoId) }
}
