import './telling.css'
import { type ChangeEvent, useEffect, useState } from 'react'
import { useText } from '../../ui-kit/i18n/text.ts'
import type { AddedPhoto, Photos } from './use-photos.ts'

/** Pictures by camera or from the phone, each with what became of it. */
export function PhotoField({ photos }: { readonly photos: Photos }) {
  const { t } = useText()
  const { added, max, making } = photos
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    // The same file may be chosen again after it was taken out.
    event.target.value = ''
    if (file !== undefined) void photos.add(file)
  }
  return (
    <fieldset className="photos stack">
      <legend>{t('photo.title')}</legend>
      {added.length > 0 && (
        <ul className="photo-list">
          {added.map((photo, index) => (
            <PhotoItem key={photo.photoId} photo={photo} n={index + 1} photos={photos} />
          ))}
        </ul>
      )}
      {added.length < max ? (
        <div className="row wrap">
          <label className="button photo-button">
            <CameraMark /> {t('photo.take')}
            <input type="file" accept="image/*" capture="environment" className="visually-hidden" onChange={take} />
          </label>
          <label className="button quiet photo-button">
            {t('photo.choose')}
            <input type="file" accept="image/*" className="visually-hidden" onChange={take} />
          </label>
        </div>
      ) : (
        <p className="small soft">{t('photo.full', { max })}</p>
      )}
      <p className="small soft" role="status">
        {making === 'working' ? t('photo.working') : t('photo.privacy')}
      </p>
      {making === 'unreadable' && (
        <p className="notice warn" role="alert">
          {t('photo.unreadable')}
        </p>
      )}
    </fieldset>
  )
}

function PhotoItem({ photo, n, photos }: { readonly photo: AddedPhoto; readonly n: number; readonly photos: Photos }) {
  const { t, ofCode } = useText()
  const { photoId, blob, state, code } = photo
  return (
    <li data-state={state}>
      <Preview blob={blob} alt={t('photo.alt', { n })} />
      <span className="small photo-state" role="status">
        {state === 'sending' && <span className="spinner" aria-hidden="true" />}
        {state === 'sent' && <span aria-hidden="true">✓</span>}
        <span>
          {state === 'refused' && code !== null ? ofCode(`refusal.${code}`, 'photo.refused') : t(`photo.${state}`)}
        </span>
      </span>
      <span className="row wrap">
        {state === 'lost' && (
          <button type="button" className="button" onClick={photos.retry}>
            {t('photo.retry')}
          </button>
        )}
        <button
          type="button"
          className="button quiet"
          aria-label={t('photo.remove_n', { n })}
          onClick={() => photos.remove(photoId)}
        >
          {t('photo.remove')}
        </button>
      </span>
    </li>
  )
}

function Preview({ blob, alt }: { readonly blob: Blob; readonly alt: string }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url === null ? <span className="photo-preview" /> : <img className="photo-preview" src={url} alt={alt} />
}

function CameraMark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      aria-hidden="true"
    >
      <path d="M2.5 6.5h3l1.4-2h6.2l1.4 2h3v9.5h-15z" strokeLinejoin="round" />
      <circle cx="10" cy="11" r="3" />
    </svg>
  )
}
