import { type ReactNode, useId } from 'react'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { type Draft, type Faults, type NumberKey, numberRanges, type PlacedSentence } from './settings-draft.ts'

/** What every part of the form is given. */
export interface FormPart {
  readonly draft: Draft
  readonly faults: Faults
  readonly placed: readonly PlacedSentence[]
  readonly onChange: (change: Partial<Draft>) => void
}

export function useFaultText({
  faults,
  placed,
}: Pick<FormPart, 'faults' | 'placed'>): (field: string) => string | null {
  const { t, tag } = useText()
  const number = new Intl.NumberFormat(tag)
  return (field) => {
    const fault = faults[field]
    if (fault?.kind === 'missing') return t('night.s.missing')
    if (fault?.kind === 'range') {
      const ends = { min: number.format(fault.min), max: number.format(fault.max) }
      return fault.isWhole ? t('night.s.whole', ends) : t('night.s.range', ends)
    }
    return placed.find((one) => one.field === field)?.sentence ?? null
  }
}

/** A label, a control and what is wrong with it or what it means. */
export function Field({
  label,
  hint,
  wrong,
  children,
}: {
  readonly label: string
  readonly hint?: string
  readonly wrong: string | null
  readonly children: (control: {
    readonly id: string
    readonly 'aria-invalid': boolean
    readonly 'aria-describedby': string | undefined
  }) => ReactNode
}) {
  const id = useId()
  const about = hint !== undefined || wrong !== null ? `${id}-about` : undefined
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-invalid': wrong !== null, 'aria-describedby': about })}
      {about !== undefined && (
        <div id={about}>
          {wrong !== null && <p className="wrong">{wrong}</p>}
          {hint !== undefined && <p className="hint">{hint}</p>}
        </div>
      )}
    </div>
  )
}

export function NumberField({ field, ...part }: FormPart & { readonly field: NumberKey }) {
  const { t } = useText()
  const faultText = useFaultText(part)
  return (
    <Field label={t(`night.s.${field}`)} hint={t(`night.s.${field}_how`)} wrong={faultText(field)}>
      {(control) => (
        <input
          {...control}
          inputMode={numberRanges[field].isWhole ? 'numeric' : 'decimal'}
          value={part.draft[field]}
          onChange={(event) => part.onChange({ [field]: event.target.value })}
        />
      )}
    </Field>
  )
}
