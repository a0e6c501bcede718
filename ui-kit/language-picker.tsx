import { type LanguageCode, languageNames, languages, setLanguage, useText } from './i18n/text.ts'

export function LanguagePicker() {
  const { t, language } = useText()
  return (
    <select
      className="select language"
      aria-label={t('app.language')}
      value={language}
      onChange={(event) => void setLanguage(event.target.value as LanguageCode)}
    >
      {languages.map((code) => (
        <option key={code} value={code} lang={code}>
          {languageNames[code]}
        </option>
      ))}
    </select>
  )
}
