import { useText } from '../../ui-kit/i18n/text.ts'

/** The same as a file for a spreadsheet. `path` with its question. */
export function CsvLink({ path, of }: { readonly path: string; readonly of: string }) {
  const { t } = useText()
  return (
    <a className="button quiet small csv" href={`${path}&format=csv`} download>
      {t('numbers.csv')}
      <span className="visually-hidden">: {of}</span>
    </a>
  )
}
