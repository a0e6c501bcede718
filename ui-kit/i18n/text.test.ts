import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { refusals } from '../../contracts/refusals.ts'
import { words as englishScreens } from './rider-screens/en.ts'
import { words as dutchScreens } from './rider-screens/nl.ts'
import { words as chineseScreens } from './rider-screens/zh.ts'
import { riderTexts } from './rider-texts.ts'
import { preferredLanguage, speak } from './text.ts'

type Texts = Readonly<Record<string, string>>
/** Every file of a language; a key stands in one of them only. */
function textsOf(language: string): Texts {
  const folder = new URL(`./${language}/`, import.meta.url)
  const entries = readdirSync(folder).flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Texts),
  )
  expect(entries.length).toBe(new Set(entries.map(([key]) => key)).size)
  return Object.fromEntries(entries)
}
const english = textsOf('en')
const others: Readonly<Record<string, Texts>> = { nl: textsOf('nl'), zh: textsOf('zh') }
const placeholders = (text: string | undefined) =>
  [...(text ?? '').matchAll(/\{\{\w+\}\}/g)].map(([name]) => name).sort()

describe.each(Object.entries(others))('the texts in %s', (language, texts) => {
  it('say everything that the English ones say, and nothing else', () => {
    // Chinese has one plural form
    const expected = Object.keys(english).filter((key) => language !== 'zh' || !key.endsWith('_one'))
    expect(Object.keys(texts).sort()).toEqual(expected.sort())
  })
  it('keep every placeholder', () => {
    const different = Object.keys(texts).filter(
      (key) => placeholders(texts[key]).join() !== placeholders(english[key]).join(),
    )
    expect(different).toEqual([])
  })
})

it.each(Object.entries({ en: englishScreens, nl: dutchScreens, zh: chineseScreens }))(
  "brings every late part with the rider's screens in %s",
  (language, words) => {
    const parts = Object.keys(riderTexts.late).map((part) => {
      const file = new URL(`./${language}/${part}.json`, import.meta.url)
      return JSON.parse(readFileSync(file, 'utf8')) as Texts
    })
    expect(words).toEqual(Object.assign({}, ...parts))
  },
)

describe('a refusal', () => {
  // Two clauses at least: what happened, and what to do next. Chinese joins them with a comma.
  const clauses: Readonly<Record<string, RegExp>> = {
    en: /[.!?:](?=\s|$)/g,
    nl: /[.!?:](?=\s|$)/g,
    zh: /[，。！？；：]/g,
  }
  const spoken = Object.entries({ en: english, ...others })
  it.each(Object.keys(refusals))('%s says what happened and what to do next, in every language', (code) => {
    for (const [language, texts] of spoken) {
      const sentence = texts[`refusal.${code}`] ?? ''
      expect([...sentence.matchAll(clauses[language] ?? /$/g)].length, `${language}: ${sentence}`).toBeGreaterThan(1)
    }
  })
})

describe('a translator', () => {
  const texts = { 'home.count_one': '{{count}} bike', 'home.count_other': '{{count}} bikes', 'app.again': 'Again' }
  it('chooses the plural of the language', () => {
    const { t } = speak('en', texts)
    expect([0, 1, 2].map((count) => t('home.count', { count }))).toEqual(['0 bikes', '1 bike', '2 bikes'])
    expect(speak('zh', { 'home.count_other': '{{count}} 辆' }).t('home.count', { count: 1 })).toBe('1 辆')
  })
  it('says something known for a code it does not know', () => {
    expect(speak('en', texts).ofCode('failure.new_kind', 'app.again')).toBe('Again')
  })
})

it('follows the person before the device, and the device before English', () => {
  expect(preferredLanguage('zh', ['nl-NL'])).toBe('zh')
  expect(preferredLanguage(null, ['fr-FR', 'nl-BE'])).toBe('nl')
  expect(preferredLanguage('xx', ['fr'])).toBe('en')
})
