import { useText } from '../../ui-kit/i18n/text.ts'
import { useTypedCode } from '../../ui-kit/scan/use-typed-code.ts'

/** A bike's number or code, typed. */
export function NumberEntry({ label, onCode }: { readonly label: string; readonly onCode: (code: string) => void }) {
  const { t } = useText()
  const { id, helpId, wrong, isEmpty, onSubmit, field } = useTypedCode(onCode)
  return (
    <form className="field" onSubmit={onSubmit} noValidate>
      <label htmlFor={id}>{label}</label>
      <div className="row">
        <input {...field} autoCapitalize="characters" enterKeyHint="go" placeholder="12 345" />
        <button type="submit" className="button" disabled={isEmpty}>
          {t('number.go')}
        </button>
      </div>
      <p id={helpId} className={wrong === null ? 'hint' : 'wrong'} role={wrong === null ? undefined : 'alert'}>
        {wrong === null ? t('number.hint') : t(`number.${wrong}`)}
      </p>
    </form>
  )
}
