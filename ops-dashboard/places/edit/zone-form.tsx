import { useId } from 'react'
import type { ZoneKind } from '../../../contracts/http/zones.ts'
import { useText } from '../../../ui-kit/i18n/text.ts'
import { zoneKinds } from '../zone-kinds.ts'
import { faultsOf, fieldsOf, longestName, ranges, type ZoneForm } from './zone-form-state.ts'

/** Name and numbers of a zone. The kind is chosen for a new one only. */
export function ZoneFields({
  form,
  isNew,
  showMissing,
  onChange,
  onKind,
}: {
  readonly form: ZoneForm
  readonly isNew: boolean
  /** The person tried to save: say what is missing too. */
  readonly showMissing: boolean
  readonly onChange: (form: ZoneForm) => void
  readonly onKind: (kind: ZoneKind) => void
}) {
  const { t } = useText()
  const id = useId()
  const faults = faultsOf(form).filter(({ why }) => showMissing || why !== 'missing')
  const wrongOf = (field: string) => {
    const fault = faults.find((one) => one.field === field)
    if (fault === undefined) return null
    const range = fault.field === 'name' ? {} : ranges[fault.field]
    return t(`zones.fault.${fault.why}`, { ...range, capacity: form.capacity })
  }
  return (
    <div className="stack">
      {isNew && (
        <div className="field">
          <label htmlFor={`${id}-kind`}>{t('places.kind')}</label>
          <select id={`${id}-kind`} value={form.kind} onChange={(event) => onKind(event.target.value as ZoneKind)}>
            {zoneKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`places.kind.${kind}`)}
              </option>
            ))}
          </select>
        </div>
      )}
      <div className="field">
        <label htmlFor={`${id}-name`}>{t('places.name')}</label>
        <input
          id={`${id}-name`}
          value={form.name}
          maxLength={longestName}
          autoComplete="off"
          aria-invalid={wrongOf('name') !== null}
          aria-describedby={wrongOf('name') === null ? undefined : `${id}-name-wrong`}
          onChange={(event) => onChange({ ...form, name: event.target.value })}
        />
        {wrongOf('name') !== null && (
          <span id={`${id}-name-wrong`} className="wrong">
            {wrongOf('name')}
          </span>
        )}
      </div>
      <div className="zone-numbers">
        {fieldsOf(form.kind).map((field) => (
          <div className="field" key={field}>
            <label htmlFor={`${id}-${field}`}>{t(`zones.field.${field}`)}</label>
            <input
              id={`${id}-${field}`}
              inputMode="numeric"
              autoComplete="off"
              value={form[field]}
              aria-invalid={wrongOf(field) !== null}
              aria-describedby={wrongOf(field) === null ? undefined : `${id}-${field}-wrong`}
              onChange={(event) => onChange({ ...form, [field]: event.target.value })}
            />
            {wrongOf(field) !== null && (
              <span id={`${id}-${field}-wrong`} className="wrong">
                {wrongOf(field)}
              </span>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}
