import { useText } from '../../../ui-kit/i18n/text.ts'
import { Field, type FormPart, NumberField, useFaultText } from './fields.tsx'

export function TimeFields(part: FormPart) {
  const { t } = useText()
  const faultText = useFaultText(part)
  const { draft, onChange } = part
  return (
    <fieldset className="card stack">
      <legend>{t('night.s.when')}</legend>
      <div className="field-grid">
        {(['planAt', 'reportAt'] as const).map((field) => (
          <Field key={field} label={t(`night.s.${field}`)} hint={t(`night.s.${field}_how`)} wrong={faultText(field)}>
            {(control) => (
              <input
                {...control}
                type="time"
                value={draft[field]}
                onChange={(event) => onChange({ [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <NumberField {...part} field="planSeconds" />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={draft.publishBySelf}
          onChange={(event) => onChange({ publishBySelf: event.target.checked })}
        />
        <span>
          {t('night.s.publishBySelf')} <span className="hint small soft">{t('night.s.publishBySelf_how')}</span>
        </span>
      </label>
    </fieldset>
  )
}
