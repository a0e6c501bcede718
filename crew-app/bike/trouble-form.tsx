import { useEffect, useId, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import { newUuid } from '../../ui-kit/new-uuid.ts'
import { shrinkPhoto } from '../../ui-kit/shrink-photo.ts'
import { useNight } from '../night/use-night.ts'

export type Trouble = 'not_found' | 'blocked' | 'broken'
const longestNoteChars = 500

/** What is wrong with a bike, with a picture if it helps. The picture is made small before it is kept. */
export function TroubleForm({
  trouble,
  bike,
  stopId,
  onDone,
}: {
  readonly trouble: Trouble
  readonly bike: string
  readonly stopId: string | null
  readonly onDone: () => void
}) {
  const { t } = useText()
  const { act } = useNight()
  const [photo, setPhoto] = useState<Blob | null>(null)
  const [state, setState] = useState<'none' | 'working' | 'unreadable'>('none')
  const [note, setNote] = useState('')
  const id = useId()
  const take = async (file: File | undefined) => {
    if (file === undefined) return
    setState('working')
    const small = await shrinkPhoto(file)
    setPhoto(small)
    setState(small === null ? 'unreadable' : 'none')
  }
  const save = () => {
    const picture = photo === null ? {} : { photoId: newUuid() }
    const text = note.trim()
    const words = text === '' ? {} : { note: text }
    onDone()
    if (trouble === 'not_found') void act({ act: trouble, bike, stopId, ...picture }, photo)
    else void act({ act: trouble, bike, stopId, ...picture, ...words }, photo)
  }
  return (
    <div className="stack">
      <p>{t(`crew.trouble.${trouble}.what`)}</p>
      {photo !== null && <Preview photo={photo} alt={t('crew.photo.alt')} />}
      <label className="button wide photo">
        {photo === null ? t('crew.photo.take') : t('crew.photo.again')}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          className="visually-hidden"
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </label>
      {state === 'working' && <p role="status">{t('crew.photo.working')}</p>}
      {state === 'unreadable' && (
        <p role="alert" className="notice warn">
          {t('crew.photo.unreadable')}
        </p>
      )}
      {trouble !== 'not_found' && (
        <div className="field">
          <label htmlFor={id}>{t('crew.note')}</label>
          <input id={id} value={note} maxLength={longestNoteChars} onChange={(event) => setNote(event.target.value)} />
        </div>
      )}
      <button type="button" className="button main wide" disabled={state === 'working'} onClick={save}>
        {t(`crew.trouble.${trouble}.save`)}
      </button>
    </div>
  )
}

function Preview({ photo, alt }: { readonly photo: Blob; readonly alt: string }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(photo)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [photo])
  return url === null ? null : <img className="photo-preview" src={url} alt={alt} />
}
