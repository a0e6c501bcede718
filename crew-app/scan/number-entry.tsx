import { useText } from '../../ui-kit/i18n/text.ts'
import { useTypedCode } from '../../ui-kit/scan/use-typed-code.ts'

/** The number of a bike whose sticker cannot be scanned. */
export function NumberEntry({ onNumber }: { readonly onNumber: (numberOrCode: string) => void }) {
  const { t } = useText()
  const { id, helpId, wrong, isEmpty, onSubmit, field, clear } = useTypedCode((code) => {
    clear()
    onNumber(code)
  })
  return (
    <form className="field" onSubmit={onSubmit} noValidate>
      <label htmlFor={id}>{t('crew.number.label')}</label>
      <div className="row">
        <input {...field} className="number" inputMode="numeric" enterKeyHint="done" />
        <button type="submit" className="button" disabled={isEmpty}>
          {t('crew.ok')}
        </button>
      </div>
      <p
        id={helpId}
        className={wrong === null ? 'visually-hidden' : 'wrong'}
        role={wrong === null ? undefined : 'alert'}
      >
        {wrong === null ? t('crew.number.hint') : t(`crew.number.${wrong}`)}
      </p>
    </form>
  )
}
