import { describe, expect, it } from 'vitest'
import { refusals } from '../../contracts/refusals.ts'
import enCrew from './en/crew.json'
import enDesk from './en/desk.json'
import enNight from './en/night.json'
import enOps from './en/ops.json'
import enRider from './en/rider.json'
import enShared from './en/shared.json'
import nlCrew from './nl/crew.json'
import nlDesk from './nl/desk.json'
import nlNight from './nl/night.json'
import nlOps from './nl/ops.json'
import nlRider from './nl/rider.json'
import nlShared from './nl/shared.json'
import { preferredLanguage, speak } from './text.ts'
import zhCrew from './zh/crew.json'
import zhDesk from './zh/desk.json'
import zhNight from './zh/night.json'
import zhOps from './zh/ops.json'
import zhRider from './zh/rider.json'
import zhShared from './zh/shared.json'

type Texts = Readonly<Record<string, string>>
const english: Texts = { ...enShared, ...enRider, ...enOps, ...enCrew, ...enNight, ...enDesk }
const others: Readonly<Record<string, Texts>> = {
  nl: { ...nlShared, ...nlRider, ...nlOps, ...nlCrew, ...nlNight, ...nlDesk },
  zh: { ...zhShared, ...zhRider, ...zhOps, ...zhCrew, ...zhNight, ...zhDesk },
}
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

it('has a sentence for every refusal', () => {
  expect(Object.keys(refusals).filter((code) => !(`refusal.${code}` in enShared))).toEqual([])
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
