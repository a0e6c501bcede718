import { useCallback, useEffect, useRef, useState } from 'react'
import { mostPhotos } from '../../contracts/photo-limits.ts'
import { type Api, type FailureCode, isUnheard } from '../../ui-kit/api/api-client.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { shrinkPhoto } from '../../ui-kit/shrink-photo.ts'

/** A picture that the person added: its id names it at the server once it has arrived. */
export interface AddedPhoto {
  readonly photoId: string
  readonly blob: Blob
  readonly state: 'sending' | 'sent' | 'lost' | 'refused'
  /** Why it did not arrive. */
  readonly code: FailureCode | null
}

export interface Photos {
  readonly added: readonly AddedPhoto[]
  readonly max: number
  /** A file is being made small, or could not be read. */
  readonly making: 'no' | 'working' | 'unreadable'
  readonly add: (file: Blob) => Promise<void>
  readonly remove: (photoId: string) => void
  /** What did not arrive is sent again under its id: nothing is kept twice. */
  readonly retry: () => void
  /** Of those that arrived. */
  readonly ids: readonly string[]
  readonly isSending: boolean
  /** One did not arrive: it is to be sent again or taken out, nothing is left out in silence. */
  readonly isStuck: boolean
}

/** A picture over a bad connection. */
const uploadTimeoutMs = 60_000

/** Pictures of one question: each is sent as soon as it is added, and again by itself when the network is back. */
export function usePhotos(api: Api, max: number = mostPhotos): Photos {
  const [added, setAdded] = useState<readonly AddedPhoto[]>([])
  const [making, setMaking] = useState<Photos['making']>('no')
  const newest = useRef(added)
  newest.current = added

  const send = useCallback(
    async ({ photoId, blob }: Pick<AddedPhoto, 'photoId' | 'blob'>) => {
      const mark = (change: Partial<AddedPhoto>) =>
        setAdded((all) => all.map((one) => (one.photoId === photoId ? { ...one, ...change } : one)))
      mark({ state: 'sending', code: null })
      const path = `/v1/photos/${photoId}`
      const answer = await api.send<unknown>(path, { method: 'PUT', body: blob, timeoutMs: uploadTimeoutMs })
      if (answer.kind === 'ok') mark({ state: 'sent' })
      else mark({ state: isUnheard(answer.code) ? 'lost' : 'refused', code: answer.code })
    },
    [api],
  )
  const retry = useCallback(() => {
    for (const photo of newest.current) if (photo.state === 'lost') void send(photo)
  }, [send])
  useEffect(() => {
    window.addEventListener('online', retry)
    return () => window.removeEventListener('online', retry)
  }, [retry])

  const add = async (file: Blob) => {
    setMaking('working')
    const blob = await shrinkPhoto(file)
    setMaking(blob === null ? 'unreadable' : 'no')
    if (blob === null || newest.current.length >= max) return
    const photo: AddedPhoto = { photoId: newUuid(), blob, state: 'sending', code: null }
    setAdded((all) => [...all, photo])
    await send(photo)
  }
  return {
    ...{ added, max, making, add, retry },
    remove: (photoId) => setAdded((all) => all.filter((one) => one.photoId !== photoId)),
    ids: added.filter(({ state }) => state === 'sent').map(({ photoId }) => photoId),
    isStuck: added.some(({ state }) => state === 'lost' || state === 'refused'),
    isSending: making === 'working' || added.some(({ state }) => state === 'sending'),
  }
}
